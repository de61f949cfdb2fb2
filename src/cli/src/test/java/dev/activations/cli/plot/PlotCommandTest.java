package dev.activations.cli.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Activations;
import dev.activations.api.Kind;
import dev.activations.cli.BrittleDevice;
import dev.activations.cli.FixedDevices;
import dev.activations.cli.Ran;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class PlotCommandTest {
  private static final int BLUE = 0x0072B2;
  private static final int ORANGE = 0xD55E00;
  private static final int GREEN = 0x009E73;

  @TempDir Path dir;

  private Path plot(String file, String... args) {
    Path out = dir.resolve(file);
    List<String> all = new ArrayList<>(List.of("plot", "--out", out.toString()));
    all.addAll(List.of(args));
    Ran ran = Ran.command(all.toArray(String[]::new));
    assertEquals(0, ran.code(), ran.err());
    assertEquals("", ran.out());
    return out;
  }

  /** A picture in which a line from corner to corner tells where a point is. */
  private record Pixels(BufferedImage image, int left, int right, int top, int bottom, float end) {

    /**
     * A picture whose first curve is {@code linear} from {@code -end} to {@code end}, and which no
     * other curve leaves.
     */
    static Pixels of(Path file, float end) throws IOException {
      BufferedImage image = ImageIO.read(file.toFile());
      int left = Integer.MAX_VALUE;
      int right = 0;
      int top = Integer.MAX_VALUE;
      int bottom = 0;
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          // The legend stands below the curves.
          if (y < image.getHeight() * 5 / 6 && isLike(image.getRGB(x, y), BLUE)) {
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
          }
        }
      }
      return new Pixels(image, left, right, top, bottom, end);
    }

    private static boolean isLike(int rgb, int color) {
      int far = 0;
      for (int shift = 0; shift <= 16; shift += 8) {
        far = Math.max(far, Math.abs((rgb >> shift & 0xFF) - (color >> shift & 0xFF)));
      }
      return far < 40;
    }

    /** Returns whether a color is within two pixels of a point. */
    boolean has(int color, double x, double y) {
      long column = Math.round(left + (x + end) / (2 * end) * (right - left));
      long row = Math.round(bottom - (y + end) / (2 * end) * (bottom - top));
      for (int dx = -2; dx <= 2; dx++) {
        for (int dy = -2; dy <= 2; dy++) {
          if (isLike(image.getRGB((int) column + dx, (int) row + dy), color)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  @Test
  void theCurvesAreWhereTheFunctionsSay() throws IOException {
    Path out =
        plot(
            "y.png", "linear", "tanh", "linear(a=-0.75)", "--from=-2", "--to=2", "--size=1200x800");
    Pixels pixels = Pixels.of(out, 2);
    assertEquals(1200, pixels.image().getWidth());
    assertEquals(800, pixels.image().getHeight());
    assertTrue(pixels.right() - pixels.left() > 400, pixels.toString());
    for (float x = -1.9f; x < 2; x += 0.15f) {
      // Near 0 they cover each other.
      if (Math.abs(x) > 0.5f) {
        float tanh = Activations.forward(Kind.TANH, new float[] {x})[0];
        assertTrue(pixels.has(BLUE, x, x), "linear at " + x);
        assertTrue(pixels.has(ORANGE, x, tanh), "tanh at " + x);
        assertTrue(pixels.has(GREEN, x, -0.75 * x), "the other at " + x);
        assertFalse(pixels.has(GREEN, x, tanh), "only one is at " + x);
      }
    }
  }

  @Test
  void derivativesAreDrawnInsteadOrToo() throws IOException {
    Pixels only = Pixels.of(plot("d.png", "linear(b=1)", "--derivative", "--from=-2", "--to=2"), 2);
    assertTrue(only.bottom() - only.top() < 8, "a horizontal line, got " + only);
    Path both = plot("both.svg", "tanh", "relu", "--both");
    assertEquals(2, strokes(both, BLUE).size());
    assertEquals(3, strokes(both, ORANGE).size(), "the derivative of relu jumps");
  }

  /** Returns the strokes of a colour, each as its lines' ends. */
  private static List<double[]> strokes(Path svg, int color) throws IOException {
    String rgb = "rgb(%d,%d,%d)".formatted(color >> 16, color >> 8 & 0xFF, color & 0xFF);
    List<double[]> strokes = new ArrayList<>();
    NodeList paths = parsed(svg).getElementsByTagName("path");
    for (int i = 0; i < paths.getLength(); i++) {
      Element path = (Element) paths.item(i);
      if (inherited(path, "stroke").equals(rgb) && inherited(path, "fill").equals("none")) {
        strokes.add(
            Stream.of(path.getAttribute("d").split("[A-Z ]+"))
                .filter(number -> !number.isEmpty())
                .mapToDouble(Double::parseDouble)
                .toArray());
      }
    }
    return strokes;
  }

  private static String inherited(Element element, String attribute) {
    Node node = element;
    while (node instanceof Element at) {
      if (at.hasAttribute(attribute)) {
        return at.getAttribute(attribute);
      }
      node = at.getParentNode();
    }
    return "";
  }

  private static Document parsed(Path svg) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anSvgHoldsTheSame() throws IOException {
    Path out = plot("y.svg", "tanh", "step", "relu", "--size", "800x400", "--title", "a < b");
    Element root = parsed(out).getDocumentElement();
    assertEquals("svg", root.getNodeName());
    assertEquals("800", root.getAttribute("width"));
    assertEquals("400", root.getAttribute("height"));
    assertEquals("tanh; step; relu", root.getElementsByTagName("title").item(0).getTextContent());
    assertEquals(1, strokes(out, BLUE).size());
    List<double[]> step = strokes(out, ORANGE);
    assertEquals(2, step.size(), "it breaks where it jumps");
    for (double[] stroke : step) {
      for (int i = 3; i < stroke.length; i += 2) {
        assertEquals(stroke[1], stroke[i], "it is level");
      }
    }
    assertEquals(1, strokes(out, GREEN).size(), "a kink is no jump");
  }

  /** The gap is where the profile has it: hard_swish has another slope at 3 itself. */
  @Test
  void profilesAreDrawn() throws IOException {
    assertEquals(1, strokes(plot("a.svg", "hard_swish", "--from=2", "--to=4"), BLUE).size());
    Path out = plot("b.svg", "hard_swish@pytorch", "--derivative", "--from=2", "--to=4");
    assertEquals(2, strokes(out, BLUE).size());
  }

  @ParameterizedTest
  @EnumSource
  void everyPointwiseKindCanBeDrawn(Kind kind) throws IOException {
    if (kind.shape() == Kind.Shape.POINTWISE) {
      Path out =
          plot(
              kind.stem() + ".svg", kind.stem(), "--both", "--size=300x300", "--device=cpu:scalar");
      assertFalse(strokes(out, BLUE).isEmpty());
    }
  }

  @Test
  void theValuesComeFromTheDevice() {
    Path out = dir.resolve("y.png");
    Ran ran = Ran.command("plot", "gelu", "-o", out.toString(), "--device=cpu:scalar");
    assertTrue(ran.err().startsWith(out + ": gelu ran on cpu:scalar ("), ran.err());
    Ran none = Ran.command("plot", "gelu", "-o", out.toString(), "--device=abacus");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("no usable device matches 'abacus'"), none.err());
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path out = Files.write(dir.resolve("y.png"), new byte[] {1, 2, 3});
    Ran ran =
        Ran.on(
            FixedDevices.of(new BrittleDevice(0, Optional.empty())),
            "plot",
            "relu",
            "-o",
            out.toString());
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("activations plot: shatter failed"), ran.err());
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out));
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(1, files.count(), "the temporary file is gone");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "gleu --out y.png; did you mean gelu?",
        "softmax --out y.png; expected pointwise activations, got softmax",
        "relu --out y.gif; expected a name that ends in .png or .svg, got 'y.gif'",
        "relu; Missing required option: '--out=<file>'",
        "relu --out y.png --size 900; --size: expected <width>x<height>",
        "relu --out y.png --size 900x100; from 200x225 for 1 curve(s) to 10000x10000, got '900x100'",
        "relu --out y.png --from 1 --to 1; expected finite numbers with --from below --to",
        "relu --out y.png --to NaN; expected finite numbers with --from below --to",
        "relu --out y.png --both --derivative; expected --derivative or --both",
        "exp --out y.png --from 100 --to 200; exp is nowhere finite from 100.0 to 200.0",
        "relu elu selu gelu silu mish celu tanh -o y.png; at most 7 activations",
        "relu --out absent/y.png; no directory",
      })
  void mistakesAreNamed(String args, String message) throws IOException {
    List<String> all = new ArrayList<>(List.of("plot"));
    for (String arg : args.split(" ")) {
      all.add(arg.endsWith("y.png") ? dir.resolve(arg).toString() : arg);
    }
    Ran ran = Ran.command(all.toArray(String[]::new));
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(0, files.count());
    }
  }
}
