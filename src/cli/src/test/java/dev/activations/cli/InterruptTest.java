package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {
  private static final long ELEMENTS = 1L << 34;

  @TempDir Path dir;

  @Test
  @Timeout(60)
  void anInterruptLeavesNoFile() throws IOException, InterruptedException {
    Path in = sparse(dir.resolve("x.npy"));
    Path out = dir.resolve("y.npy");
    Process process =
        ProcessTest.command(List.of(), "apply", "relu", in.toString(), out.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (files().size() < 2) {
        assertTrue(process.isAlive(), "it ended before it wrote anything");
        Thread.sleep(10);
      }
      process.destroy();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(List.of(in), files());
  }

  /** 64 GiB of zeros that take no room on the disk, so that the work does not end by itself. */
  private static Path sparse(Path file) throws IOException {
    byte[] header = Npy.file("<f4", "(%d,)".formatted(ELEMENTS));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(header));
      channel.write(ByteBuffer.allocate(1), header.length + ELEMENTS * Float.BYTES - 1);
    }
    return file;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }
}
