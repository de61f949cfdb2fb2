package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementTypeTest {

  /** Ends, halfway cases, and such where rounding to double first would go wrong. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (1L << 53) + 1,
        (1L << 24) + 1,
        (1L << 60) + (1L << 36) + 1,
        -(1L << 60) - (1L << 36) - 1,
        Long.MIN_VALUE + (1L << 39) + 1,
        Long.MIN_VALUE + (1L << 10),
        Long.MIN_VALUE + (1L << 10) + 1
      })
  void longsAreRoundedOnce(long bits) {
    ByteBuffer element = ByteBuffer.allocate(8).putLong(0, bits);
    BigDecimal signed = new BigDecimal(bits);
    assertEquals(signed.floatValue(), ElementType.I64.toFloat(element, 0));
    assertEquals(signed.doubleValue(), ElementType.I64.toDouble(element, 0));
    BigDecimal unsigned = new BigDecimal(Long.toUnsignedString(bits));
    assertEquals(unsigned.floatValue(), ElementType.U64.toFloat(element, 0));
    assertEquals(unsigned.doubleValue(), ElementType.U64.toDouble(element, 0));
  }

  @Test
  void smallIntegersKeepTheirSignOrHaveNone() {
    ByteBuffer ones = ByteBuffer.allocate(8).putLong(0, -1);
    assertEquals(-1, ElementType.I8.toFloat(ones, 0));
    assertEquals(-1, ElementType.I16.toFloat(ones, 0));
    assertEquals(-1, ElementType.I32.toFloat(ones, 0));
    assertEquals(255, ElementType.U8.toFloat(ones, 0));
    assertEquals(65535, ElementType.U16.toFloat(ones, 0));
    assertEquals(4294967295.0, ElementType.U32.toDouble(ones, 0));
    assertEquals(1, ElementType.BOOL.toFloat(ones, 0));
  }

  @Test
  void typesAreFoundByTheirNames() {
    for (ElementType type : ElementType.values()) {
      assertEquals(type, ElementType.named(type.label()));
    }
    String message =
        assertThrows(InputException.class, () -> ElementType.named("float8")).getMessage();
    assertTrue(message.contains("unknown type 'float8'; expected one of float32, "), message);
  }
}
