package dev.activations.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the user gave cannot be used. The message is one line: what was expected, what came. */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An input that is wrong in itself. */
  public InputException(String message) {
    super(message);
  }

  /** An input that something else refused, with the refusal's message. */
  public InputException(IllegalArgumentException refusal) {
    super(refusal.getMessage(), refusal);
  }

  private InputException(String message, IOException cause) {
    super(message, cause);
  }

  /** A file that is wrong, with what was expected and what came. */
  static InputException in(String file, String format, Object... values) {
    return new InputException(file + ": " + format.formatted(values));
  }

  /** A file that cannot be opened. */
  public static InputException opening(String file, IOException e) {
    String why;
    if (e instanceof NoSuchFileException) {
      why = "no such file or directory";
    } else if (e instanceof AccessDeniedException) {
      why = "permission denied";
    } else if (e instanceof FileSystemException system && system.getReason() != null) {
      why = system.getReason();
    } else {
      why = String.valueOf(e.getMessage());
    }
    return new InputException(file + ": cannot be opened: " + why, e);
  }

  /** What a file says, made fit to be part of a line. */
  static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("\\p{Cc}", "?");
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
