package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void appearsUnderItsNameWholeOrNotAtAll() throws IOException {
    Path target = Files.writeString(dir.resolve("y.csv"), "before");
    try (AtomicFile file = new AtomicFile(target)) {
      write(file, "half");
      assertEquals("before", Files.readString(target));
    }
    assertEquals("before", Files.readString(target));
    replace(target, "after");
    assertEquals("after", Files.readString(target));
    assertEquals(List.of(target), files());
  }

  @Test
  void nameMayBeAsLongAsNamesCanBe() throws IOException {
    Path target = dir.resolve("y".repeat(251) + ".csv");
    replace(target, "1");
    assertEquals(List.of(target), files());
  }

  @Test
  void fileThatOnlyItsOwnerMayReadStaysSo() throws IOException {
    assumeTrue(dir.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path target = Files.writeString(dir.resolve("y.csv"), "secret");
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(target, own);
    try (AtomicFile file = new AtomicFile(target)) {
      write(file, "secret, too");
      for (Path each : files()) {
        assertEquals(own, Files.getPosixFilePermissions(each), each.toString());
      }
      file.commit();
    }
    assertEquals(own, Files.getPosixFilePermissions(target));
  }

  @Test
  void linkIsFollowed() throws IOException {
    Path target = Files.writeString(dir.resolve("there.csv"), "before");
    Path link = Files.createSymbolicLink(dir.resolve("y.csv"), target);
    replace(link, "after");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("after", Files.readString(target));
  }

  private static void replace(Path target, String text) throws IOException {
    try (AtomicFile file = new AtomicFile(target)) {
      write(file, text);
      file.commit();
    }
  }

  private static void write(AtomicFile file, String text) throws IOException {
    file.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }
}
