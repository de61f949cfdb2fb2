package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryTest {

  @ParameterizedTest
  @CsvSource({"0, 1, 2, 12", "1, 2, 3, 4", "2, 6, 4, 1", "-1, 6, 4, 1", "-3, 1, 2, 12"})
  void everyAxisOfAShapeIsOneTriple(int axis, long outer, long size, long inner) {
    assertEquals(new Geometry(outer, size, inner), Geometry.of(axis, 2, 3, 4));
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Geometry.of(3, 2, 3, 4));
    assertThrows(IllegalArgumentException.class, () -> Geometry.of(-4, 2, 3, 4));
    assertThrows(IllegalArgumentException.class, () -> new Geometry(1, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Geometry(1L << 32, 1L << 31, 1));
  }

  @Test
  void anOpChecksItsGeometry() {
    assertThrows(IllegalArgumentException.class, () -> Op.of(Kind.GELU).over(Geometry.rows(2, 3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Op.of(Kind.SOFTMAX).over(Geometry.rows(2, 3)).rows(7));
    assertEquals(Geometry.rows(1, 7), Op.of(Kind.SOFTMAX).rows(7));
  }
}
