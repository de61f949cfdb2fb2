package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.activations.api.Dtype;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, a reader gives a tensor or refuses with a message that names the file; it
 * throws nothing else, ends, and believes in no more elements than a file can hold. The everyday
 * run tries the inputs in the resources; {@code ci/fuzz.sh} finds new ones.
 */
class ReadersFuzzTest {
  private static final String DURATION = "5m";

  /** Deflate packs no more than this into a byte. */
  private static final long MOST_INFLATION = 1032;

  private static final int PIECE = 1000;

  @FuzzTest(maxDuration = DURATION)
  void npy(byte[] bytes) throws IOException {
    readOrRefused(Format.NPY, bytes, ReadOptions.NONE);
    readOrRefused(Format.NPY, bytes, ReadOptions.NONE.withType(Dtype.F32));
  }

  @FuzzTest(maxDuration = DURATION)
  void npz(byte[] bytes) throws IOException {
    readOrRefused(Format.NPZ, bytes, ReadOptions.NONE);
    readOrRefused(Format.NPZ, bytes, ReadOptions.NONE.withTensor("y").withType(Dtype.F64));
  }

  @FuzzTest(maxDuration = DURATION)
  void safetensors(byte[] bytes) throws IOException {
    readOrRefused(Format.SAFETENSORS, bytes, ReadOptions.NONE);
    readOrRefused(Format.SAFETENSORS, bytes, ReadOptions.NONE.withTensor("u8").withType(Dtype.F32));
  }

  @FuzzTest(maxDuration = DURATION)
  void csv(byte[] bytes) throws IOException {
    readOrRefused(Format.CSV, bytes, ReadOptions.NONE);
    readOrRefused(Format.CSV, bytes, ReadOptions.NONE.withHeader().withType(Dtype.F64));
  }

  /** The first bytes are the layout. */
  @FuzzTest(maxDuration = DURATION)
  void raw(byte[] bytes) throws IOException {
    if (bytes.length < 1 + 2 * Long.BYTES) {
      return;
    }
    ByteBuffer all = ByteBuffer.wrap(bytes);
    ElementType[] types = ElementType.values();
    ElementType type = types[Byte.toUnsignedInt(all.get()) % types.length];
    RawLayout layout =
        new RawLayout(type, new long[] {all.getLong(), all.getLong()}, ByteOrder.BIG_ENDIAN);
    byte[] rest = new byte[all.remaining()];
    all.get(rest);
    readOrRefused(Format.RAW, rest, ReadOptions.NONE.withLayout(layout));
    readOrRefused(Format.RAW, rest, ReadOptions.NONE.withLayout(layout).withType(Dtype.F64));
  }

  private static void readOrRefused(Format format, byte[] bytes, ReadOptions options)
      throws IOException {
    Path file = Files.createTempFile("fuzz", ".bin");
    try {
      Files.write(file, bytes);
      readOrRefused(format, Input.of(file), bytes.length, options);
      readOrRefused(format, Input.of(new ByteArrayInputStream(bytes), "a pipe"), -1, options);
    } finally {
      Files.delete(file);
    }
  }

  private static void readOrRefused(Format format, Input in, long length, ReadOptions options)
      throws IOException {
    String name = in.name();
    try (TensorReader reader = format.reader(in, options)) {
      long count = reader.count();
      assertTrue(length < 0 || count <= length * MOST_INFLATION, () -> count + " elements");
      ByteBuffer piece =
          ByteBuffer.allocate(PIECE * reader.dtype().bytes()).order(ByteOrder.nativeOrder());
      for (long left = count; left > 0; left -= PIECE) {
        reader.read(piece.limit((int) Math.min(PIECE, left) * reader.dtype().bytes()));
      }
    } catch (InputException e) {
      String message = e.getMessage();
      assertTrue(message.startsWith(name), message);
      assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    }
  }

  /** The seeds are real files; a wrong folder would leave the tests with nothing to try. */
  @Test
  void everyReaderHasInputs() throws IOException {
    for (Format format : Format.values()) {
      String folder = "ReadersFuzzTestInputs/" + format.name().toLowerCase(Locale.ROOT);
      try (Stream<Path> inputs =
          Files.list(Path.of("src/test/resources/dev/activations/files").resolve(folder))) {
        assertTrue(inputs.count() >= 3, folder);
      }
    }
  }
}
