package dev.activations.cpu.scalar;

/**
 * What is known about a row, the same for all of its elements.
 *
 * @param m what the fold has found
 * @param hi what the last sum has told, as a pair; -1 before the first
 * @param lo what {@code hi} lacks
 * @param pending not 0 as long as another sum is needed; what its terms need to know. 1 before the
 *     first
 * @param parameter the parameter of the activation, if it has one
 */
public record Row(float m, float hi, float lo, float pending, float parameter) {
  /** A row after its fold. */
  public static Row of(float m, float parameter) {
    return new Row(m, -1.0f, 0.0f, 1.0f, parameter);
  }

  /** The row after a sum. */
  public Row with(Pair value, float pending) {
    return new Row(m, value.hi(), value.lo(), pending, parameter);
  }

  /** What the last sum has told. */
  public Pair value() {
    return new Pair(hi, lo);
  }

  /** This row as the uniforms of a loop. */
  public float[] toUniforms() {
    return new float[] {m, hi, lo, pending, parameter};
  }

  /** The row that {@link #toUniforms} wrote. */
  public static Row ofUniforms(float[] uniforms) {
    return new Row(uniforms[0], uniforms[1], uniforms[2], uniforms[3], uniforms[4]);
  }
}
