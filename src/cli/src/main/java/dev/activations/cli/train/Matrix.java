package dev.activations.cli.train;

/**
 * A matrix in plain Java, whose arithmetic is exact to the bit everywhere.
 *
 * @param values row after row
 */
record Matrix(int rows, int columns, float[] values) {

  /**
   * Returns the matrix product. Each element adds its terms in the order of this matrix' columns.
   */
  Matrix times(Matrix right) {
    int width = right.columns;
    float[] product = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < columns; k++) {
        addScaled(values[row * columns + k], right.values, k * width, product, row * width, width);
      }
    }
    return new Matrix(rows, width, product);
  }

  /** A loop of its own, which HotSpot turns into SIMD. */
  private static void addScaled(
      float scale, float[] from, int fromAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] += scale * from[fromAt + i];
    }
  }

  Matrix transposed() {
    float[] transposed = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return new Matrix(columns, rows, transposed);
  }

  /** Returns the Euclidean norm of the elements. */
  double norm() {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
