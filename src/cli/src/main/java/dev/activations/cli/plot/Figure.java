package dev.activations.cli.plot;

import dev.activations.cli.Html;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

/**
 * A chart in a report. Used inside {@link Drawing#run}.
 *
 * @param stem of the picture's file, and its place in a page
 * @param title what it shows
 * @param caption how to read it
 */
public record Figure(String stem, String title, String caption, Chart chart) {

  /** Returns the picture. */
  public byte[] drawn(Picture picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    chart.write(picture, bytes);
    return bytes.toByteArray();
  }

  /** Returns it as HTML. The picture is in the page, as lines, so that it can be enlarged. */
  public String html() throws IOException {
    return """
        <figure id="%s">
        <img alt="%s" src="data:image/svg+xml;base64,%s">
        <figcaption>%s</figcaption>
        </figure>
        """
        .formatted(
            Html.escaped(stem),
            Html.escaped(title),
            Base64.getEncoder().encodeToString(drawn(Picture.SVG)),
            Html.escaped(caption));
  }
}
