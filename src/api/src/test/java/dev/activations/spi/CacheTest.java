package dev.activations.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  private static final List<String> KEY = List.of("source", "options");
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path directory;

  private Cache cache() {
    return Cache.in(directory.resolve("a/b"));
  }

  private Path entry() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("a/b"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }

  @Test
  void remembersUnderTheWholeKey() throws IOException {
    Cache cache = cache();
    assertTrue(cache.get(KEY).isEmpty());
    cache.put(KEY, CONTENT);
    assertArrayEquals(CONTENT, cache().get(KEY).orElseThrow());
    assertTrue(cache.get(List.of("sourceoptions")).isEmpty());
    assertTrue(cache.get(List.of("sourceo", "ptions")).isEmpty());
    cache.put(KEY, new byte[0]);
    assertArrayEquals(new byte[0], cache.get(KEY).orElseThrow());
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(entry().getParent())));
  }

  @Test
  void saysWhetherItCanKeepAnything() throws IOException {
    Cache cache = cache();
    cache.check();
    assertEquals(List.of(), List.of(directory.resolve("a/b").toFile().list()));
    Files.setPosixFilePermissions(
        directory.resolve("a/b"), PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException e = assertThrows(IOException.class, cache::check);
    assertTrue(e.getMessage().endsWith("or others can write to it"), e.getMessage());
    Path file = Files.createFile(directory.resolve("file"));
    assertThrows(IOException.class, () -> Cache.in(file.resolve("below")).check());
  }

  @Test
  void brokenEntriesAreMissingUntilTheyAreMadeAnew() throws IOException {
    Cache cache = cache();
    cache.put(KEY, CONTENT);
    byte[] whole = Files.readAllBytes(entry());
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 4;
      Files.write(entry(), flipped);
      assertTrue(cache.get(KEY).isEmpty(), "byte " + i);
      byte[] cut = new byte[i];
      System.arraycopy(whole, 0, cut, 0, i);
      Files.write(entry(), cut);
      assertTrue(cache.get(KEY).isEmpty(), i + " bytes");
    }
    cache.put(KEY, CONTENT);
    assertArrayEquals(CONTENT, cache.get(KEY).orElseThrow());
  }

  @Test
  void entryOfAnotherKeyIsNone() throws IOException {
    Cache cache = cache();
    cache.put(KEY, CONTENT);
    Path first = entry();
    Path kept = Files.move(first, directory.resolve("kept"));
    cache.put(List.of("other"), CONTENT);
    Files.move(kept, entry(), StandardCopyOption.REPLACE_EXISTING);
    assertTrue(cache.get(List.of("other")).isEmpty());
  }

  @Test
  void directoryThatOthersCanWriteToIsNotUsed() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
    Cache cache = cache();
    cache.put(KEY, CONTENT);
    Path folder = entry().getParent();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(cache.get(KEY).isEmpty());
    cache.put(List.of("other"), CONTENT);
    entry(); // the only one
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertTrue(cache.get(KEY).isPresent());
  }

  @Test
  void placeThatCannotBeADirectoryIsNoError() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    Cache cache = Cache.in(file.resolve("under"));
    cache.put(KEY, CONTENT);
    assertTrue(cache.get(KEY).isEmpty());
    Cache blocked = Cache.in(file);
    blocked.put(KEY, CONTENT);
    assertTrue(blocked.get(KEY).isEmpty());
  }

  @Test
  void whatNobodyUsesGoes() throws IOException {
    Cache cache = cache();
    cache.put(KEY, CONTENT);
    Path old = entry();
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(89))));
    assertTrue(cache.get(KEY).isPresent(), "which counts as use");
    cache.put(List.of("new"), CONTENT);
    assertTrue(Files.exists(old));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(91))));
    cache.put(List.of("newer"), CONTENT);
    assertFalse(Files.exists(old));
    assertTrue(cache.get(List.of("new")).isPresent());
  }

  @Test
  void processesShareIt() throws Exception {
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      writers.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.resolve("a/b").toString())
              .inheritIO()
              .start());
    }
    for (Process writer : writers) {
      assertEquals(0, writer.waitFor());
    }
    entry();
    assertTrue(cache().get(KEY).isPresent());
  }

  /** Writes and reads one key again and again; every entry that it sees must be a whole one. */
  static final class Writer {
    public static void main(String[] arguments) {
      Cache cache = Cache.in(Path.of(arguments[0]));
      Random random = new Random();
      for (int i = 0; i < 300; i++) {
        byte[] content = new byte[1 + random.nextInt(100_000)];
        java.util.Arrays.fill(content, (byte) content.length);
        cache.put(KEY, content);
        Optional<byte[]> seen = cache.get(KEY);
        if (seen.isEmpty()) {
          throw new AssertionError("half an entry, or none, at " + i);
        }
        for (byte each : seen.get()) {
          if (each != (byte) seen.get().length) {
            throw new AssertionError("a mixture");
          }
        }
      }
    }
  }
}
