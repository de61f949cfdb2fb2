package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.apfloat.Apfloat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The products of gated kinds in float64, against true values of many digits. */
class GatedFloat64Test {
  private static final int SAMPLES = 60;

  private static final long DIGITS = 40;

  static Stream<Kind> gated() {
    return Arrays.stream(Kind.values()).filter(kind -> kind.shape() == Formula.Shape.GATED);
  }

  @ParameterizedTest
  @MethodSource("gated")
  void productsAreWithinTheBound(Kind kind) {
    Op op = Op.of(kind).gatedBy(Half.FIRST);
    SplittableRandom random = new SplittableRandom(kind.ordinal());
    // Gates of many sizes, beyond the limit of swiglu_clamped as well.
    double[] gate = random.doubles(SAMPLES, -9, 9).map(x -> x * Math.abs(x) / 9).toArray();
    double[] value = random.doubles(SAMPLES, -9, 9).toArray();
    double[] dy = random.doubles(SAMPLES, -2, 2).toArray();
    Values saved = Values.of(Samples.join(gate, value));
    Values y = Definition.run(op, Direction.FORWARD, saved, saved);
    Values gradients = Definition.run(op, Direction.BACKWARD, saved, Values.of(dy));

    Activation activation = op.activation();
    boolean clamped = kind == Kind.SWIGLU_CLAMPED;
    double limit = clamped ? activation.parameter("limit") : Double.POSITIVE_INFINITY;
    Activation function =
        clamped
            ? Activation.of(Kind.SILU, activation.parameter("alpha"))
            : Activation.of(kind.gate().orElseThrow(), activation.doubles());
    DoubleFunction<Apfloat> forward = Oracle.ofDoubles(function, Direction.FORWARD);
    DoubleFunction<Apfloat> derivative = Oracle.ofDoubles(function, Direction.DERIVATIVE);
    for (int i = 0; i < SAMPLES; i++) {
      Apfloat f = forward.apply(Math.min(gate[i], limit));
      Apfloat slope = gate[i] < limit ? derivative.apply(gate[i]) : Apfloat.ZERO;
      Apfloat factor = exact(Math.max(-limit, Math.min(limit, value[i])));
      factor = clamped ? factor.add(Apfloat.ONE) : factor;
      Apfloat passed = Math.abs(value[i]) < limit ? exact(dy[i]) : Apfloat.ZERO;

      check(kind, Direction.FORWARD, y.number(i), f.multiply(factor));
      check(
          kind,
          Direction.BACKWARD,
          gradients.number(i),
          exact(dy[i]).multiply(factor).multiply(slope));
      check(kind, Direction.BACKWARD, gradients.number(SAMPLES + i), passed.multiply(f));
    }
  }

  private static Apfloat exact(double x) {
    return new Apfloat(new BigDecimal(x), DIGITS);
  }

  private static void check(Kind kind, Direction direction, double actual, Apfloat truth) {
    double error = Ulp.between(actual, truth);
    assertTrue(
        error <= kind.bound64(direction),
        () ->
            "%s %s: %s, %s units in the last place from %s, above the bound of %s"
                .formatted(
                    kind.stem(), direction.stem(), actual, error, truth, kind.bound64(direction)));
  }
}
