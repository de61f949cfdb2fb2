package dev.activations.files;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file formats, told apart by the ending of a file's name. */
public enum Format {
  /** NumPy's array file. */
  NPY(Npy::reader, Npy::writer, "npy"),
  /** NumPy's archive, a zip of array files. */
  NPZ(Npz::reader, Npz::writer, "npz"),
  /** Named tensors behind a header in JSON. */
  SAFETENSORS(Safetensors::reader, Safetensors::writer, "safetensors"),
  /** Lines of numbers separated by commas. */
  CSV(CsvReader::new, CsvWriter::new, "csv"),
  /** Nothing but elements. */
  RAW(Raw::reader, Raw::writer, "raw", "bin");

  private final Reading reading;
  private final Writing writing;
  private final List<String> endings;

  Format(Reading reading, Writing writing, String... endings) {
    this.reading = reading;
    this.writing = writing;
    this.endings = List.of(endings);
  }

  /**
   * Returns the format that a file's name asks for.
   *
   * @throws InputException if the name ends otherwise
   */
  public static Format of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(end -> name.endsWith("." + end)))
        .findFirst()
        .orElseThrow(
            () -> InputException.in(file, "expected a name that ends in %s", list(".", endings())));
  }

  /**
   * Returns the format of this name, {@code npy} for instance.
   *
   * @throws InputException if there is none
   */
  public static Format named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.endings.contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown format '%s'; expected %s"
                        .formatted(InputException.shown(name), list("", endings()))));
  }

  /**
   * Reads what can be read before the elements, and checks it. The input is closed with the reader,
   * and at once if it is refused.
   *
   * @throws InputException if the input is not as the format demands, or the options are not for it
   */
  public TensorReader reader(Input in, ReadOptions options) throws IOException {
    try {
      check(in, options);
      return reading.open(in, options);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Returns a writer of elements in this format.
   *
   * @param to where the bytes go
   * @param file the file's name, for messages
   * @throws InputException if the format cannot hold the tensor
   */
  public TensorWriter writer(WritableByteChannel to, String file, Tensor tensor)
      throws IOException {
    return writing.open(to, file, tensor);
  }

  private void check(Input in, ReadOptions options) {
    if (options.header() && this != CSV) {
      throw in.wrong("only a .csv has a header line; leave --header out");
    }
    if (options.tensor().isPresent() && this != NPZ && this != SAFETENSORS) {
      throw in.wrong("only .npz and .safetensors name their tensors; leave --tensor out");
    }
    if (options.raw().isPresent() && this != RAW) {
      throw in.wrong("only a raw file needs --dtype and --shape; leave them out");
    }
  }

  private static Stream<String> endings() {
    return Arrays.stream(values()).flatMap(format -> format.endings.stream());
  }

  private static String list(String before, Stream<String> endings) {
    List<String> all = endings.map(before::concat).toList();
    int last = all.size() - 1;
    return all.stream().limit(last).collect(Collectors.joining(", ")) + " or " + all.get(last);
  }

  private interface Reading {
    TensorReader open(Input in, ReadOptions options) throws IOException;
  }

  private interface Writing {
    TensorWriter open(WritableByteChannel to, String file, Tensor tensor) throws IOException;
  }
}
