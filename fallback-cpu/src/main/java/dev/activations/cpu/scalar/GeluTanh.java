package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoidDerivative;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.DoubleArithmetic.timesSigmoidDerivative;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * gelu_tanh(x) = x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2 = x·σ(z), z = 2·√(2/π)·(x + 0.044715·x³);
 * derivative σ(z) + x·z'·σ(z)·(1 - σ(z)).
 *
 * <p>Source: Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 */
public final class GeluTanh {
  private GeluTanh() {}

  /** a·(k + c·s) for s &gt;= 0. */
  private static Pair line(Pair a, Pair k, Pair c, Pair s) {
    return pairMultiply(pairSum(k, pairMultiply(c, s)), a);
  }

  /**
   * Returns gelu_tanh(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 4.7f ? value(x, true) : value(x, false);
  }

  private static float value(float x, boolean near) {
    Pair k = new Pair(0x1.988454p0f, -0x1.857936p-25f); // 2·√(2/π)
    Pair c = new Pair(0x1.2444f2p-4f, 0x1.49b16ap-29f); // 0.044715·k
    Pair s = twoProduct(x, x);
    Pair any = pairSum(k, pairMultiply(c, s));
    // Up to 4.7, k + c·s is less than 2k.
    float hi = Math.fma(c.hi(), s.hi(), k.hi());
    float low = Math.fma(c.hi(), s.lo(), Math.fma(c.lo(), s.hi(), k.lo()));
    Pair small = new Pair(hi, Math.fma(c.hi(), s.hi(), k.hi() - hi) + low);
    Pair factor = near || Math.abs(x) < 4.7f ? small : any;
    return timesSigmoid(x, pairProduct(factor, -x), near);
  }

  /**
   * Returns the derivative of gelu_tanh at x.
   *
   * <p>The root of timesSigmoidDerivative is at |x| = a0 = 0.752. With a = |x| and s = a² + a·a0 +
   * a0², z(a0) - z(a) = (a0 - a)·(k + c·s), and a·z' lacks (a0 - a)·(k + 3·c·s) to its value there.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 11.0f);

    // a0 - a, a0 = 0.75 + 0x1.429f9ep-9 + 0x1.2fc996p-34
    Pair first = fastTwoSum(0.75f, -a);
    Pair second = fastTwoSum(first.hi(), 0x1.429f9ep-9f);
    Pair distance = new Pair(second.hi(), second.lo() + (first.lo() + 0x1.2fc996p-34f));

    Pair ahead = twoSum(a, 0x1.8142ap-1f);
    Pair rise = pairProduct(new Pair(ahead.hi(), ahead.lo() - 0x1.85a06cp-27f), a);
    Pair s = pairSum(rise, new Pair(0x1.21e4bap-1f, 0x1.71b62ap-26f));
    Pair k = new Pair(0x1.988454p0f, -0x1.857936p-25f);
    Pair c = new Pair(0x1.2444f2p-4f, 0x1.49b16ap-29f);
    Pair d = line(distance, k, c, s);
    Pair line = line(distance, k, new Pair(0x1.b6676cp-3f, -0x1.175e2p-32f), s);

    Pair root = new Pair(0x1.2af64ep-2f, 0x1.3890bep-27f); // e^-z(a0)
    return timesSigmoidDerivative(x, d, line, root);
  }

  // ---- float64 ----

  /** a·(k + c·s) for s &gt;= 0. */
  private static DoublePair geluTanhLine(DoublePair a, DoublePair k, DoublePair c, DoublePair s) {
    return pairMultiply(pairSum(k, pairMultiply(c, s)), a);
  }

  /**
   * Returns gelu_tanh(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 21.8);
    DoublePair k = new DoublePair(0x1.9884533d43651p0, -0x1.cbc0d30ebfd15p-54); // 2·√(2/π)
    DoublePair c = new DoublePair(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61); // 0.044715·k
    DoublePair y = geluTanhLine(new DoublePair(-a, 0.0), k, c, twoProduct(a, a));
    return quiet(x, a < 21.8 ? timesSigmoid(x, y) : x < 0.0 ? -0.0 : x);
  }

  /**
   * Returns the derivative of gelu_tanh at x.
   *
   * <p>The root of timesSigmoidDerivative is at |x| = a0 = 0.752. With a = |x| and s = a² + a·a0 +
   * a0², z(a0) - z(a) = (a0 - a)·(k + c·s), and a·z' lacks (a0 - a)·(k + 3·c·s) to its value there.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 21.8);

    // a0 - a, a0 = 0x1.81429f9e97e4dp-1 - 0x1.4f523ed77dbdcp-55
    DoublePair distance = twoSum(0x1.81429f9e97e4dp-1, -a);
    distance = fastTwoSum(distance.hi(), distance.lo() - 0x1.4f523ed77dbdcp-55);

    DoublePair ahead = twoSum(a, 0x1.81429f9e97e4dp-1);
    DoublePair rise =
        pairProduct(new DoublePair(ahead.hi(), ahead.lo() - 0x1.4f523ed77dbdcp-55), a);
    DoublePair s = pairSum(rise, new DoublePair(0x1.21e4bab8db157p-1, -0x1.3bbcb5d6e01bap-58));
    DoublePair k = new DoublePair(0x1.9884533d43651p0, -0x1.cbc0d30ebfd15p-54);
    DoublePair c = new DoublePair(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61);
    DoublePair d = geluTanhLine(distance, k, c, s);
    DoublePair line =
        geluTanhLine(distance, k, new DoublePair(0x1.b6676bf7450fp-3, 0x1.bba7351828aabp-57), s);

    DoublePair root = new DoublePair(0x1.2af64e9c485eep-2, -0x1.3ca470b477afcp-57); // e^-z(a0)
    return quiet(x, timesSigmoidDerivative(x, d, line, root));
  }
}
