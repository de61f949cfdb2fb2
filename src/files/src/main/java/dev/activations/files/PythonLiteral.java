package dev.activations.files;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the part of Python's literals that headers of {@code .npy} files are written in: a
 * dictionary becomes a {@link Map}, a tuple or list a {@link List}, and the rest a {@link String},
 * {@link BigInteger} or {@link Boolean}.
 */
final class PythonLiteral {
  /** Deeper nesting than any header has, and far from the end of the stack. */
  private static final int DEEPEST = 16;

  private final String text;
  private int at;
  private int depth;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * Returns the value that the text holds.
   *
   * @throws IllegalArgumentException if it is no such literal; the message says where
   */
  static Object parse(String text) {
    PythonLiteral reader = new PythonLiteral(text);
    Object value = reader.value();
    if (reader.peek() != 0) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private Object value() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("more than %d levels of nesting".formatted(DEEPEST));
    }
    char first = peek();
    Object value;
    if (first == '{') {
      value = dictionary();
    } else if (first == '(') {
      value = sequence(')');
    } else if (first == '[') {
      value = sequence(']');
    } else if (first == '\'' || first == '"') {
      value = string(first);
    } else if (first == '-' || isDigit(first)) {
      value = integer();
    } else {
      value = bool();
    }
    depth--;
    return value;
  }

  private Map<Object, Object> dictionary() {
    Map<Object, Object> entries = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      Object key = value();
      expect(':');
      entries.put(key, value());
      separator('}');
    }
    at++;
    return entries;
  }

  private List<Object> sequence(char end) {
    List<Object> values = new ArrayList<>();
    at++;
    while (peek() != end) {
      values.add(value());
      separator(end);
    }
    at++;
    return values;
  }

  private String string(char quote) {
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw new IllegalArgumentException("a string that does not end");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private BigInteger integer() {
    int from = at++;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(from, at);
    // Python 2 wrote long integers with an L.
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    return new BigInteger(digits);
  }

  private Boolean bool() {
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw unexpected("a value");
  }

  private void separator(char end) {
    if (peek() != end) {
      expect(',');
    }
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    at++;
  }

  /** Skips blanks and returns what follows them, or 0 at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private IllegalArgumentException unexpected(String wanted) {
    String came =
        at < text.length() ? "'" + InputException.shown(text.charAt(at)) + "'" : "the end";
    return new IllegalArgumentException(
        "expected %s at character %d, got %s".formatted(wanted, at, came));
  }
}
