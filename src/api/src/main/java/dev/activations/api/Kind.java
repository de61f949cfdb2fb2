package dev.activations.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

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
          .alias("identity")
          .fromOutput("a")
          .inPlace(p -> true)
          .bound(0.5, 0)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("affine map")),

  /** The logistic function: binary outputs. */
  SIGMOID(
      row("1/(1 + e^-x)", "e^-x/(1 + e^-x)²")
          .alias("logistic")
          .fromOutput(
              "y·(1 - y)",
              0.5,
              3e-8,
              "a relative error up to 2^-23/(1 - y); all from x = 17.4 on, where y is 1")
          .bound(1, 1)
          .at(0, 0.5f, 0.25f)
          .at(-0f, 0.5f, 0.25f)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Verhulst 1845; Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0")),

  /** The hyperbolic tangent: zero-centred, recurrent layers. */
  TANH(
      row("tanh x", "1 - tanh² x")
          .fromOutput(
              "1 - y²",
              0.5,
              7.5e-8,
              "a relative error up to 2^-22/(1 - y²); all from |x| = 9.1 on, where |y| is 1")
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("LeCun et al. 1998, Efficient BackProp, doi:10.1007/3-540-49430-8_2")),

  /** The rectifier: hidden layers, when unsure. */
  RELU(
      row("max(0, x)", "x > 0 ? 1 : 0")
          .fromOutput("y > 0 ? 1 : 0")
          .inPlace(p -> true)
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
          .fromOutput("y > 0 ? 1 : slope")
          .onlyIf("slope >= 0", values -> values[0] >= 0)
          .inPlace(p -> p[0] >= 0)
          .bound(0.5, 0)
          .at(0, 0, 0.01f)
          .at(-0f, -0f, 0.01f)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.01f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Maas, Hannun, Ng 2013, Rectifier Nonlinearities, ICML")),

  /** The leaky rectifier whose slope is learned, one for each channel or one for all. */
  PRELU(
      row("x > 0 ? x : weight·x", "x > 0 ? 1 : weight")
          .parameter(
              Parameter.finite(
                  "weight", 0.25, "slope of the negative side; Op.withWeight has one by channel"))
          .fromOutput("y > 0 ? 1 : weight")
          .onlyIf("weight >= 0", values -> values[0] >= 0)
          .inPlace(p -> p[0] >= 0)
          .bound(0.5, 0)
          .at(0, 0, 0.25f)
          .at(-0f, -0f, 0.25f)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.25f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852")),

  /** The leaky rectifier whose slope is drawn in training; this is its mean, for inference. */
  RRELU(
      row("x > 0 ? x : (lower + upper)/2·x", "x > 0 ? 1 : (lower + upper)/2")
          .parameter(Parameter.slope("lower", 1 / 8.0, "least slope; Op.seeded draws from here"))
          .parameter(Parameter.slope("upper", 1 / 3.0, "largest slope, above the least"))
          .ascending()
          .fromOutput("y > 0 ? 1 : (lower + upper)/2", 0.5, 0, Row.FREE)
          .onlyIf("lower + upper >= 0", values -> values[0] + values[1] >= 0)
          .inPlace(p -> p[0] + p[1] >= 0)
          .bound(1, 0.5)
          .at(0, 0, (1 / 8f + 1 / 3f) / 2)
          .at(-0f, -0f, (1 / 8f + 1 / 3f) / 2)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, (1 / 8f + 1 / 3f) / 2)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Xu, Wang, Chen, Li 2015, arXiv:1505.00853")),

  /** The exponential linear unit: a smooth negative side that saturates at −alpha. */
  ELU(
      row("x > 0 ? x : alpha·(e^x - 1)", "x > 0 ? 1 : alpha·e^x")
          .parameter(Parameter.finite("alpha", 1, "minus the limit at −∞"))
          .fromOutput(
              "y > 0 ? 1 : y + alpha",
              0.5,
              4.7e-8,
              "an error up to alpha·2^-23 where x < 0; all below x = -17.4, where y is -alpha")
          .onlyIf("alpha >= 0", values -> values[0] >= 0)
          .inPlace(p -> p[0] == 0)
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

  /** A smooth rectifier of algebraic operations only. */
  SQUAREPLUS(
      row("(x + √(x² + b))/2", "(1 + x/√(x² + b))/2")
          .parameter(Parameter.scale("b", 4, "size of the bend"))
          .bound(1, 1)
          .at(0, 1, 0.5f)
          .at(-0f, 1, 0.5f)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Barron 2021, Squareplus, arXiv:2112.11687")),

  /** The Gaussian error linear unit, in its exact form. */
  GELU(
      row("x·Φ(x)", "Φ(x) + x·φ(x)")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Hendrycks, Gimpel 2016, arXiv:1606.08415")),

  /** The approximation of gelu by tanh, taken at its word: of GPT-2 and BERT. */
  GELU_TANH(
      row(
              "x·t, t = (1 + tanh(√(2/π)·(x + 0.044715·x³)))/2",
              "t + x·t·(1 - t)·√(8/π)·(1 + 0.134145·x²)")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2")),

  /** The approximation of gelu by a sigmoid, taken at its word: of CLIP. */
  QUICK_GELU(
      row("x·σ(1.702·x)", "σ(z) + z·σ(z)·(1 - σ(z)), z = 1.702·x")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, -0f, -0f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2")),

  /** The sigmoid linear unit, also called swish. */
  SILU(
      row("x·σ(beta·x)", "σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x")
          .parameter(Parameter.scale("beta", 1, "sharpness of the bend"))
          .alias("swish")
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
          .alias("hard_silu")
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(-3, -0f, 0)
          .at(3, 3, 1)
          .at(Float.NEGATIVE_INFINITY, -0f, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244")),

  /** The rectifier with a ceiling; with the default it is relu6. */
  CLIPPED_RELU(
      row("min(max(0, x), max)", "0 < x < max ? 1 : 0")
          .parameter(Parameter.positive("max", 6, "the ceiling"))
          .alias("relu6")
          .fromOutput("0 < y < max ? 1 : 0")
          .inPlace(p -> true)
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(6, 6, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 6, 0)
          .source("Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10")),

  /** The piecewise stand-in for tanh. */
  HARD_TANH(
      row("min(max(x, min), max)", "min < x < max ? 1 : 0")
          .parameter(Parameter.finite("min", -1, "the floor"))
          .parameter(Parameter.finite("max", 1, "the ceiling, above the floor"))
          .ascending()
          .fromOutput("min < y < max ? 1 : 0")
          .inPlace(p -> true)
          .bound(0, 0)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(-1, -1, 0)
          .at(1, 1, 0)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Collobert 2004, Large Scale Machine Learning, thesis, Université Paris VI")),

  /** The identity above a threshold, nothing below. */
  THRESHOLDED_RELU(
      row("x > theta ? x : 0", "x > theta ? 1 : 0")
          .parameter(Parameter.finite("theta", 1, "the threshold"))
          .fromOutput("y > theta ? 1 : 0")
          .onlyIf("theta >= 0", values -> values[0] >= 0)
          .inPlace(p -> p[0] >= 0)
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(1, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Konda, Memisevic, Krueger 2014, arXiv:1402.3337")),

  /** The identity above a threshold, a constant below; with the defaults it is relu. */
  THRESHOLD(
      row("x > theta ? x : value", "x > theta ? 1 : 0")
          .parameter(Parameter.finite("theta", 0, "the threshold"))
          .parameter(Parameter.finite("value", 0, "what stands at and below it"))
          .fromOutput("y > theta ? 1 : 0")
          .onlyIf("value <= theta", values -> values[1] <= values[0])
          .inPlace(p -> p[1] <= p[0])
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("PyTorch's Threshold")),

  /** The squared rectifier of sparse transformers. */
  RELU_SQUARED(
      row("max(0, x)²", "2·max(0, x)")
          .bound(0.5, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)
          .source("So et al. 2021, Primer, arXiv:2109.08668")),

  /** The piecewise stand-in for sigmoid. */
  HARD_SIGMOID(
      row("min(max(slope·x + offset, 0), 1)", "0 < slope·x + offset < 1 ? slope : 0")
          // With the double below 1/6 the kinks would lie beyond 3.
          .parameter(Parameter.scale("slope", Math.nextUp(1 / 6.0), "slope of the middle"))
          .parameter(Parameter.finite("offset", 0.5, "value at zero"))
          .fromOutput(
              "0 < y < 1 ? slope : 0", 0, 1 / 6f, "all where y rounds to 0 or 1, next to the kinks")
          .inPlace(p -> p[0] == 1 && p[1] == 0)
          .bound(0.5, 0)
          .at(0, 0.5f, 1 / 6f)
          .at(-0f, 0.5f, 1 / 6f)
          .at(-3, 0, 0)
          .at(3, 1, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Courbariaux, Bengio, David 2015, arXiv:1511.00363")),

  /** Small values become zero, the others stay. */
  HARD_SHRINK(
      row("|x| > lambda ? x : 0", "|x| > lambda ? 1 : 0")
          .parameter(Parameter.notNegative("lambda", 0.5, "half the width of the zero"))
          .fromOutput("|y| > lambda ? 1 : 0")
          .inPlace(p -> true)
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(-0.5f, 0, 0)
          .at(0.5f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Donoho, Johnstone 1994, doi:10.1093/biomet/81.3.425")),

  /** All values move towards zero, small ones onto it. */
  SOFT_SHRINK(
      row("|x| > lambda ? x - lambda·sign(x) : 0", "|x| > lambda ? 1 : 0")
          .parameter(Parameter.notNegative("lambda", 0.5, "half the width of the zero"))
          .fromOutput("|y| > 0 ? 1 : 0")
          .inPlace(p -> p[0] == 0)
          .bound(0.5, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(-0.5f, 0, 0)
          .at(0.5f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Donoho 1995, De-noising by Soft-Thresholding, doi:10.1109/18.382009")),

  /** What tanh takes away: small values nearly vanish, large ones move towards zero by 1. */
  TANH_SHRINK(
      row("x - tanh x", "tanh² x")
          .bound(1, 1)
          .at(0, 0, 0)
          .at(-0f, -0f, 0)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("PyTorch's Tanhshrink")),

  /** The magnitude. */
  ABS(
      row("|x|", "x > 0 ? 1 : x < 0 ? -1 : 0")
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("the magnitude")),

  /** The second power. */
  SQUARE(
      row("x²", "2·x")
          .bound(0.5, 0)
          .at(0, 0, 0)
          .at(-0f, 0, -0f)
          .at(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)
          .source("the power")),

  /** The third power. */
  CUBE(
      row("x³", "3·x²")
          .bound(1, 1)
          .at(0, 0, 0)
          .at(-0f, -0f, 0)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)
          .source("Chen, Manning 2014, doi:10.3115/v1/D14-1082")),

  /** The threshold unit: it has no gradient to learn from. */
  STEP(
      row("x > 0 ? 1 : 0", "0")
          .fromOutput("0")
          .inPlace(p -> true)
          .bound(0, 0)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("McCulloch, Pitts 1943, doi:10.1007/BF02478259")),

  /** The exponential function: rates and other positive outputs. */
  EXP(
      row("e^x", "e^x")
          .alias("exponential")
          .fromOutput("y")
          .bound(1, 1)
          .at(0, 1, 1)
          .at(-0f, 1, 1)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)
          .source("the exponential function")),

  /** The logarithm of sigmoid, accurate in both tails: losses of binary outputs. */
  LOG_SIGMOID(
      row("-log(1 + e^-x)", "1/(1 + e^x)")
          .bound(1, 1)
          .at(0, (float) -Math.log(2), 0.5f)
          .at(-0f, (float) -Math.log(2), 0.5f)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 1)
          .at(Float.POSITIVE_INFINITY, -0f, 0)
          .source("the logarithm of the logistic function")),

  /** The exponential linear unit whose layers keep mean and variance. */
  SELU(
      row("scale·(x > 0 ? x : alpha·(e^x - 1))", "scale·(x > 0 ? 1 : alpha·e^x)")
          .parameter(Parameter.scale("scale", 1.0507009873554805, "factor of all"))
          .parameter(
              new Parameter(
                  "alpha", 1.6732632423543772, -0x1p64, 0x1p64, "minus the limit before scaling"))
          .fromOutput(
              "y > 0 ? scale : y + scale·alpha",
              0.5,
              9.4e-8,
              "an error up to scale·alpha·2^-23 where x < 0; all below x = -17.4, where y is -scale·alpha, rounded")
          .onlyIf("alpha >= 0", values -> values[1] >= 0)
          .bound(1, 1)
          .at(0, 0, 1.0507010f * 1.6732632f)
          .at(-0f, -0f, 1.0507010f * 1.6732632f)
          .at(Float.NEGATIVE_INFINITY, -1.0507010f * 1.6732632f, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1.0507010f)
          .source("Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515")),

  /** The exponential linear unit with a continuous derivative for every alpha. */
  CELU(
      row("x > 0 ? x : alpha·(e^(x/alpha) - 1)", "x > 0 ? 1 : e^(x/alpha)")
          .parameter(Parameter.scale("alpha", 1, "minus the limit at −∞"))
          .fromOutput(
              "y > 0 ? 1 : y/alpha + 1",
              1,
              4.7e-8,
              "an error up to 2^-23 where x < 0; all below x = -17.4·alpha, where y is -alpha")
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Barron 2017, arXiv:1704.07483")),

  /** The integral of a trainable elu: its gradient grows with x on the right. */
  XIELU(
      row(
              "x > 0 ? alpha_p·x² + beta·x : alpha_n·(e^x - 1 - x) + beta·x",
              "x > 0 ? 2·alpha_p·x + beta : alpha_n·(e^x - 1) + beta")
          .parameter(new Parameter("alpha_p", 0.8, 0x1p-16, 0x1p16, "half the bend on the right"))
          .parameter(new Parameter("alpha_n", 0.8, 0x1p-16, 0x1p16, "the bend on the left"))
          .parameter(new Parameter("beta", 0.5, 0x1p-16, 0x1p16, "slope at zero"))
          .bound(1, 1)
          .at(0, 0, 0.5f)
          .at(-0f, -0f, 0.5f)
          .at(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0.5f - 0.8f)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)
          .source("Huang, Schlag 2024, arXiv:2411.13010")),

  /** Saturates like tanh, but slowly. */
  SOFTSIGN(
      row("x/(1 + |x|)", "1/(1 + |x|)²")
          .fromOutput(
              "(1 - |y|)²",
              1,
              5.3e-8,
              "a relative error up to 2^-22/(1 - |y|); all from |x| = 3.4e7 on, where |y| is 1")
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, -1, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features")),

  /** A rational function in place of 1.7159·tanh(2/3·x). */
  RATIONAL_TANH(
      row(
              "1.7159·sign(x)·(1 - 1/q), q = 1 + y + y² + 1.41645·y⁴, y = 2/3·|x|",
              "1.7159·2/3·(1 + 2·y + 5.6658·y³)/q²")
          .bound(1, 1)
          .at(0, 0, (float) (1.7159 * 2 / 3))
          .at(-0f, -0f, (float) (1.7159 * 2 / 3))
          .at(Float.NEGATIVE_INFINITY, -1.7159f, 0)
          .at(Float.POSITIVE_INFINITY, 1.7159f, 0)
          .source("ND4J's RationalTanh, for LeCun et al. 1998, doi:10.1007/3-540-49430-8_2")),

  /** The right half of tanh. */
  RECTIFIED_TANH(
      row("max(0, tanh x)", "x > 0 ? 1 - tanh² x : 0")
          .fromOutput(
              "y > 0 ? 1 - y² : 0",
              0.5,
              7.5e-8,
              "a relative error up to 2^-22/(1 - y²); all from x = 9.1 on, where y is 1")
          .bound(1, 1)
          .at(0, 0, 0)
          .at(-0f, 0, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("ND4J's RectifiedTanh")),

  /** Symmetric, and linear far out. */
  LISHT(
      row("x·tanh x", "tanh x + x·(1 - tanh² x)")
          .bound(1, 1)
          .at(0, 0, 0)
          .at(-0f, 0, -0f)
          .at(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -1)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("Roy, Manna, Dubey, Chaudhuri 2019, arXiv:1901.05894")),

  /** The piecewise stand-in for softplus, zero on the left. */
  SPARSE_PLUS(
      row("x <= -1 ? 0 : x >= 1 ? x : (x + 1)²/4", "x <= -1 ? 0 : x >= 1 ? 1 : (x + 1)/2")
          .bound(1, 0.5)
          .at(0, 0.25f, 0.5f)
          .at(-0f, 0.25f, 0.5f)
          .at(-1, 0, 0)
          .at(1, 1, 1)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 1)
          .source("jax.nn.sparse_plus")),

  /** The derivative of sparse_plus. */
  SPARSE_SIGMOID(
      row("x <= -1 ? 0 : x >= 1 ? 1 : (x + 1)/2", "-1 < x < 1 ? 1/2 : 0")
          .fromOutput(
              "0 < y < 1 ? 1/2 : 0", 0, 0.5, "all where y rounds to 0 or 1, next to the kinks")
          .bound(0.5, 0)
          .at(0, 0.5f, 0.5f)
          .at(-0f, 0.5f, 0.5f)
          .at(-1, 0, 0)
          .at(1, 1, 0)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("jax.nn.sparse_sigmoid")),

  /** The distribution of a normal variable, by default shaped like the square of a rectifier. */
  LAPLACE(
      row("(1 + erf(z/√2))/2, z = (x - mu)/sigma", "e^(-z²/2)/(sigma·√(2·π))")
          .parameter(new Parameter("mu", Math.sqrt(0.5), -0x1p64, 0x1p64, "where it is 1/2"))
          .parameter(Parameter.scale("sigma", 0.28209479177387814, "width of the rise"))
          .bound(1, 1)
          .at(0, 0.006094444f, 0.061113734f)
          .at(-0f, 0.006094444f, 0.061113734f)
          .at(Float.NEGATIVE_INFINITY, 0, 0)
          .at(Float.POSITIVE_INFINITY, 1, 0)
          .source("Ma et al. 2022, Mega, arXiv:2209.10655")),

  /** A line with a ripple, to learn what is periodic; at an infinity its slope has no limit. */
  SNAKE(
      row("x + sin²(a·x)/a", "1 + sin(2·a·x)")
          .parameter(Parameter.scale("a", 1, "frequency of the ripple"))
          .bound(1, 1)
          .at(0, 0, 1)
          .at(-0f, -0f, 1)
          .at(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN)
          .at(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN)
          .source("Liu, Hartwig, Ueda 2020, arXiv:2006.08195")),

  /**
   * Probabilities over an axis: multi-class outputs.
   *
   * <p>A NaN anywhere, or −∞ everywhere, makes the row NaN; entries of +∞ share it equally. On the
   * way back NaN or infinity anywhere makes the row NaN.
   */
  SOFTMAX(
      row("e^x[i] / Σ e^x[j]", "dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Bridle 1990, Probabilistic Interpretation of Feedforward Networks")),

  /**
   * Probabilities over the elements of an axis that a mask lets in: attention.
   *
   * <p>The mask is a second input of the forward pass, of the same type and as many elements: 0
   * masks out, all else, NaN included, lets in. What is masked out becomes 0 and takes no part,
   * whatever it is, so that a row in which everything is masked out is 0. The others are as of
   * softmax: a NaN among them, or nothing but −∞, makes them NaN; entries of +∞ share the row
   * equally. On the way back {@code dx} is 0 where {@code y} is 0, whatever {@code dy} is there;
   * NaN or infinity elsewhere makes the rest of the row NaN.
   */
  MASKED_SOFTMAX(
      row("mask[i] ≠ 0 ? e^x[i] / Σ e^x[j] : 0, mask[j] ≠ 0", "dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])")
          .overAxis()
          .masked()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3")),

  /**
   * Random probabilities over an axis that come near one of its unit vectors: samples that have a
   * gradient.
   *
   * <p>The noise g[i] is {@code -log(-log u)} for a random number u, which {@link Op#seeded} draws
   * for each element; {@link Fusion} says how. A smaller tau brings the result nearer to a unit
   * vector; {@link #HARDMAX} of it is one, the sample itself. Rows are as of softmax.
   *
   * <p>The bound counts from the u drawn, an odd multiple of 2^-24 in float64, too, as long as the
   * largest {@code x + g} of the row is below 2^23·tau in magnitude, or 2^52·tau in float64. Beyond
   * that the numbers of the type lie farther apart than tau, and {@code x + g} is rounded first.
   */
  GUMBEL_SOFTMAX(
      row(
              "e^((x[i] + g[i])/tau) / Σ e^((x[j] + g[j])/tau), g = -log(-log u)",
              "dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])/tau")
          .parameter(new Parameter("tau", 1, 0x1p-10, 0x1p32, "the temperature"))
          .overAxis()
          .drawn()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Jang, Gu, Poole 2016, arXiv:1611.01144; Maddison et al. 2016")),

  /**
   * Probabilities over an axis that favour the smallest.
   *
   * <p>A NaN anywhere, or +∞ everywhere, makes the row NaN; entries of −∞ share it equally. On the
   * way back NaN or infinity anywhere makes the row NaN.
   */
  SOFTMIN(
      row("e^-x[i] / Σ e^-x[j]", "dx[i] = -y[i]·(dy[i] - Σ dy[j]·y[j])")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("softmax of -x")),

  /**
   * Logarithms of probabilities over an axis, accurate beside a dominant entry too: losses of
   * multi-class outputs.
   *
   * <p>A NaN anywhere, or −∞ everywhere, makes the row NaN; k entries of +∞ are −log k, the others
   * beside them −∞; entries of −∞ stay. A zero is −0, as of log_sigmoid. On the way back NaN
   * anywhere, or an infinite {@code dy}, makes the row NaN.
   */
  LOG_SOFTMAX(
      row("x[i] - log Σ e^x[j]", "dx[i] = dy[i] - e^y[i]·Σ dy[j]")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("the logarithm of softmax")),

  /**
   * One at the first of the largest over an axis: a decision, with no gradient to learn from.
   *
   * <p>A NaN anywhere makes the row NaN; infinities are numbers like others, and −0 is equal to 0.
   * On the way back it is 0, as step is, and NaN in the places where {@code y} is NaN or {@code dy}
   * no finite number.
   */
  HARDMAX(
      row("x[i] is the first of the largest ? 1 : 0", "0")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(0, 0)
          .source("ONNX, operator Hardmax")),

  /**
   * Probabilities over an axis of which many are zero: the nearest point of the simplex.
   *
   * <p>A NaN anywhere, or −∞ everywhere, makes the row NaN; entries of +∞ share it equally. On the
   * way back NaN or infinity anywhere makes the row NaN.
   */
  SPARSEMAX(
      row("max(x[i] - tau, 0), Σ y = 1", "dx[i] = y[i] > 0 ? dy[i] - mean of dy where y > 0 : 0")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Martins, Astudillo 2016, arXiv:1602.02068")),

  /**
   * Probabilities over an axis of which some are zero: between softmax and sparsemax.
   *
   * <p>A NaN anywhere, or −∞ everywhere, makes the row NaN; entries of +∞ share it equally. On the
   * way back NaN or infinity anywhere makes the row NaN.
   */
  ENTMAX15(
      row("max(x[i]/2 - tau, 0)², Σ y = 1", "dx[i] = g[i]·(dy[i] - Σ g[j]·dy[j] / Σ g[j]), g = √y")
          .overAxis()
          .saves(Saved.OUTPUT)
          .bound(1, 1)
          .source("Peters, Niculae, Martins 2019, arXiv:1905.05702")),

  /** The gated linear unit: the gate says how much of the value passes. */
  GLU(
      row("value·σ(gate)", "dgate = dy·value·σ'(gate), dvalue = dy·σ(gate)")
          .gated(SIGMOID, Half.SECOND)
          .bound(2.5, 3.5)
          .source("Dauphin, Fan, Auli, Grangier 2016, arXiv:1612.08083; torch.nn.GLU")),

  /** A rectifier as the gate. */
  REGLU(
      row("value·relu(gate)", "dgate = dy·value·relu'(gate), dvalue = dy·relu(gate)")
          .gated(RELU, Half.FIRST)
          .bound(0.5, 0.5)
          .source("Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202")),

  /** A Gaussian error linear unit as the gate, in its exact form. */
  GEGLU(
      row("value·gelu(gate)", "dgate = dy·value·gelu'(gate), dvalue = dy·gelu(gate)")
          .gated(GELU, Half.FIRST)
          .bound(2.5, 3.5)
          .source("Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202")),

  /** The same with the tanh approximation of gelu. */
  GEGLU_TANH(
      row("value·gelu_tanh(gate)", "dgate = dy·value·gelu_tanh'(gate), dvalue = dy·gelu_tanh(gate)")
          .gated(GELU_TANH, Half.FIRST)
          .bound(2.5, 3.5)
          .source("Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202")),

  /** The same with the sigmoid approximation of gelu. */
  QUICK_GEGLU(
      row(
              "value·quick_gelu(gate)",
              "dgate = dy·value·quick_gelu'(gate), dvalue = dy·quick_gelu(gate)")
          .gated(QUICK_GELU, Half.FIRST)
          .bound(2.5, 3.5)
          .source("Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202")),

  /** A sigmoid linear unit as the gate: feed-forward layers of large language models. */
  SWIGLU(
      row("value·silu(gate)", "dgate = dy·value·silu'(gate), dvalue = dy·silu(gate)")
          .gated(SILU, Half.FIRST)
          .bound(2.5, 3.5)
          .source("Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202")),

  /** A gate that is linear: the product of the two by default. */
  BILINEAR(
      row("value·(a·gate + b)", "dgate = dy·value·a, dvalue = dy·(a·gate + b)")
          .gated(LINEAR, Half.FIRST)
          .bound(1.5, 1.5)
          .source("Mnih, Hinton 2007, doi:10.1145/1273496.1273577; Shazeer 2020")),

  /** The gate of gpt-oss, whose shape (…, n, 2), packed along the last axis, interleaves them. */
  SWIGLU_CLAMPED(
      row(
              "(v + 1)·g·σ(alpha·g), g = min(gate, limit), v = min(max(value, -limit), limit)",
              "dgate = gate < limit ? dy·(v + 1)·silu'(g) : 0,"
                  + " dvalue = |value| < limit ? dy·silu(g) : 0")
          .parameter(Parameter.positive("limit", 7, "where gate and value are cut off"))
          .parameter(Parameter.scale("alpha", 1.702, "sharpness of the bend"))
          .gatedInItsOwnWay(SILU, Half.FIRST)
          .bound(3.5, 4.5)
          .source("OpenAI 2025, gpt-oss model card, arXiv:2508.10925")),

  /** The largest of several pieces of the axis; the gradient goes to the first of the largest. */
  MAXOUT(
      row("max over j of x[j]", "dx[j] = dy for the first j with x[j] = y, else 0")
          .parameter(Parameter.count("pieces", 2, 1, "how many pieces the axis has"))
          .pieces(Row.PARAMETER, 1)
          .bound(0, 0)
          .source("Goodfellow et al. 2013, Maxout Networks, arXiv:1302.4389")),

  /** Both sides of the rectifier, one after the other along the axis. */
  CRELU(
      row("[relu(x), relu(-x)]", "dx = x > 0 ? dy[0] : x < 0 ? -dy[1] : 0")
          .pieces(1, 2)
          .bound(0, 0)
          .source("Shang, Sohn, Almeida, Lee 2016, arXiv:1603.05201"));

  private final Row row;

  Kind(Row row) {
    this.row = row;
  }

  @Override
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the other names of the same function, with the same defaults, by which it is found. */
  public List<String> aliases() {
    return List.copyOf(row.aliases);
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
  public boolean supports(Dtype dtype) {
    return true;
  }

  @Override
  public Saved saved() {
    return row.saved;
  }

  @Override
  public Optional<FromOutput> fromOutput() {
    return row.fromOutput;
  }

  /** Returns whether the output tells the derivative with these parameters. */
  boolean outputTells(double[] values) {
    return row.outputTells.test(values);
  }

  /**
   * Returns the published accuracy: the largest distance from the true value over all inputs, in
   * units in the last place of the true value. It was measured over all inputs at default
   * parameters and holds for all others that their domains allow, with one exception: the root of
   * xielu and that of its derivative move with the parameters, so that at other parameters its two
   * terms may cancel further than they were computed. That adds {@code beta·|x|·2^-50}, and {@code
   * beta·2^-50} to the derivative.
   *
   * <p>Over an axis differences may cancel. For a row of n elements, with the largest |dy| of those
   * that count as d, these add on the way back, in the order of the kinds: softmax, masked_softmax
   * and softmin {@code y·d·(n·2^-53 + 2^-47)}, gumbel_softmax that divided by tau, log_softmax
   * {@code 2^-26·e^y·|Σ dy| + n·2^-52·d}, sparsemax {@code 2^-45·d}, entmax15 {@code 2^-44·√y·d}.
   * Where {@code x} meets their threshold, sparsemax adds {@code 2^-45} on the way forward and
   * entmax15 {@code 2^-44·√y}.
   *
   * <p>A gated kind rounds f(gate) and then the product. The errors of the factors count up to
   * twice, since a unit of a factor may be two of the product; the last rounding adds half a unit:
   * {@code 2·bound(f) + 0.5}, and {@code 2·(bound(f') + 0.5) + 0.5} for the gradient. Where f(gate)
   * or {@code dy·value} is subnormal, its absolute error, at most 2^-149, is multiplied by the
   * other factor and comes on top.
   *
   * @param direction forward or derivative; backward for a kind that is not pointwise. A pointwise
   *     backward pass rounds the product with {@code dy} once more, which adds half a unit. Over an
   *     axis it leaves out what differences add. Of a gated kind it is the bound of both gradients,
   *     as far as neither {@code f(gate)} nor {@code dy·value} overflows. Of a backward pass from
   *     the output it is the bound of the derivative as a function of the output, {@link
   *     FromOutput#bound}
   * @throws java.util.NoSuchElementException if there is no such pass
   */
  public double bound(Direction direction) {
    return switch (direction) {
      case FORWARD -> row.forwardBound;
      case DERIVATIVE, BACKWARD -> row.derivativeBound;
      case BACKWARD_FROM_OUTPUT -> row.fromOutput.orElseThrow().bound();
    };
  }

  /** Returns the pointwise kind that a gate goes through, of a gated kind. */
  public Optional<Kind> gate() {
    return Optional.ofNullable(row.gate);
  }

  /**
   * Returns the half of a packed array that gates, where {@link Op#gatedBy(Half)} says nothing
   * else.
   *
   * @throws IllegalArgumentException if the kind is not gated
   */
  public Half gatedBy() {
    if (row.half == null) {
      throw new IllegalArgumentException(stem() + " is not gated, so neither half gates");
    }
    return row.half;
  }

  /**
   * Returns the stems of the formulas that its programs are made of, in the order in which they
   * need each other: most gated kinds have none but that of their gate.
   */
  public List<String> formulas() {
    List<String> stems = new ArrayList<>();
    gate().ifPresent(gate -> stems.add(gate.stem()));
    if (row.gate == null || row.ownWay) {
      stems.add(stem());
    }
    return stems;
  }

  /** Whether it has formulas of its own, and is not all said with its gate. */
  public boolean hasFormula() {
    return formulas().contains(stem());
  }

  /** Returns whether a forward pass takes a mask as its second input. */
  public boolean isMasked() {
    return row.masked;
  }

  /** Returns whether a forward pass over an axis draws a random number for each element. */
  public boolean isDrawn() {
    return row.drawn;
  }

  int piecesIn(double[] values) {
    return row.piecesIn == Row.PARAMETER ? (int) values[0] : row.piecesIn;
  }

  int piecesOut() {
    return row.piecesOut;
  }

  /**
   * Returns the accuracy of float64 in units in the last place of a double. Pointwise kinds: 2, or
   * what float32 has where that comes from a single rounding or from none. Kinds over an axis: what
   * float32 has. Kinds over pieces: the same, since the functions of their gates were measured
   * within 1. Measured on samples, not on all inputs.
   *
   * <p>Where differences cancel over an axis, these add on the way back, in the words of {@link
   * #bound}: softmax, masked_softmax and softmin {@code n·2^-86·y·d}, gumbel_softmax that divided
   * by tau, log_softmax {@code 2^-56·e^y·|Σ dy| + n·2^-86·d}, sparsemax {@code 2^-86·d}, entmax15
   * {@code (n·2^-86 + 2^-67)·√y·d}; on the way forward sparsemax {@code 2^-86} and entmax15 {@code
   * n·2^-88·√y}.
   *
   * @param direction forward or derivative; backward for a kind over pieces or over an axis
   */
  public double bound64(Direction direction) {
    double bound = bound(direction);
    return bound <= 0.5 || row.shape != Shape.POINTWISE ? bound : 2;
  }

  /**
   * Checks parameters against each other; each has been checked against its domain.
   *
   * @throws IllegalArgumentException if they do not go together
   */
  void checkTogether(double[] values) {
    for (int i = 1; row.ascending && i < values.length; i++) {
      if (!(values[i - 1] < values[i])) {
        throw new IllegalArgumentException(
            "%s: parameter %s must be below %s, got %s and %s"
                .formatted(
                    stem(),
                    row.parameters.get(i - 1).name(),
                    row.parameters.get(i).name(),
                    values[i - 1],
                    values[i]));
      }
    }
  }

  /** Returns whether the derivative at f(x) is that at x, for these parameters. */
  boolean survivesInPlace(float[] parameters) {
    return row.inPlace.test(parameters);
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
   * Finds a kind by its stem or an alias, in any case, with {@code -} or {@code _}.
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
    static final String FREE = "nothing: the same bits as from the input";

    /** As many pieces as the first parameter says. */
    static final int PARAMETER = 0;

    final String expression;
    final String derivative;
    final List<Parameter> parameters = new ArrayList<>();
    final List<String> aliases = new ArrayList<>();
    final List<SpecialPoint> points = new ArrayList<>();
    Shape shape = Shape.POINTWISE;
    boolean masked;
    boolean drawn;
    Saved saved = Saved.INPUT;
    Optional<FromOutput> fromOutput = Optional.empty();
    Predicate<double[]> outputTells = values -> true;
    Kind gate;
    Half half;
    boolean ownWay;
    int piecesIn = 1;
    int piecesOut = 1;
    Predicate<float[]> inPlace = parameters -> false;
    boolean ascending;
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

    /** A kind over an axis with a mask as its second input. */
    Row masked() {
      masked = true;
      return this;
    }

    /** A kind over an axis with a random number for each element. */
    Row drawn() {
      drawn = true;
      return this;
    }

    /** The product of the value and a pointwise kind, whose parameters it takes. */
    Row gated(Kind gate, Half half) {
      parameters.addAll(gate.parameters());
      return gated(gate, half, false);
    }

    /** A product with formulas of its own, which use those of a pointwise kind. */
    Row gatedInItsOwnWay(Kind gate, Half half) {
      return gated(gate, half, true);
    }

    private Row gated(Kind gate, Half half, boolean ownWay) {
      shape = Shape.GATED;
      piecesIn = 2;
      this.gate = gate;
      this.half = half;
      this.ownWay = ownWay;
      return this;
    }

    Row pieces(int in, int out) {
      shape = Shape.PIECES;
      piecesIn = in;
      piecesOut = out;
      return this;
    }

    Row ascending() {
      ascending = true;
      return this;
    }

    /** With which parameters the derivative at f(x) is that at x, to the bit. */
    Row inPlace(Predicate<float[]> which) {
      inPlace = which;
      return this;
    }

    Row saves(Saved what) {
      saved = what;
      return this;
    }

    /** The output tells the derivative, and the rounding of the output costs nothing. */
    Row fromOutput(String expression) {
      return fromOutput(expression, 0, 0, FREE);
    }

    /** The output tells the derivative; see {@link FromOutput}. */
    Row fromOutput(String expression, double bound, double error, String cost) {
      fromOutput = Optional.of(new FromOutput(expression, Optional.empty(), bound, error, cost));
      return this;
    }

    /** The parameters with which the output tells the derivative. */
    Row onlyIf(String condition, Predicate<double[]> holds) {
      FromOutput any = fromOutput.orElseThrow();
      fromOutput =
          Optional.of(
              new FromOutput(
                  any.expression(), Optional.of(condition), any.bound(), any.error(), any.cost()));
      outputTells = holds;
      return this;
    }

    Row alias(String... names) {
      aliases.addAll(Arrays.asList(names));
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
