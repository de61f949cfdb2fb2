package dev.activations.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists in Markdown. */
final class Markdown {

  private Markdown() {}

  /** Returns a list of terms and what there is to say about each. */
  static String list(Map<String, String> map) {
    return list(
        map.entrySet().stream()
            .map(entry -> "%s: %s".formatted(entry.getKey(), entry.getValue()))
            .toList());
  }

  /** Returns a list of texts. */
  static String list(List<String> items) {
    return items.stream().map("- %s\n"::formatted).collect(Collectors.joining());
  }
}
