package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
 *
 * <p>Source: Hendrycks, Gimpel 2016, arXiv:1606.08415. Backward needs: input.
 *
 * <p>Bound: 1 ULP.
 *
 * <p>With a = |x| and u = c - 1/(a + k) both are a simple factor times e^(-a²/2 + S(u)) on the left
 * of zero; on the right gelu(a) = a + gelu(-a) and gelu'(a) = 1 - gelu'(-a). S is a polynomial
 * without a constant term, for c is its root. It is a minimax fit (Remez's exchange) of absolute
 * error on 0 &lt;= a &lt;= 14.5 (14.6); the coefficients were rounded one after the other, lowest
 * first, and the rest fitted anew each time. It stays within 2^-28.6 for gelu and 2^-30.0 for its
 * derivative.
 */
public final class Gelu {
  private Gelu() {}

  /** u = c - r, r = 1/(a + k). Since r &lt;= 2c, no bit of r.hi is lost. */
  private static Pair variable(Pair r, Pair c) {
    return addToPair(c.hi(), new Pair(-r.hi(), c.lo() - r.lo()));
  }

  /** S(u) = u·(slope + u·q): a float q is enough, its share is small. */
  private static Pair correction(Pair u, float slope, float q) {
    float hi = Math.fma(q, u.hi(), slope);
    return pairMultiply(new Pair(hi, Math.fma(q, u.hi(), slope - hi)), u);
  }

  /**
   * Returns gelu(x).
   *
   * <p>gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 2.5).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 14.5f);
    Pair r = reciprocalOfPair(fastTwoSum(2.5f, a));
    Pair u = variable(r, new Pair(0x1.43e674p-2f, 0x1.a5ecdep-28f));
    float q = -0x1.bf25dp11f;
    q = Math.fma(q, u.hi(), 0x1.9aa8d8p10f);
    q = Math.fma(q, u.hi(), 0x1.98be0ap8f);
    q = Math.fma(q, u.hi(), -0x1.16e94cp6f);
    q = Math.fma(q, u.hi(), -0x1.2cfb6ep6f);
    q = Math.fma(q, u.hi(), -0x1.cf449ep4f);
    q = Math.fma(q, u.hi(), 0x1.a688p1f);
    q = Math.fma(q, u.hi(), 0x1.19a0ccp3f);
    q = Math.fma(q, u.hi(), 0x1.92763p1f);
    q = Math.fma(q, u.hi(), -0x1.ca4856p0f);
    Pair s = correction(u, -0x1.6aa6ccp1f, q);
    // S(0) = 0.22 exceeds a²/2 near zero, where this sum may be off by 2^-27.
    Pair y = pairAdd(twoProduct(a, a * -0.5f), s);

    Pair e = pairMultiply(expOfPair(y), r);
    float g = scale64(Math.fma(a, e.hi(), a * e.lo()), expPower64(y.hi()));
    return quiet(x, x < 0.0f ? -g : x - g);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * <p>gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 14.6f);
    Pair r = reciprocalOfPair(fastTwoSum(3.0f, a));
    Pair u = variable(r, new Pair(0x1.8e98aep-3f, -0x1.2fbcdcp-28f));
    float q = 0x1.8bc734p10f;
    q = Math.fma(q, u.hi(), 0x1.22e05ap8f);
    q = Math.fma(q, u.hi(), -0x1.4c1122p8f);
    q = Math.fma(q, u.hi(), -0x1.08559cp6f);
    q = Math.fma(q, u.hi(), 0x1.c704ecp5f);
    q = Math.fma(q, u.hi(), 0x1.306bbcp3f);
    q = Math.fma(q, u.hi(), -0x1.674e8p3f);
    q = Math.fma(q, u.hi(), -0x1.0d4578p-2f);
    q = Math.fma(q, u.hi(), 0x1.7c9f3ep1f);
    Pair s = correction(u, -0x1.ab74fap0f, q);
    Pair y = pairSum(twoProduct(a, a * -0.5f), s);

    // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
    Pair first = fastTwoSum(0.75f, -a);
    Pair d = fastTwoSum(first.hi(), 0x1.d5a33p-10f);
    d = new Pair(d.hi(), d.lo() + (first.lo() - 0x1.fe9844p-38f));

    Pair n = pairMultiply(d, expOfPair(y));
    float left = ((n.hi() + n.lo()) * expPower64(y.hi())) * 0x1p-65f; // scaled and halved
    return quiet(x, x < 0.0f ? left : 1.0f - left);
  }

  // ---- float64 ----

  /** u = c - r, r = 1/(a + k). Since r &lt;= 2c, no bit of r.hi is lost. */
  private static DoublePair geluVariable(DoublePair r, DoublePair c) {
    return addToPair(c.hi(), new DoublePair(-r.hi(), c.lo() - r.lo()));
  }

  /** S(u) = u·(slope + u·q): a single q is enough, its share is small. */
  private static DoublePair geluCorrection(DoublePair u, double slope, double q) {
    double hi = Math.fma(q, u.hi(), slope);
    return pairMultiply(new DoublePair(hi, Math.fma(q, u.hi(), slope - hi)), u);
  }

  /**
   * Returns gelu(x).
   *
   * <p>gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 2.5).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 38.6);
    DoublePair r = reciprocalOfPair(twoSum(3.25, a));
    DoublePair u = geluVariable(r, new DoublePair(0x1.b83611034f5d8p-3, -0x1.0d3d98a447047p-57));
    double q = 0x1.e48f84827791fp36;
    q = Math.fma(q, u.hi(), -0x1.dc634e99c6cd4p36);
    q = Math.fma(q, u.hi(), 0x1.8e5084dd630ddp34);
    q = Math.fma(q, u.hi(), 0x1.1504ae9b1b7abp33);
    q = Math.fma(q, u.hi(), -0x1.fd987fe2340a5p30);
    q = Math.fma(q, u.hi(), -0x1.c281059aeb81dp29);
    q = Math.fma(q, u.hi(), 0x1.460c53cc605afp24);
    q = Math.fma(q, u.hi(), 0x1.71dc7cf4b1182p26);
    q = Math.fma(q, u.hi(), 0x1.01904a4bb82ebp24);
    q = Math.fma(q, u.hi(), -0x1.97f908fb10f5dp22);
    q = Math.fma(q, u.hi(), -0x1.665700164b122p21);
    q = Math.fma(q, u.hi(), 0x1.00a4a08032dc9p17);
    q = Math.fma(q, u.hi(), 0x1.316b8b894109p18);
    q = Math.fma(q, u.hi(), 0x1.40cef403d91d2p15);
    q = Math.fma(q, u.hi(), -0x1.75730665da23ap14);
    q = Math.fma(q, u.hi(), -0x1.ececedd98496dp12);
    q = Math.fma(q, u.hi(), 0x1.2ba36598c4a96p10);
    q = Math.fma(q, u.hi(), 0x1.ea511298c5e6ep9);
    q = Math.fma(q, u.hi(), 0x1.a55fb2cea1c04p-1);
    q = Math.fma(q, u.hi(), -0x1.ba2a14d145202p6);
    q = Math.fma(q, u.hi(), -0x1.58cbe2928d577p3);
    q = Math.fma(q, u.hi(), 0x1.e1c95b8112c54p3);
    q = Math.fma(q, u.hi(), 0x1.111bd8947985ep1);
    DoublePair s = geluCorrection(u, -0x1.4ab69ea8a8f9cp2, q);
    DoublePair y = pairSum(twoProduct(a, a * -0.5), s);

    DoublePair e = pairMultiply(expOfPair(y), r);
    // 2^128 keeps the product clear of the subnormal numbers until the last step.
    double lifted = a * 0x1p128;
    double g = (Math.fma(lifted, e.hi(), lifted * e.lo()) * expPower128(y.hi())) * 0x1p-256;
    return quiet(x, x < 0.0 ? -g : x - g);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * <p>gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 38.7);
    DoublePair r = reciprocalOfPair(twoSum(3.625, a));
    DoublePair u = geluVariable(r, new DoublePair(0x1.635e601c9fabcp-3, -0x1.4d94aed272eb5p-57));
    double q = 0x1.5c011219e72d1p32;
    q = Math.fma(q, u.hi(), -0x1.4cdfda19adbc2p31);
    q = Math.fma(q, u.hi(), -0x1.3a5cb52b6d234p28);
    q = Math.fma(q, u.hi(), 0x1.5c9379d832587p28);
    q = Math.fma(q, u.hi(), -0x1.49e16e84a9fbfp24);
    q = Math.fma(q, u.hi(), -0x1.91a6daa19468fp24);
    q = Math.fma(q, u.hi(), 0x1.eb7e5230dc98cp22);
    q = Math.fma(q, u.hi(), 0x1.78c187add4b31p19);
    q = Math.fma(q, u.hi(), -0x1.4b41481162c12p20);
    q = Math.fma(q, u.hi(), 0x1.22919cec26509p17);
    q = Math.fma(q, u.hi(), 0x1.4e3f0319cd0d2p17);
    q = Math.fma(q, u.hi(), -0x1.361ea4363b327p15);
    q = Math.fma(q, u.hi(), -0x1.0a623d0c8c8c3p14);
    q = Math.fma(q, u.hi(), 0x1.95f36253bd2b1p12);
    q = Math.fma(q, u.hi(), 0x1.2e7bfa273ace2p10);
    q = Math.fma(q, u.hi(), -0x1.b50d5f4cf6861p9);
    q = Math.fma(q, u.hi(), -0x1.3296b83c36b4dp3);
    q = Math.fma(q, u.hi(), 0x1.914dfdada83abp6);
    q = Math.fma(q, u.hi(), -0x1.35da26bdcb94p4);
    q = Math.fma(q, u.hi(), -0x1.04f3c10154d72p3);
    q = Math.fma(q, u.hi(), 0x1.8b77793e30ecep2);
    DoublePair s = geluCorrection(u, -0x1.0ce33e506e97dp1, q);
    DoublePair y = pairSum(twoProduct(a, a * -0.5), s);

    // a0 - a, a0 = 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56
    DoublePair d = twoSum(0x1.80ead197f00b4p-1, -a);
    d = new DoublePair(d.hi(), d.lo() - 0x1.13e74c58cada8p-56);

    DoublePair n = pairMultiply(d, expOfPair(y));
    double left = ((n.hi() + n.lo()) * expPower128(y.hi())) * 0x1p-129; // scaled and halved
    return quiet(x, x < 0.0 ? left : 1.0 - left);
  }
}
