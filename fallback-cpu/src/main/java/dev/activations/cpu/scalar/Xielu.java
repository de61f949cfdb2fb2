package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expPower;
import static dev.activations.cpu.scalar.Arithmetic.expShifted;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairPlus;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower;
import static dev.activations.cpu.scalar.DoubleArithmetic.expShifted;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairAdd;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairPlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * xielu(x) = x &gt; 0 ? alphaP·x² + beta·x : alphaN·(e^x - 1 - x) + beta·x; derivative x &gt; 0 ?
 * 2·alphaP·x + beta : alphaN·(e^x - 1) + beta.
 *
 * <p>Source: Huang, Schlag 2024, arXiv:2411.13010.
 *
 * <p>Backward needs: input. Bound: 1 ULP at the default parameters. At others the two terms may
 * cancel: beta·|x|·2^-50 is added, and beta·2^-50 to the derivative (2^-108 for doubles).
 *
 * <p>On the left both have a root, whose place depends on the parameters, so e^x - 1 - x is
 * computed to 2^-54 (2^-112 for doubles): with r = x - n·ln(2) it is (2^n - 1) + (2^n·r - x) +
 * 2^n·(r²/2 + r³·Q(r)), Q the polynomial of Taylor of degree 11 (22).
 */
public final class Xielu {
  private Xielu() {}

  /** The sum of hi and the pair rest. */
  private record Sum(float hi, Pair rest) {}

  /** (e^r - 1 - r - r²/2)/r³ for a pair r. */
  private static Pair tail(Pair r) {
    float q = 0x1.93974ap-37f;
    q = Math.fma(q, r.hi(), 0x1.612462p-33f);
    q = Math.fma(q, r.hi(), 0x1.1eed8ep-29f);
    q = Math.fma(q, r.hi(), 0x1.ae6456p-26f);
    q = Math.fma(q, r.hi(), 0x1.27e4fcp-22f);
    Pair p = pairAdd(new Pair(0x1.71de3ap-19f, 0x1.55b1ccp-45f), pairProduct(r, q));
    p = pairAdd(new Pair(0x1.a01a02p-16f, -0x1.7f97fap-42f), pairMultiply(r, p));
    p = pairAdd(new Pair(0x1.a01a02p-13f, -0x1.7f97fap-39f), pairMultiply(r, p));
    p = pairAdd(new Pair(0x1.6c16c2p-10f, -0x1.27d27ep-35f), pairMultiply(r, p));
    p = pairAdd(new Pair(0x1.111112p-7f, -0x1.dddddep-32f), pairMultiply(r, p));
    p = pairAdd(new Pair(0x1.555556p-5f, -0x1.555556p-30f), pairMultiply(r, p));
    return pairAdd(new Pair(0x1.555556p-3f, -0x1.555556p-28f), pairMultiply(r, p));
  }

  /** e^x - 1 - x for x &lt;= 0. */
  private static Sum bend(float x) {
    // From there on e^x is nothing beside x.
    float y = x < -40.0f ? -40.0f : x;
    float n = expShifted(y) - 0x1.8p23f;
    float power = expPower(y);
    Pair step = twoProduct(n, -0x1.7f7d1cp-20f);
    Pair first = twoSum(Math.fma(n, -0x1.62e4p-1f, y), step.hi());
    Pair second = twoSum(first.lo(), step.lo());
    Pair third = fastTwoSum(second.hi(), Math.fma(n, -0x1.ef357ap-45f, second.lo()));
    Pair r = new Pair(first.hi(), third.hi());

    Pair square = twoProduct(r.hi(), r.hi() * 0.5f);
    Pair cross = twoProduct(r.hi(), r.lo());
    Pair cube = pairMultiply(pairMultiply(pairSquare(r), r), tail(r));
    Pair small = twoSum(square.lo(), cross.hi());
    Pair rest =
        pairSum(cube, new Pair(small.hi(), small.lo() + Math.fma(r.hi(), third.lo(), cross.lo())));
    rest = pairSum(rest, third);

    float m = power - 1.0f;
    Pair line = twoSum(power * r.hi(), -x);
    Pair sum = twoSum(line.hi(), m);
    Pair all = twoSum(sum.hi(), power * square.hi());
    rest = pairPlus(pairScale(rest, power), all.lo());
    rest = pairPlus(rest, sum.lo());
    rest = pairPlus(rest, line.lo());
    return new Sum(all.hi(), pairPlus(rest, power - (m + 1.0f)));
  }

  /**
   * Returns xielu(x).
   *
   * @param x any float; NaN gives NaN
   * @param alphaP half the bend on the right, in [2^-16, 2^16]
   * @param alphaN the bend on the left, in [2^-16, 2^16]
   * @param beta slope at zero, in [2^-16, 2^16]
   */
  public static float forward(float x, float alphaP, float alphaN, float beta) {
    // From there on the square is infinite for every alphaP; what is added to it must not be.
    Pair slope = pairPlus(twoProduct(alphaP, x < 0x1p72f ? x : 0x1p72f), beta);
    float square = x * slope.hi();
    float right = square > 0x1.fffffep127f ? square : Math.fma(x, slope.hi(), x * slope.lo());

    Sum h = bend(x < 0.0f ? x : 0.0f);
    Pair bend = twoProduct(alphaN, h.hi());
    Pair line = twoProduct(beta, x);
    Pair sum = twoSum(bend.hi(), line.hi());
    Pair rest = pairPlus(pairProduct(h.rest(), alphaN), sum.lo());
    rest = pairPlus(pairPlus(rest, bend.lo()), line.lo());
    Pair left = pairPlus(rest, sum.hi());

    // Far out it is the line (beta - alphaN)·x - alphaN, and near zero beta·x.
    Pair d = twoSum(beta, -alphaN);
    float finite = x < -0x1.fffffep127f ? -0x1.fffffep127f : x;
    float far = d.hi() == 0.0f ? -alphaN : Math.fma(x, d.hi(), finite * d.lo());
    float middle = x < -0x1p-100f ? left.hi() + left.lo() : beta * x;
    return quiet(x, x < 0.0f ? (x < -0x1p60f ? far : middle) : right);
  }

  /**
   * Returns the derivative of xielu at x.
   *
   * @param x any float; NaN gives NaN
   * @param alphaP half the bend on the right, in [2^-16, 2^16]
   * @param alphaN the bend on the left, in [2^-16, 2^16]
   * @param beta slope at zero, in [2^-16, 2^16]
   */
  public static float derivative(float x, float alphaP, float alphaN, float beta) {
    float y = x < -40.0f ? -40.0f : x < 0.0f ? x : 0.0f;
    Sum h = bend(y);
    Pair bend = twoProduct(alphaN, h.hi());
    Pair line = twoProduct(alphaN, y);
    Pair first = twoSum(line.hi(), beta);
    Pair sum = twoSum(first.hi(), bend.hi());
    Pair rest = pairPlus(pairProduct(h.rest(), alphaN), sum.lo());
    rest = pairPlus(pairPlus(rest, first.lo()), bend.lo());
    rest = pairPlus(rest, line.lo());
    Pair left = pairPlus(rest, sum.hi());
    return quiet(x, x < 0.0f ? left.hi() + left.lo() : Math.fma(alphaP + alphaP, x, beta));
  }

  // ---- float64 ----

  /** The sum of hi and the pair rest. */
  private record DoubleSum(double hi, DoublePair rest) {}

  /** (e^r - 1 - r - r²/2)/r³ for a pair r. */
  private static DoublePair tail(DoublePair r) {
    double q = 0x1.3f3ccdd165fa9p-84;
    q = Math.fma(q, r.hi(), 0x1.f2cf01972f578p-80);
    q = Math.fma(q, r.hi(), 0x1.761b41316381ap-75);
    q = Math.fma(q, r.hi(), 0x1.0ce396db7f853p-70);
    q = Math.fma(q, r.hi(), 0x1.71b8ef6dcf572p-66);
    q = Math.fma(q, r.hi(), 0x1.e542ba4020225p-62);
    q = Math.fma(q, r.hi(), 0x1.2f49b46814157p-57);
    q = Math.fma(q, r.hi(), 0x1.6827863b97d97p-53);
    q = Math.fma(q, r.hi(), 0x1.952c77030ad4ap-49);
    q = Math.fma(q, r.hi(), 0x1.ae7f3e733b81fp-45);
    DoublePair p =
        pairAdd(new DoublePair(0x1.ae7f3e733b81fp-41, 0x1.1d8656b0ee8cbp-97), pairProduct(r, q));
    p = pairAdd(new DoublePair(0x1.93974a8c07c9dp-37, 0x1.05d6f8a2efd1fp-92), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.71de3a556c734p-19, -0x1.c154f8ddc6cp-73), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.1111111111111p-7, 0x1.1111111111111p-63), pairMultiply(r, p));
    p = pairAdd(new DoublePair(0x1.5555555555555p-5, 0x1.5555555555555p-59), pairMultiply(r, p));
    return pairAdd(new DoublePair(0x1.5555555555555p-3, 0x1.5555555555555p-57), pairMultiply(r, p));
  }

  /** e^x - 1 - x for x &lt;= 0. */
  private static DoubleSum bend(double x) {
    // From there on e^x is nothing beside x.
    double y = x < -80.0 ? -80.0 : x;
    double n = expShifted(y) - 0x1.8p52;
    double power = expPower(y);
    DoublePair step = twoProduct(n, -0x1.cf79abc9e3b3ap-40);
    DoublePair first = twoSum(Math.fma(n, -0x1.62e42fefap-1, y), step.hi());
    DoublePair second = twoSum(first.lo(), step.lo());
    DoublePair third = fastTwoSum(second.hi(), Math.fma(n, 0x1.ff0342542fc33p-94, second.lo()));
    DoublePair r = new DoublePair(first.hi(), third.hi());

    DoublePair square = twoProduct(r.hi(), r.hi() * 0.5);
    DoublePair cross = twoProduct(r.hi(), r.lo());
    DoublePair cube = pairMultiply(pairMultiply(pairSquare(r), r), tail(r));
    DoublePair small = twoSum(square.lo(), cross.hi());
    DoublePair rest =
        pairSum(
            cube,
            new DoublePair(small.hi(), small.lo() + Math.fma(r.hi(), third.lo(), cross.lo())));
    rest = pairSum(rest, third);

    double m = power - 1.0;
    DoublePair line = twoSum(power * r.hi(), -x);
    DoublePair sum = twoSum(line.hi(), m);
    DoublePair all = twoSum(sum.hi(), power * square.hi());
    rest = pairPlus(pairScale(rest, power), all.lo());
    rest = pairPlus(rest, sum.lo());
    rest = pairPlus(rest, line.lo());
    return new DoubleSum(all.hi(), pairPlus(rest, power - (m + 1.0)));
  }

  /**
   * Returns xielu(x).
   *
   * @param x any double; NaN gives NaN
   * @param alphaP half the bend on the right, in [2^-16, 2^16]
   * @param alphaN the bend on the left, in [2^-16, 2^16]
   * @param beta slope at zero, in [2^-16, 2^16]
   */
  public static double forward(double x, double alphaP, double alphaN, double beta) {
    // From there on the square is infinite for every alphaP; what is added to it must not be.
    DoublePair slope = pairPlus(twoProduct(alphaP, x < 0x1p530 ? x : 0x1p530), beta);
    double square = x * slope.hi();
    double right =
        square > 0x1.fffffffffffffp1023 ? square : Math.fma(x, slope.hi(), x * slope.lo());

    DoubleSum h = bend(x < 0.0 ? x : 0.0);
    DoublePair bend = twoProduct(alphaN, h.hi());
    DoublePair line = twoProduct(beta, x);
    DoublePair sum = twoSum(bend.hi(), line.hi());
    DoublePair rest = pairPlus(pairProduct(h.rest(), alphaN), sum.lo());
    rest = pairPlus(pairPlus(rest, bend.lo()), line.lo());
    DoublePair left = pairPlus(rest, sum.hi());

    // Far out it is the line (beta - alphaN)·x - alphaN, and near zero beta·x.
    DoublePair d = twoSum(beta, -alphaN);
    double finite = x < -0x1.fffffffffffffp1023 ? -0x1.fffffffffffffp1023 : x;
    double far = d.hi() == 0.0 ? -alphaN : Math.fma(x, d.hi(), finite * d.lo());
    double middle = x < -0x1p-100 ? left.hi() + left.lo() : beta * x;
    return quiet(x, x < 0.0 ? (x < -0x1p200 ? far : middle) : right);
  }

  /**
   * Returns the derivative of xielu at x.
   *
   * @param x any double; NaN gives NaN
   * @param alphaP half the bend on the right, in [2^-16, 2^16]
   * @param alphaN the bend on the left, in [2^-16, 2^16]
   * @param beta slope at zero, in [2^-16, 2^16]
   */
  public static double derivative(double x, double alphaP, double alphaN, double beta) {
    double y = x < -80.0 ? -80.0 : x < 0.0 ? x : 0.0;
    DoubleSum h = bend(y);
    DoublePair bend = twoProduct(alphaN, h.hi());
    DoublePair line = twoProduct(alphaN, y);
    DoublePair first = twoSum(line.hi(), beta);
    DoublePair sum = twoSum(first.hi(), bend.hi());
    DoublePair rest = pairPlus(pairProduct(h.rest(), alphaN), sum.lo());
    rest = pairPlus(pairPlus(rest, first.lo()), bend.lo());
    rest = pairPlus(rest, line.lo());
    DoublePair left = pairPlus(rest, sum.hi());
    return quiet(x, x < 0.0 ? left.hi() + left.lo() : Math.fma(alphaP + alphaP, x, beta));
  }
}
