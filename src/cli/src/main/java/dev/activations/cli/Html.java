package dev.activations.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pages that need no network. */
public final class Html {

  private Html() {}

  /**
   * Returns a page.
   *
   * @param title plain text
   * @param body HTML
   */
  public static String page(String title, String body) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>%s</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 62em; }
        table { border-collapse: collapse; margin: 1em 0; }
        th, td { padding: 0.15em 0.8em; text-align: left; border-bottom: 1px solid #ddd; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        .wrong td { background: #fdd; }
        dt { float: left; clear: left; width: 12em; color: #666; }
        dd { margin-left: 12em; }
        figure { margin: 2em 0; }
        img { max-width: 100%%; }
        </style>
        </head>
        <body>
        %s</body>
        </html>
        """
        .formatted(escaped(title), body);
  }

  /** Returns a list of terms and what there is to say about each, in plain text. */
  public static String definitions(Map<String, String> map) {
    return map.entrySet().stream()
        .map(
            entry ->
                "<dt>%s</dt><dd>%s</dd>\n"
                    .formatted(escaped(entry.getKey()), escaped(entry.getValue())))
        .collect(Collectors.joining("", "<dl>\n", "</dl>\n"));
  }

  /** Returns a list of plain texts. */
  public static String list(List<String> items) {
    return items.stream()
        .map(item -> "<li>%s</li>\n".formatted(escaped(item)))
        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
  }

  /** Returns plain text as HTML. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
