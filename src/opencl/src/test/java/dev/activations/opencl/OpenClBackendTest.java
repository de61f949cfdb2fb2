package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Backend;
import dev.activations.verify.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the search for devices finds, with drivers and without. */
class OpenClBackendTest {
  @TempDir Path directory;

  @Test
  void devicesOfThisMachineAreFoundAndDescribed() {
    for (OpenClDevice device : OpenClDevices.all()) {
      assertTrue(device.id().matches("opencl:\\d+"), device.id());
      assertEquals("opencl", device.backend());
      assertFalse(device.name().isBlank());
      for (String property :
          List.of("platform", "driver", "version", "language", "compute units", "float32")) {
        assertFalse(device.properties().get(property).isBlank(), property);
      }
      assertTrue(device.description().globalMemory() >= device.description().maxAllocation());
      assertTrue(device.description().maxAllocation() > 0);
    }
  }

  @Test
  void poclKeepsThePromise() {
    for (OpenClDevice device : OpenClDevices.all()) {
      if (device.description().platform().contains("Portable Computing Language")) {
        assertEquals(Device.Type.CPU, device.type());
        assertTrue(device.caveat().isEmpty(), () -> device.caveat().get());
      }
    }
  }

  @Test
  void serviceLoaderFindsTheBackEnd() {
    assertTrue(
        ServiceLoader.load(Backend.class).stream()
            .anyMatch(backend -> backend.type() == OpenClBackend.class));
  }

  @Test
  void missingLoaderIsNamedAndNothingIsTouched() throws Exception {
    Output output = child(List.of("-verbose:class"), Missing.class, "OCL_ICD_VENDORS=unused");
    assertTrue(output.text.contains("libOpenCL.so.1, is not installed"), output.text);
    assertTrue(output.text.contains("apt-get install ocl-icd-libopencl1"), output.text);
    assertTrue(output.text.contains("dev.activations.opencl.Loader "), "classes are not listed");
    assertFalse(output.text.contains("org.jocl.CL "), "JOCL was touched");
    assertEquals("", output.errors);
  }

  /** Searches without a loader. */
  static final class Missing {
    public static void main(String[] arguments) {
      Loader nowhere = new Loader(true, List.of(Path.of("/nowhere")), Path.of("/nowhere/cache"));
      System.out.println(new OpenClBackend(nowhere).probe());
    }
  }

  @Test
  void missingDriverIsNamed() throws Exception {
    Output output = child(Search.class, "OCL_ICD_VENDORS=" + directory);
    assertTrue(output.text.contains("CL_PLATFORM_NOT_FOUND_KHR"), output.text);
    assertTrue(output.text.contains("OCL_ICD_VENDORS names " + directory), output.text);
    assertTrue(output.text.contains("apt-get install pocl-opencl-icd"), output.text);
    assertEquals("", output.errors);
  }

  @Test
  void driverWithoutDevicesIsNamed() throws Exception {
    Output output = child(Search.class, "POCL_DEVICES=");
    assumeTrue(output.text.contains("Portable Computing Language"), "PoCL is not installed");
    assertTrue(output.text.contains("The driver has no device."), output.text);
    assertTrue(output.text.contains("'render' and 'video'"), output.text);
    assertEquals("", output.errors);
  }

  @Test
  void devicesAreCountedOn() throws Exception {
    Output output = child(Search.class, "POCL_DEVICES=basic basic");
    assumeTrue(output.text.contains("(basic-"), "PoCL is not installed");
    assertTrue(output.text.contains("opencl:0 (") && output.text.contains("opencl:1 ("));
  }

  @Test
  void devicesAndThreadsWorkSideBySide() throws Exception {
    Output output = child(SideBySide.class, "POCL_DEVICES=pthread pthread");
    assumeTrue(output.text.contains("opencl:1"), "PoCL is not installed");
    assertEquals(
        Stream.of(0, 1, 0, 1, 0, 1, 0, 1).map("opencl:%d right"::formatted).toList(),
        output.text.lines().toList(),
        output.errors);
  }

  /** Uses every device by four threads at once. */
  static final class SideBySide {
    public static void main(String[] arguments) throws Exception {
      List<Session> sessions =
          new OpenClBackend()
              .probe().stream().flatMap(f -> f.device().stream()).map(Device::open).toList();
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<String>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Session session = sessions.get(i % sessions.size());
        Op op = Op.of(i < 4 ? Kind.GELU : Kind.SOFTMAX);
        float[] x = new float[1000 + i];
        for (int k = 0; k < x.length; k++) {
          x[k] = (k - 500) * 0.01f;
        }
        done.add(
            threads.submit(
                () -> {
                  float[] y = session.forward(op, x);
                  boolean right = Arrays.equals(Definition.run(op, Direction.FORWARD, x, x), y);
                  return session.device().id() + (right ? " right" : " wrong");
                }));
      }
      for (Future<String> each : done) {
        System.out.println(each.get());
      }
      threads.shutdown();
      sessions.forEach(Session::close);
    }
  }

  @Test
  void librariesThatLieInTheTemporaryDirectoryAreNotTaken() throws Exception {
    // JOCL alone would load these, since they have the name that it gives its library.
    for (String name : List.of("linux-x86_64.so", "linux-arm64.so")) {
      Files.createFile(directory.resolve("libJOCL_2_0_6-" + name));
    }
    Output output = child(List.of("-Djava.io.tmpdir=" + directory), Search.class, "X=y");
    assertEquals(child(Search.class, "X=y").text, output.text);
    assertFalse(output.text.contains("JOCL"), output.text);
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.filter(path -> path.toString().contains("activations")).count());
    }
  }

  @Test
  void directoryThatForbidsExecutionIsNamed() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("noexec"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", mount.toString()) == 0,
        "only root may mount");
    try {
      Output output = child(List.of("-Djava.io.tmpdir=" + mount), Search.class, "X=y");
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

  @Test
  void brokenLoaderIsAFinding() throws Exception {
    for (String name : List.of("libOpenCL.so", "libOpenCL.so.1")) {
      Files.createFile(directory.resolve(name));
    }
    Output output = child(Search.class, "LD_LIBRARY_PATH=" + directory);
    assertTrue(output.text.contains("is there but cannot be opened"), output.text);
    assertTrue(output.text.contains("--reinstall ocl-icd-libopencl1"), output.text);
    // JOCL adds lines of its own, with the words of the dynamic linker.
    List<String> findings = output.text.lines().filter(line -> line.startsWith("[")).toList();
    assertEquals(2, findings.size(), output.text);
    assertEquals(findings.get(0), findings.get(1));
  }

  /** Searches twice. */
  static final class Search {
    public static void main(String[] arguments) {
      System.out.println(new OpenClBackend().probe());
      System.out.println(new OpenClBackend().probe());
    }
  }

  @Test
  void threadsCanBeStoppedTogetherAfterADriverTookTheSignals() throws Exception {
    Output output = child(StopTogether.class, "X=y");
    assertEquals("0: all stopped and went on\n", output.code + ": " + output.text, output.errors);
  }

  /** Searches, computes, and then stops busy threads, all at once, many times. */
  static final class StopTogether {
    private static volatile boolean done;

    public static void main(String[] arguments) throws InterruptedException {
      new OpenClBackend().probe();
      List<Thread> busy = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        busy.add(new Thread(StopTogether::work));
      }
      busy.forEach(Thread::start);
      for (int i = 0; i < 100; i++) {
        Thread.sleep(i == 0 ? 500 : 1);
        System.gc();
      }
      done = true;
      for (Thread thread : busy) {
        thread.join();
      }
      System.out.println("all stopped and went on");
    }

    private static void work() {
      int[] numbers = new int[1000];
      while (!done) {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] += i;
        }
      }
    }
  }

  @Test
  void loaderIsFoundByNameInADirectoryOrInTheCache() throws IOException {
    Path cache = directory.resolve("ld.so.cache");
    Loader loader = new Loader(true, List.of(directory), cache);
    assertTrue(loader.load().isPresent());
    Files.write(cache, new byte[] {0, 'l', 'i', 'b'});
    assertTrue(loader.load().isPresent());
    Files.writeString(cache, "\0\0libOpenCL.so.1\0/usr/lib/libOpenCL.so.1\0");
    assertTrue(loader.load().isEmpty());
    Files.delete(cache);
    Files.createFile(directory.resolve("libOpenCL.so.1"));
    assertTrue(loader.load().isEmpty());
  }

  private record Output(int code, String text, String errors) {}

  private Output child(Class<?> main, String variable) throws Exception {
    return child(List.of(), main, variable);
  }

  /** Runs a class in a Java of its own, whose environment has one variable more. */
  private Output child(List<String> options, Class<?> main, String variable) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Path text = directory.resolve("stdout");
    Path errors = directory.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(text.toFile()).redirectError(errors.toFile());
    String[] assignment = variable.split("=", 2);
    builder.environment().put(assignment[0], assignment[1]);
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child does not end");
    return new Output(process.exitValue(), Files.readString(text), Files.readString(errors));
  }
}
