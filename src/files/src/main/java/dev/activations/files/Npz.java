package dev.activations.files;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's archive: a zip of {@code .npy} files, each named after its array. What is in it stands at
 * the end of a zip, so that it is read from a file; one array is then read from first to last, and
 * its checksum compared.
 */
final class Npz {
  private static final String ENDING = ".npy";

  /** Deflate makes no more than this of a byte. */
  private static final long MOST_INFLATION = 1032;

  /** Equal arrays are to give equal files; zip's time begins here. */
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /** Reads the array chosen, or the only one, stored or deflated. */
  static TensorReader reader(Input in, ReadOptions options) throws IOException {
    ZipFile zip = open(in);
    try {
      Map<String, ZipEntry> arrays = new LinkedHashMap<>();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (name.endsWith(ENDING)) {
          arrays.putIfAbsent(name.substring(0, name.length() - ENDING.length()), entry);
        }
      }
      String name = Names.choose(in, options.tensor(), arrays.keySet());
      Input array = array(in, zip, arrays.get(name), name);
      return new ElementReader(array, NpyHeader.read(array), Optional.of(name), options.as(), 0);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** Writes one array, without compression, which numbers hardly give way to. */
  static TensorWriter writer(WritableByteChannel to, String file, Tensor tensor)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(to));
    // Not "stored": that wants the checksum before the bytes.
    zip.setLevel(Deflater.NO_COMPRESSION);
    try {
      ZipEntry entry = new ZipEntry(tensor.name() + ENDING);
      entry.setTimeLocal(EPOCH);
      zip.putNextEntry(entry);
    } catch (IllegalArgumentException e) {
      throw InputException.in(
          file, "a .npz cannot name an array '%s'", InputException.shown(tensor.name()));
    }
    TensorWriter array = Npy.writer(Channels.newChannel(zip), file, tensor);
    return new TensorWriter() {
      @Override
      public void write(ByteBuffer elements) throws IOException {
        array.write(elements);
      }

      @Override
      public void finish() throws IOException {
        array.finish();
        zip.finish();
      }
    };
  }

  private static ZipFile open(Input in) throws IOException {
    try {
      return new ZipFile(in.file().toFile());
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw in.wrong("expected a .npz file, which is a zip of .npy files: %s", why(e));
    }
  }

  private static Input array(Input in, ZipFile zip, ZipEntry entry, String name)
      throws IOException {
    String label = "%s[%s]".formatted(in.name(), InputException.shown(name));
    long packed = entry.getCompressedSize();
    if (packed > Files.size(in.file()) || entry.getSize() / MOST_INFLATION > packed) {
      throw InputException.in(
          label, "damaged zip: %d bytes cannot come of %d", entry.getSize(), packed);
    }
    try {
      return Input.of(new Entry(in, zip, entry, label), label, entry.getSize());
    } catch (ZipException | EOFException e) {
      throw damaged(label, e);
    }
  }

  private static InputException damaged(String label, IOException e) {
    return InputException.in(label, "damaged zip: %s", why(e));
  }

  /** Java says nothing where a part of a zip would lie beyond its end. */
  private static String why(Exception e) {
    return e.getMessage() == null ? "it ends early" : InputException.shown(e.getMessage());
  }

  /** The bytes of an entry, which are checked at their end. It owns the zip and its input. */
  private static final class Entry extends FilterInputStream {
    private final Input owner;
    private final ZipFile zip;
    private final ZipEntry entry;
    private final String label;
    private final CRC32 sum = new CRC32();

    Entry(Input owner, ZipFile zip, ZipEntry entry, String label) throws IOException {
      super(zip.getInputStream(entry));
      this.owner = owner;
      this.zip = zip;
      this.entry = entry;
      this.label = label;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count;
      try {
        count = super.read(target, offset, length);
      } catch (ZipException | EOFException e) {
        throw damaged(label, e);
      }
      if (count >= 0) {
        sum.update(target, offset, count);
      } else if (sum.getValue() != entry.getCrc()) {
        throw InputException.in(label, "damaged zip: the bytes do not have the checksum it gives");
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      zip.close();
      owner.close();
    }
  }
}
