package dev.activations.cli.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Curves in one picture, by XChart. Used inside {@link Drawing#run}. */
public final class Chart {
  static {
    // Nothing is shown on a screen.
    System.setProperty("java.awt.headless", "true");
  }

  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final float LINE = 2.5f;
  private static final float[] DASHES = {8, 5};

  private final XYChart chart;
  private final int width;
  private final int height;
  private final List<String> labels = new ArrayList<>();

  /**
   * An empty chart.
   *
   * @param title what stands above it; may be empty
   * @param xTitle what stands below the x axis
   * @param yTitle what stands beside the y axis; may be empty
   */
  public Chart(String title, String xTitle, String yTitle, int width, int height) {
    this.width = width;
    this.height = height;
    chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    styler.setChartTitleVisible(!title.isEmpty());
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(new Color(0xE5E5E5));
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setXAxisTickMarkSpacingHint(100);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendBorderColor(Color.WHITE);
  }

  /** Adds a curve; of its points that stand alone each is a dot. */
  void add(String label, Curve curve, int color, boolean dashed) {
    Color paint = new Color(color);
    XYSeries line = chart.addSeries(label, curve.x(), curve.y());
    line.setMarker(SeriesMarkers.NONE);
    // One path for all points between two gaps, and so dashes that go on from point to point.
    line.setSmooth(true);
    line.setLineColor(paint);
    line.setLineStyle(stroke(dashed));
    Curve lonely = curve.lonely();
    if (lonely.x().length > 0) {
      XYSeries dots = chart.addSeries(label + ", points", lonely.x(), lonely.y());
      dots.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      dots.setMarker(SeriesMarkers.CIRCLE);
      dots.setMarkerColor(paint);
      dots.setShowInLegend(false);
    }
    labels.add(label);
  }

  /**
   * Lets equal steps on the y axis be equal factors, before anything is added. Values that are not
   * above 0 are not drawn then.
   */
  public void scaleByFactors() {
    chart.getStyler().setYAxisLogarithmic(true);
  }

  /** Lets equal steps on the x axis be equal factors, too; all x must be above 0. */
  public void scaleXByFactors() {
    chart.getStyler().setXAxisLogarithmic(true);
  }

  /** Adds measured values, as dots with straight lines from each to the next; NaN is a gap. */
  public void add(String label, double[] x, double[] y, int color) {
    add(label, x, y, color, false);
  }

  /** Adds values, as dots with straight lines from each to the next; NaN is a gap. */
  public void add(String label, double[] x, double[] y, int color, boolean dashed) {
    boolean factors = chart.getStyler().isYAxisLogarithmic();
    double[] drawn =
        DoubleStream.of(y)
            .map(v -> Double.isFinite(v) && (v > 0 || !factors) ? v : Double.NaN)
            .toArray();
    labels.add(label);
    if (DoubleStream.of(drawn).allMatch(Double::isNaN)) {
      return;
    }
    XYSeries line = chart.addSeries(label, x, drawn);
    Color paint = new Color(color);
    line.setMarker(SeriesMarkers.CIRCLE);
    line.setMarkerColor(paint);
    line.setLineColor(paint);
    line.setLineStyle(stroke(dashed));
  }

  private static BasicStroke stroke(boolean dashed) {
    return dashed
        ? new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0)
        : new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
  }

  /** Writes the picture. */
  public void write(Picture picture, OutputStream out) throws IOException {
    switch (picture) {
      case PNG -> writePng(out);
      case SVG -> writeSvg(out);
    }
  }

  private void writePng(OutputStream out) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    // Lines keep to their points, and not to the middles of pixels.
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    chart.paint(graphics, width, height);
    graphics.dispose();
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java has no writer of .png files");
    }
  }

  private void writeSvg(OutputStream out) throws IOException {
    try {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(SVG, "svg", null);
      SVGGraphics2D graphics = new SVGGraphics2D(document);
      graphics.setSVGCanvasSize(new Dimension(width, height));
      chart.paint(graphics, width, height);
      Element root = graphics.getRoot();
      // Its words are drawn as lines, so that they need no font; this is for who cannot see them.
      Element title = document.createElementNS(SVG, "title");
      title.setTextContent(String.join("; ", labels));
      root.insertBefore(title, root.getFirstChild());
      TransformerFactory factory = TransformerFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.newTransformer().transform(new DOMSource(root), new StreamResult(out));
    } catch (ParserConfigurationException | TransformerException e) {
      throw new IOException("the .svg cannot be written: " + e.getMessage(), e);
    }
  }
}
