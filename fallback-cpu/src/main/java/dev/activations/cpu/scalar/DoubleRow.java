package dev.activations.cpu.scalar;

/**
 * What is known about a row of doubles, the same for all of its elements. The twin of {@link Row}.
 *
 * @param m what the fold has found
 * @param hi what the last sum has told, as a pair; -1 before the first
 * @param lo what {@code hi} lacks
 * @param pending not 0 as long as another sum is needed; what its terms need to know. 1 before the
 *     first
 * @param parameter the parameter of the activation, if it has one
 */
public record DoubleRow(double m, double hi, double lo, double pending, double parameter) {
  /** A row after its fold. */
  public static DoubleRow of(double m, double parameter) {
    return new DoubleRow(m, -1.0, 0.0, 1.0, parameter);
  }

  /** The row after a sum. */
  public DoubleRow with(DoublePair value, double pending) {
    return new DoubleRow(m, value.hi(), value.lo(), pending, parameter);
  }

  /** What the last sum has told. */
  public DoublePair value() {
    return new DoublePair(hi, lo);
  }

  /** This row as the uniforms of a loop. */
  public double[] toUniforms() {
    return new double[] {m, hi, lo, pending, parameter};
  }

  /** The row that {@link #toUniforms} wrote. */
  public static DoubleRow ofUniforms(double[] uniforms) {
    return new DoubleRow(uniforms[0], uniforms[1], uniforms[2], uniforms[3], uniforms[4]);
  }
}
