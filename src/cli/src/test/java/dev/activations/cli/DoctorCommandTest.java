package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.Devices;
import dev.activations.api.Finding;
import dev.activations.cli.Checkup.State;
import dev.activations.spi.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final Finding MISSING =
      Finding.unusable("cuda", "cuda", "any GPU", "There is no driver.", "Install one.");
  private static final Finding GLASS =
      Finding.usable(new BrittleDevice(0, Optional.empty()), "It is there.");

  @TempDir Path dir;

  @Test
  void whatIsMissingIsToldWithHowAndWhatMendsIt() {
    Ran ran = Ran.on(new FixedDevices(List.of(MISSING, GLASS)), "doctor");
    assertEquals(0, ran.code(), ran.out());
    assertTrue(
        ran.out()
            .contains(
                """
                missing  cuda        any GPU: There is no driver.
                           how       libcuda is loaded by way of JCuda, and asked for GPUs
                           mend      Install one.
                ok       test:0      glass: It is there.
                ok       choice      test:0 (glass): the first
                """),
        ran.out());
    assertTrue(ran.out().startsWith("ok       java        " + Runtime.version()), ran.out());
  }

  @Test
  void withoutADeviceSomethingIsBroken() {
    Ran ran = Ran.on(new FixedDevices(List.of(MISSING)), "doctor");
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("broken   choice      no usable device matches any\n"));
    assertEquals("", ran.err());
  }

  @Test
  void jsonHoldsTheSameOfTheRealDevices() throws IOException {
    List<Map<?, ?>> all =
        JSON.std.listFrom(Ran.command("doctor", "--json").out()).stream()
            .<Map<?, ?>>map(each -> (Map<?, ?>) each)
            .toList();
    assertEquals(
        Stream.of(
                Stream.of("java", "memory"),
                Devices.findings().stream().map(Finding::id),
                Stream.of("choice", "cache", "temporary", "drawing"))
            .flatMap(each -> each)
            .toList(),
        all.stream().map(each -> each.get("subject")).toList());
    for (Map<?, ?> each : all) {
      assertEquals(List.of("state", "subject", "found", "how", "mend"), List.copyOf(each.keySet()));
      assertEquals("ok".equals(each.get("state")), "".equals(each.get("mend")), each.toString());
    }
  }

  @Test
  void littleMemoryIsBroken() {
    assertEquals(State.OK, Checkup.memory(128L << 20).state());
    Checkup little = Checkup.memory(64L << 20);
    assertEquals(State.BROKEN, little.state());
    assertTrue(little.found().startsWith("the heap may have 64 MiB"), little.found());
    assertTrue(little.mend().contains("-Xmx"), little.mend());
  }

  @Test
  void aCacheThatOthersCanWriteToIsBroken() throws IOException {
    Path directory = dir.resolve("cache");
    assertEquals(State.OK, Checkup.cache(Cache.in(directory)).state());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Checkup open = Checkup.cache(Cache.in(directory));
    assertEquals(State.BROKEN, open.state());
    assertTrue(open.mend().startsWith("'chmod go-w %s'".formatted(directory)), open.mend());
  }

  @Test
  void aTemporaryDirectoryThatIsNotThereIsBroken() {
    assertEquals(State.OK, Checkup.temporary(dir).state());
    assertEquals(0, dir.toFile().list().length, "nothing is left there");
    Checkup absent = Checkup.temporary(dir.resolve("absent"));
    assertEquals(State.BROKEN, absent.state());
    assertTrue(absent.found().contains("absent cannot be written to"), absent.found());
  }

  @Test
  void aTemporaryDirectoryMountedNoexecIsBroken() throws IOException {
    Path mounts = Path.of("/proc/mounts");
    assumeTrue(Files.exists(mounts), "only Linux tells what is mounted how");
    Optional<Path> noexec =
        Files.readAllLines(mounts).stream()
            .map(line -> line.split(" "))
            .filter(words -> List.of(words[3].split(",")).contains("noexec"))
            .map(words -> Path.of(words[1]))
            .filter(path -> path.startsWith("/dev/shm") || path.startsWith("/run"))
            .filter(Files::isWritable)
            .findFirst();
    assumeTrue(noexec.isPresent(), "no directory here is mounted noexec and writable");
    Checkup checkup = Checkup.temporary(noexec.get());
    assertEquals(State.BROKEN, checkup.state());
    assertTrue(checkup.found().endsWith("it is mounted noexec"), checkup.found());
  }
}
