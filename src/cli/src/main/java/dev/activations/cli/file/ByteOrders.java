package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns elements round between the byte orders. */
final class ByteOrders {
  private ByteOrders() {}

  /** Reverses the bytes of each element from position to limit, and moves neither. */
  static void reverse(ByteBuffer elements, Dtype dtype) {
    ByteBuffer bytes = elements.duplicate().order(ByteOrder.nativeOrder());
    for (int at = bytes.position(); at < bytes.limit(); at += dtype.bytes()) {
      switch (dtype) {
        case F32 -> bytes.putInt(at, Integer.reverseBytes(bytes.getInt(at)));
        case F64 -> bytes.putLong(at, Long.reverseBytes(bytes.getLong(at)));
        case F16, BF16 -> bytes.putShort(at, Short.reverseBytes(bytes.getShort(at)));
      }
    }
  }
}
