package dev.activations.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MatrixTest {
  private static final Matrix A = new Matrix(2, 3, new float[] {1, 2, 3, 4, 5, 6});

  @Test
  void rowsMeetColumns() {
    Matrix product = A.times(new Matrix(3, 1, new float[] {1, 10, 100}));
    assertEquals(2, product.rows());
    assertEquals(1, product.columns());
    assertArrayEquals(new float[] {321, 654}, product.values());
  }

  @Test
  void transposingSwapsRowsAndColumns() {
    Matrix transposed = A.transposed();
    assertEquals(3, transposed.rows());
    assertEquals(2, transposed.columns());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, transposed.values());
  }

  @Test
  void theNormIsEuclidean() {
    assertEquals(5, new Matrix(1, 2, new float[] {3, -4}).norm());
  }
}
