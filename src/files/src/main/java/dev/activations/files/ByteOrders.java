package dev.activations.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns elements round between the byte orders. */
final class ByteOrders {
  private ByteOrders() {}

  /** Reverses the bytes of each element from position to limit, and moves neither. */
  static void reverse(ByteBuffer elements, int size) {
    ByteBuffer bytes = elements.duplicate().order(ByteOrder.nativeOrder());
    for (int at = bytes.position(); at < bytes.limit(); at += size) {
      switch (size) {
        case Short.BYTES -> bytes.putShort(at, Short.reverseBytes(bytes.getShort(at)));
        case Integer.BYTES -> bytes.putInt(at, Integer.reverseBytes(bytes.getInt(at)));
        case Long.BYTES -> bytes.putLong(at, Long.reverseBytes(bytes.getLong(at)));
        default -> {
          return; // A byte is its own reverse.
        }
      }
    }
  }
}
