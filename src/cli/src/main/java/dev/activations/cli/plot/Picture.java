package dev.activations.cli.plot;

import dev.activations.files.InputException;
import java.nio.file.Path;
import java.util.Locale;

/** The formats of pictures, told apart by the ending of a file's name. */
public enum Picture {
  /** Pixels. */
  PNG,
  /** Lines, which can be enlarged; text is lines, too, and needs no font where it is shown. */
  SVG;

  /**
   * Returns the format that a file's name asks for.
   *
   * @throws InputException if the name ends otherwise
   */
  public static Picture of(Path file) {
    String name = String.valueOf(file.getFileName()).toUpperCase(Locale.ROOT);
    for (Picture picture : values()) {
      if (name.endsWith("." + picture)) {
        return picture;
      }
    }
    throw new InputException(
        "--out: expected a name that ends in .png or .svg, got '%s'".formatted(file));
  }
}
