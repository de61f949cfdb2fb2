package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.activations.api.DeviceException;
import dev.activations.api.Finding;
import dev.activations.spi.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the search for devices finds, with a driver and without. */
class CudaBackendTest {
  private static final String NO_DRIVER =
      "cuda (the NVIDIA driver): not usable. No NVIDIA driver is installed: its library,"
          + " libcuda.so.1, was not found. Remedy: Install the NVIDIA driver (on Debian 'apt-get"
          + " install nvidia-driver'); in a container, run it with the NVIDIA container toolkit"
          + " ('docker run --gpus all').";

  @TempDir Path directory;

  @Test
  void serviceLoaderFindsTheBackEnd() {
    assertTrue(
        ServiceLoader.load(Backend.class).stream()
            .anyMatch(backend -> backend.type() == CudaBackend.class));
  }

  @Test
  void everyFindingExplainsItself() {
    List<Finding> findings = new CudaBackend().probe();
    assertFalse(findings.isEmpty());
    for (Finding finding : findings) {
      assertTrue(finding.id().matches(finding.isUsable() ? "cuda:\\d+" : "cuda(:\\d+)?"));
      assertTrue(finding.reason().endsWith("."), finding.reason());
    }
    assertEquals(findings.toString(), new CudaBackend().probe().toString());
  }

  @Test
  void missingDriverIsNamedWhateverLiesInTheTemporaryDirectory() throws Exception {
    assumeFalse(driverIsInstalled(), "this machine has libcuda.so.1");
    // JCuda alone would load this file, since it has the name that JCuda gives its library.
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    String name = LibUtils.createLibraryFileName(platformName());
    Path planted = Files.writeString(temporary.resolve(name), "not a library");

    Output output = child("-Djava.io.tmpdir=" + temporary);
    String finding = "[" + NO_DRIVER + "]";
    assertEquals(List.of(finding, finding), output.text.lines().toList());
    assertEquals("", output.errors);
    assertEquals("not a library", Files.readString(planted));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(planted), left.toList());
    }
  }

  @Test
  void temporaryDirectoryThatIsNoneIsNamed() throws Exception {
    assumeFalse(driverIsInstalled(), "this machine has libcuda.so.1");
    Path missing = directory.resolve("missing");
    Output output = child("-Djava.io.tmpdir=" + missing);
    assertTrue(output.text.contains("JCuda's library cannot be loaded"), output.text);
    assertTrue(output.text.contains("NoSuchFileException: " + missing), output.text);
    assertEquals(1, output.text.lines().distinct().count(), output.text);
  }

  @Test
  void directoryThatForbidsExecutionIsNamed() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("noexec"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", mount.toString()) == 0,
        "only root may mount");
    try {
      Output output = child("-Djava.io.tmpdir=" + mount);
      assertTrue(
          output.text.contains(
              "The directory %s does not allow its files to be executed".formatted(mount)),
          output.text);
      assertTrue(output.text.contains("Remedy: Name another directory"), output.text);
      assertEquals(1, output.text.lines().distinct().count(), output.text);
    } finally {
      run("umount", mount.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Searches twice. */
  static final class Search {
    public static void main(String[] arguments) {
      System.out.println(new CudaBackend().probe());
      System.out.println(new CudaBackend().probe());
    }
  }

  @Test
  void failuresToLoadAreToldApart() {
    Obstacle platform =
        Library.diagnose(
            new UnsatisfiedLinkError("java.io.IOException: No resource found with name '/lib/x'"));
    assertTrue(platform.reason().contains(System.getProperty("os.arch")), platform.reason());
    assertTrue(platform.remedy().contains("windows-x86_64"), platform.remedy());

    Obstacle other =
        Library.diagnose(
            new UnsatisfiedLinkError(
                "Error while loading native library \"JCudaDriver\"\n"
                    + "java.lang.UnsatisfiedLinkError: no JCudaDriver in java.library.path: /usr\n"
                    + "\tat java.base/...\n"
                    + "java.lang.UnsatisfiedLinkError: /x/libJCudaDriver.so: file too short\n"));
    assertEquals(
        "JCuda's library cannot be loaded: java.lang.UnsatisfiedLinkError: /x/libJCudaDriver.so:"
            + " file too short.",
        other.reason());
    assertTrue(other.remedy().contains("-Djava.io.tmpdir"), other.remedy());

    Obstacle noexec =
        Library.diagnose(
            new UnsatisfiedLinkError("/x/a.so: failed to map segment from shared object"));
    assertTrue(noexec.reason().contains("mounted noexec"), noexec.reason());

    // What a program sees that touched JCuda before in vain.
    Obstacle later =
        Library.diagnose(
            new NoClassDefFoundError("Could not initialize class jcuda.driver.JCudaDriver"));
    assertTrue(later.reason().contains("Could not initialize class"), later.reason());
  }

  @Test
  void driversThatDoNotStartAreToldApart() {
    assertTrue(CudaBackend.obstacle(CUresult.CUDA_SUCCESS).isEmpty());
    assertObstacle(CUresult.CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "nvidia-smi");
    assertObstacle(CUresult.CUDA_ERROR_STUB_LIBRARY, "STUB_LIBRARY (34)", "LD_LIBRARY_PATH");
    assertObstacle(CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, "MISMATCH (803)", "restart");
    assertObstacle(CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE, "(804)", "compatibility");
    assertObstacle(CUresult.CUDA_ERROR_SYSTEM_NOT_READY, "(802)", "nvidia-fabricmanager");
    assertObstacle(CUresult.CUDA_ERROR_UNKNOWN, "CUDA_ERROR_UNKNOWN (999)", "nvidia-uvm");
    Obstacle old = CudaBackend.tooOld(9_020);
    assertEquals("The NVIDIA driver offers CUDA 9.2; 10.0 is needed.", old.reason());
  }

  private static void assertObstacle(int code, String reason, String remedy) {
    Obstacle obstacle = CudaBackend.obstacle(code).orElseThrow();
    assertTrue(obstacle.reason().contains(reason), obstacle.reason());
    assertTrue(obstacle.remedy().contains(remedy), obstacle.remedy());
  }

  @Test
  void devicesThatCannotBeUsedSayWhy() {
    Finding kepler = CudaBackend.finding(new CudaDevice(1, description(3, 7, false)));
    assertFalse(kepler.isUsable());
    assertEquals("cuda:1", kepler.id());
    assertEquals("The device has compute capability 3.7; 6.0 is needed.", kepler.reason());
    Finding prohibited = CudaBackend.finding(new CudaDevice(0, description(9, 0, true)));
    assertTrue(prohibited.remedy().contains("--compute-mode=DEFAULT"), prohibited.remedy());

    Finding pascal = CudaBackend.finding(new CudaDevice(0, description(6, 0, false)));
    assertEquals("cuda:0 (a GPU)", pascal.device().orElseThrow().toString());
    assertEquals("CUDA 12.4", pascal.device().get().properties().get("driver"));
    assertTrue(pascal.device().get().caveat().isEmpty());
  }

  private static Description description(int major, int minor, boolean prohibited) {
    return new Description(
        "a GPU", 12_040, major, minor, prohibited, 56, 1L << 34, "GPU-0", "0000:00:00.0");
  }

  @Test
  void failuresNameTheCallTheCodeAndWhatToDo() {
    Status.check("cuMemAlloc", CUresult.CUDA_SUCCESS);
    DeviceException lost =
        assertThrows(
            DeviceException.class,
            () -> Status.check("cuStreamSynchronize", CUresult.CUDA_ERROR_ILLEGAL_ADDRESS));
    assertEquals("cuStreamSynchronize", lost.call());
    assertEquals(700, lost.code());
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", lost.symbol());
    assertTrue(lost.getMessage().contains("context is lost"), lost.getMessage());
    // What a lost context took need not be given back, but nothing else is passed over.
    Status.checkRelease("cuMemFree", CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
    assertThrows(
        DeviceException.class,
        () -> Status.checkRelease("cuMemFree", CUresult.CUDA_ERROR_INVALID_VALUE));
  }

  private static boolean driverIsInstalled() {
    try {
      byte[] cache = Files.readAllBytes(Path.of("/etc/ld.so.cache"));
      return new String(cache, StandardCharsets.ISO_8859_1).contains("libcuda.so.1")
          || System.getenv("LD_LIBRARY_PATH") != null;
    } catch (IOException e) {
      return true; // A system that keeps no such list is not the one that the test knows.
    }
  }

  private static String platformName() {
    return LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get());
  }

  private record Output(String text, String errors) {}

  /** Searches in a Java of its own. */
  private Output child(String option) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    String classes = System.getProperty("java.class.path");
    command.addAll(List.of(option, "-cp", classes, Search.class.getName()));
    Path text = directory.resolve("stdout");
    Path errors = directory.resolve("stderr");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(text.toFile())
            .redirectError(errors.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child does not end");
    return new Output(Files.readString(text), Files.readString(errors));
  }
}
