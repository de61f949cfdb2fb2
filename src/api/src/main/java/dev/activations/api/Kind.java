package dev.activations.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every activation the library knows, and the one table that describes them. Tests, the README, the
 * command line and the benchmarks all read this table.
 *
 * <p>One stem names a kind everywhere: {@code Kind.GELU} is {@code gelu.cl}, {@code gelu.cu},
 * {@code Gelu.java} and {@code gelu} in every report.
 */
public enum Kind implements Formula {
  /** The identity by default: the output layer of a regression. */
  LINEAR(
      row("a·x + b", "a")
          .parameter(Parameter.finite("a", 1, "slope"))
          .parameter(Parameter.finite("b", 0, "intercept"))
          .bound(0.5, 0)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("affine map")),

  /** The logistic function: binary outputs. */
  SIGMOID(
      row("1/(1 + e^-x)", "e^-x/(1 + e^-x)²")
          .bound(1, 1)
          .at(0, 0.5f, 0.25f)
          .at(-0f, 0.5f, 0.25f)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Verhulst 1845; Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0")),

  /** The hyperbolic tangent: zero-centred, recurrent layers. */
  TANH(
      row("tanh x", "1 - tanh² x")
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("LeCun et al. 1998, Efficient BackProp, doi:10.1007/3-540-49430-8_2")),

  /** The rectifier: hidden layers, when unsure. */
  RELU(
      row("max(0, x)", "x > 0 ? 1 : 0")
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Nair, Hinton 2010, Rectified Linear Units Improve RBMs, ICML")),

  /** The rectifier with a leak, whose units cannot die. */
  LEAKY_RELU(
      row("x > 0 ? x : slope·x", "x > 0 ? 1 : slope")
          .parameter(Parameter.finite("slope", 0.01, "slope of the negative side"))
          .bound(0.5, 0)
          .at(0, 0, 0.01f)
          .at(-0f, -0f, 0.01f)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.01f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Maas, Hannun, Ng 2013, Rectifier Nonlinearities, ICML")),

  /** The exponential linear unit: a smooth negative side that saturates at −alpha. */
  ELU(
      row("x > 0 ? x : alpha·(e^x - 1)", "x > 0 ? 1 : alpha·e^x")
          .parameter(Parameter.finite("alpha", 1, "minus the limit at −∞"))
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289")),

  /** The smooth rectifier, accurate in both tails without a threshold. */
  SOFTPLUS(
      row("log(1 + e^(beta·x))/beta", "1/(1 + e^(-beta·x))")
          .parameter(Parameter.scale("beta", 1, "sharpness of the bend"))
          .bound(1, 1)
          .at(0, (float) Math.log(2), 0.5f)
          .at(-0f, (float) Math.log(2), 0.5f)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Dugas et al. 2000, Incorporating Second-Order Functional Knowledge, NIPS")),

  /** The Gaussian error linear unit, in its exact form. */
  GELU(
      row("x·Φ(x)", "Φ(x) + x·φ(x)")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Hendrycks, Gimpel 2016, arXiv:1606.08415")),

  /** The sigmoid linear unit, also called swish. */
  SILU(
      row("x·σ(beta·x)", "σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x")
          .parameter(Parameter.scale("beta", 1, "sharpness of the bend"))
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Elfwing, Uchibe, Doya 2017, arXiv:1702.03118; Ramachandran et al. 2017")),

  /** Self-regularised, non-monotonic, smooth. */
  MISH(
      row("x·tanh(log(1 + e^x))", "t + x·(1 - t²)·σ(x), t = tanh(log(1 + e^x))")
          .bound(1, 1)
          .at(0, 0, 0.6f)
          .at(-0f, -0f, 0.6f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Misra 2019, arXiv:1908.08681")),

  /** The piecewise stand-in for silu on small devices. */
  HARD_SWISH(
      row("x·min(max(x + 3, 0), 6)/6", "x <= -3 ? 0 : x >= 3 ? 1 : (2·x + 3)/6")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(-3, -0f, 0)
          .at(3, 3, 1)
          .at(Float.NEGATIVE_INFINITY, -0f, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244")),

  /** Probabilities over an axis: multi-class outputs. */
  SOFTMAX(
      row("e^x[i] / Σ e^x[j]", "dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Bridle 1990, Probabilistic Interpretation of Feedforward Networks"));

  private final Row row;

  Kind(Row row) {
    this.row = row;
  }

  @Override
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String expression() {
    return row.expression;
  }

  @Override
  public String derivativeExpression() {
    return row.derivative;
  }

  @Override
  public List<Parameter> parameters() {
    return List.copyOf(row.parameters);
  }

  @Override
  public Shape shape() {
    return row.shape;
  }

  @Override
  public Saved saved() {
    return row.saved;
  }

  /**
   * Returns the published accuracy: the largest distance from the true value over all inputs, at
   * default parameters, in units in the last place of the true value.
   *
   * @param direction forward or derivative; backward over an axis. A pointwise backward pass rounds
   *     the product with {@code dy} once more, which adds half a unit. The backward pass over a row
   *     of n elements adds {@code y·max|dy|·(n·2^-53 + 2^-47)}, which shows only where {@code dy}
   *     and the sum cancel
   */
  public double bound(Direction direction) {
    return direction == Direction.FORWARD ? row.forwardBound : row.derivativeBound;
  }

  /** Returns the points that the policy fixes to the bit, at default parameters. */
  public List<SpecialPoint> specialPoints() {
    return List.copyOf(row.points);
  }

  @Override
  public String source() {
    return row.source;
  }

  /**
   * Finds a kind by its stem, in any case, with {@code -} or {@code _}.
   *
   * @param name what the user wrote
   * @throws IllegalArgumentException if there is none; the message names the nearest
   */
  public static Kind named(String name) {
    return Activation.of(Formula.named(name)).kind();
  }

  private static Row row(String expression, String derivative) {
    return new Row(expression, derivative);
  }

  /** One row of the table while it is written down. */
  private static final class Row {
    final String expression;
    final String derivative;
    final List<Parameter> parameters = new ArrayList<>();
    final List<SpecialPoint> points = new ArrayList<>();
    Shape shape = Shape.POINTWISE;
    Saved saved = Saved.INPUT;
    double forwardBound = Double.NaN;
    double derivativeBound = Double.NaN;
    String source = "";

    Row(String expression, String derivative) {
      this.expression = expression;
      this.derivative = derivative;
    }

    Row parameter(Parameter parameter) {
      parameters.add(parameter);
      return this;
    }

    Row overAxis() {
      shape = Shape.OVER_AXIS;
      return this;
    }

    Row saves(Saved what) {
      saved = what;
      return this;
    }

    Row bound(double forward, double derivative) {
      forwardBound = forward;
      derivativeBound = derivative;
      return this;
    }

    Row at(float x, float forward, float derivative) {
      points.add(new SpecialPoint(x, forward, derivative));
      return this;
    }

    Row source(String paper) {
      source = paper;
      return this;
    }
  }
}
