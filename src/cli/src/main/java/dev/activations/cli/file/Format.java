package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The file formats, told apart by the ending of a file's name. */
public enum Format {
  /** NumPy's array file. */
  NPY,
  /** Lines of numbers separated by commas; see {@link CsvReader}. */
  CSV;

  /**
   * Returns the format that a file's name asks for.
   *
   * @throws InputException if the name ends otherwise
   */
  public static Format of(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (Format format : values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw InputException.in(file, "expected a name that ends in .npy or .csv");
  }

  /**
   * Opens a file of this format and checks all that can be checked before its elements are read.
   *
   * @param header whether the first line names the columns; only a {@code .csv} may have it
   * @throws InputException if the file cannot be opened or is not as the format demands
   */
  public TensorReader open(Path file, boolean header) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(file, "expected a regular file, got a directory or a device");
    }
    if (this == NPY && header) {
      throw InputException.in(file, "only a .csv has a header line; leave --header out");
    }
    return this == NPY ? new NpyReader(file) : new CsvReader(file, header);
  }

  /**
   * Returns a writer of elements in this format.
   *
   * @param to where the bytes go
   * @param name the file's name, for messages
   * @param dtype the type of the elements: float32, float64 or float16
   * @param shape the sizes of the axes
   * @throws InputException if the format cannot hold the shape
   */
  public TensorWriter writer(FileChannel to, Path name, Dtype dtype, long... shape)
      throws IOException {
    return this == NPY ? new NpyWriter(to, dtype, shape) : new CsvWriter(to, name, dtype, shape);
  }
}
