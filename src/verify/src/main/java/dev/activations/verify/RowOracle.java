package dev.activations.verify;

import dev.activations.api.Kind;

/**
 * True values of the kinds over an axis, for one row of numbers of any length, none of them NaN or
 * infinite. In double precision, or exactly; nothing here comes from the library.
 */
final class RowOracle {
  /** The accuracy of the sum of a backward pass: a float has 24 bits, a pair of them 48. */
  private static final double SUM = 0x1p-46;

  private RowOracle() {}

  /** Returns the true result of a forward pass. */
  static double[] forward(Kind kind, float[] x) {
    return switch (kind) {
      case SOFTMAX -> FastOracle.softmax(x);
      case SOFTMIN -> FastOracle.softmax(negated(x));
      default -> throw new AssertionError(kind);
    };
  }

  /** Returns the true result of a backward pass, for the output given. */
  static double[] backward(Kind kind, float[] y, float[] dy) {
    return switch (kind) {
      case SOFTMAX -> Oracle.softmaxBackward(y, dy);
      case SOFTMIN -> Oracle.softmaxBackward(y, negated(dy));
      default -> throw new AssertionError(kind);
    };
  }

  /**
   * Returns what an element of a backward pass may be off, beyond its units in the last place:
   * there a difference may cancel more digits than a sum has.
   */
  static double slack(Kind kind, float y, float largest) {
    return SUM * y * largest;
  }

  private static float[] negated(float[] values) {
    float[] negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }
}
