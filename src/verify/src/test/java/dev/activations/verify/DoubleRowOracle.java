package dev.activations.verify;

import dev.activations.api.Activation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * True values of the kinds over an axis, for one row of doubles, none of them NaN or infinite: to
 * 60 decimal digits, and by other ways than the library's. Nothing here comes from it.
 */
final class DoubleRowOracle {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** ln(2). */
  private static final BigDecimal LN_2 =
      new BigDecimal(
          "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560");

  private DoubleRowOracle() {}

  /**
   * Returns the true result of a forward pass.
   *
   * @param beside the mask, or the random numbers from (0, 1), of a kind that has them
   */
  static BigDecimal[] forward(Activation activation, double[] row, double[] beside) {
    BigDecimal[] x = exact(row);
    return switch (activation.kind()) {
      case SOFTMAX -> softmax(x);
      case MASKED_SOFTMAX -> maskedSoftmax(x, beside);
      case GUMBEL_SOFTMAX -> gumbelSoftmax(x, exact(beside), tau(activation));
      case SOFTMIN -> softmax(negated(x));
      case LOG_SOFTMAX -> logSoftmax(x);
      case HARDMAX -> hardmax(x);
      case SPARSEMAX -> sparsemax(x);
      case ENTMAX15 -> entmax15(x);
      default -> throw new AssertionError(activation);
    };
  }

  /** Returns the true result of a backward pass, for the output given. */
  static BigDecimal[] backward(Activation activation, double[] output, double[] gradient) {
    BigDecimal[] y = exact(output);
    BigDecimal[] dy = exact(gradient);
    return switch (activation.kind()) {
      case SOFTMAX, MASKED_SOFTMAX -> weighted(y, dy, BigDecimal.ONE);
      case GUMBEL_SOFTMAX -> quotients(weighted(y, dy, BigDecimal.ONE), tau(activation));
      case SOFTMIN -> negated(weighted(y, dy, BigDecimal.ONE));
      case LOG_SOFTMAX -> {
        BigDecimal sum = sum(dy);
        BigDecimal[] dx = new BigDecimal[y.length];
        Arrays.setAll(dx, i -> dy[i].subtract(exp(y[i]).multiply(sum)));
        yield dx;
      }
      case HARDMAX -> scaled(dy, BigDecimal.ZERO);
      case SPARSEMAX -> {
        BigDecimal[] support = y.clone();
        Arrays.setAll(support, i -> BigDecimal.valueOf(y[i].signum()));
        yield weighted(support, dy, sum(support));
      }
      case ENTMAX15 -> {
        BigDecimal[] roots = y.clone();
        Arrays.setAll(roots, i -> y[i].sqrt(DIGITS));
        yield weighted(roots, dy, sum(roots));
      }
      default -> throw new AssertionError(activation);
    };
  }

  /** w·(dy - Σ w·dy/total). */
  private static BigDecimal[] weighted(BigDecimal[] w, BigDecimal[] dy, BigDecimal total) {
    BigDecimal[] products = new BigDecimal[w.length];
    Arrays.setAll(products, i -> w[i].multiply(dy[i]));
    BigDecimal mean = sum(products).divide(total, DIGITS);
    Arrays.setAll(products, i -> w[i].multiply(dy[i].subtract(mean)));
    return products;
  }

  private static BigDecimal[] softmax(BigDecimal[] x) {
    BigDecimal[] shares = exponentials(x);
    BigDecimal sum = sum(shares);
    Arrays.setAll(shares, i -> shares[i].divide(sum, DIGITS));
    return shares;
  }

  /** The softmax of what the mask lets in, and zeros between. */
  private static BigDecimal[] maskedSoftmax(BigDecimal[] x, double[] mask) {
    int[] places = IntStream.range(0, x.length).filter(i -> mask[i] != 0).toArray();
    BigDecimal[] y = scaled(x, BigDecimal.ZERO);
    if (places.length > 0) {
      BigDecimal[] shares =
          softmax(Arrays.stream(places).mapToObj(i -> x[i]).toArray(BigDecimal[]::new));
      for (int i = 0; i < places.length; i++) {
        y[places[i]] = shares[i];
      }
    }
    return y;
  }

  private static BigDecimal[] gumbelSoftmax(BigDecimal[] x, BigDecimal[] u, BigDecimal tau) {
    BigDecimal[] z = new BigDecimal[x.length];
    Arrays.setAll(z, i -> x[i].subtract(log(log(u[i]).negate())));
    return softmax(quotients(z, tau));
  }

  private static BigDecimal tau(Activation activation) {
    return new BigDecimal(activation.doubles()[0]);
  }

  private static BigDecimal[] exponentials(BigDecimal[] x) {
    BigDecimal top = x[first(x)];
    BigDecimal[] e = new BigDecimal[x.length];
    Arrays.setAll(e, i -> exp(x[i].subtract(top)));
    return e;
  }

  /** -(log(1 + rest) + (top - x)), the rest being what all but the first of the largest add. */
  private static BigDecimal[] logSoftmax(BigDecimal[] x) {
    int top = first(x);
    BigDecimal[] e = exponentials(x);
    e[top] = BigDecimal.ZERO;
    BigDecimal log = logOnePlus(sum(e));
    BigDecimal[] y = new BigDecimal[x.length];
    Arrays.setAll(y, i -> x[i].subtract(x[top]).subtract(log));
    return y;
  }

  private static BigDecimal[] hardmax(BigDecimal[] x) {
    BigDecimal[] y = scaled(x, BigDecimal.ZERO);
    y[first(x)] = BigDecimal.ONE;
    return y;
  }

  /** By sorting: the k largest are the support for the largest k whose least is above tau. */
  private static BigDecimal[] sparsemax(BigDecimal[] x) {
    BigDecimal[] sorted = x.clone();
    Arrays.sort(sorted);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal tau = BigDecimal.ZERO;
    for (int k = 1; k <= x.length; k++) {
      BigDecimal next = sorted[x.length - k];
      sum = sum.add(next);
      BigDecimal candidate = sum.subtract(BigDecimal.ONE).divide(BigDecimal.valueOf(k), DIGITS);
      if (next.compareTo(candidate) > 0) {
        tau = candidate;
      }
    }
    return excesses(x, tau);
  }

  /**
   * By sorting: tau of the k largest z = x/2 is their mean less √((1 - Σ (z - mean)²)/k), and k the
   * largest for which it is below the least of them.
   */
  private static BigDecimal[] entmax15(BigDecimal[] x) {
    // Differences are as good, and their squares stay short.
    BigDecimal top = x[first(x)];
    BigDecimal[] z = new BigDecimal[x.length];
    Arrays.setAll(z, i -> x[i].subtract(top).divide(TWO));
    BigDecimal[] sorted = z.clone();
    Arrays.sort(sorted);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    BigDecimal tau = BigDecimal.ZERO;
    for (int k = 1; k <= x.length; k++) {
      BigDecimal next = sorted[x.length - k];
      BigDecimal count = BigDecimal.valueOf(k);
      sum = sum.add(next);
      squares = squares.add(next.multiply(next));
      BigDecimal mean = sum.divide(count, DIGITS);
      BigDecimal spread = squares.subtract(sum.multiply(mean));
      BigDecimal delta = BigDecimal.ONE.subtract(spread).divide(count, DIGITS);
      if (delta.signum() < 0) {
        break;
      }
      BigDecimal candidate = mean.subtract(delta.sqrt(DIGITS));
      if (next.compareTo(candidate) > 0) {
        tau = candidate;
      }
    }
    BigDecimal[] t = excesses(z, tau);
    Arrays.setAll(t, i -> t[i].multiply(t[i]));
    return t;
  }

  private static BigDecimal[] excesses(BigDecimal[] x, BigDecimal tau) {
    BigDecimal[] values = new BigDecimal[x.length];
    Arrays.setAll(values, i -> x[i].subtract(tau).max(BigDecimal.ZERO));
    return values;
  }

  /** e^x = 2^n·(e^(r/256))^256, r = x - n·ln(2), by the series. */
  static BigDecimal exp(BigDecimal x) {
    BigInteger n = x.divide(LN_2, DIGITS).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    BigDecimal r = x.subtract(LN_2.multiply(new BigDecimal(n))).divide(BigDecimal.valueOf(256));
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int k = 1; k < 24; k++) {
      term = term.multiply(r, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
      sum = sum.add(term);
    }
    return sum.pow(256, DIGITS).multiply(TWO.pow(n.intValueExact(), DIGITS), DIGITS);
  }

  /** log(1 + v) for v >= 0: by the series where v is small, else by Halley's iteration. */
  static BigDecimal logOnePlus(BigDecimal v) {
    if (v.compareTo(new BigDecimal("1e-8")) < 0) {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal power = v.round(DIGITS);
      for (int k = 1; k < 8; k++) {
        sum = sum.add(power.divide(BigDecimal.valueOf(k % 2 == 1 ? k : -k), DIGITS));
        power = power.multiply(v, DIGITS);
      }
      return sum;
    }
    BigDecimal all = v.add(BigDecimal.ONE);
    BigDecimal y = new BigDecimal(Math.log1p(v.doubleValue()));
    for (int step = 0; step < 2; step++) {
      BigDecimal e = exp(y);
      y = y.add(TWO.multiply(all.subtract(e)).divide(all.add(e), DIGITS));
    }
    return y;
  }

  private static BigDecimal log(BigDecimal v) {
    return v.compareTo(BigDecimal.ONE) < 0
        ? log(BigDecimal.ONE.divide(v, DIGITS)).negate()
        : logOnePlus(v.subtract(BigDecimal.ONE));
  }

  /** The place of the first of the largest. */
  private static int first(BigDecimal[] x) {
    int first = 0;
    for (int i = 1; i < x.length; i++) {
      first = x[i].compareTo(x[first]) > 0 ? i : first;
    }
    return first;
  }

  private static BigDecimal sum(BigDecimal[] values) {
    return Arrays.stream(values).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal[] exact(double[] values) {
    return Arrays.stream(values).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new);
  }

  private static BigDecimal[] negated(BigDecimal[] values) {
    return scaled(values, BigDecimal.ONE.negate());
  }

  private static BigDecimal[] scaled(BigDecimal[] values, BigDecimal factor) {
    return Arrays.stream(values).map(value -> value.multiply(factor)).toArray(BigDecimal[]::new);
  }

  private static BigDecimal[] quotients(BigDecimal[] values, BigDecimal divisor) {
    return Arrays.stream(values)
        .map(value -> value.divide(divisor, DIGITS))
        .toArray(BigDecimal[]::new);
  }
}
