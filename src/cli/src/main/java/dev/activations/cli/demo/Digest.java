package dev.activations.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for the bits of an array: equal names mean equal bits. */
final class Digest {
  private static final int STAGE = 1 << 14;
  private static final int SHOWN = 8;

  private Digest() {}

  /** Returns the first 16 hexadecimal digits of the SHA-256 of the values, little-endian. */
  static String of(float[] values) {
    MessageDigest sha = sha256();
    ByteBuffer bytes = ByteBuffer.allocate(STAGE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += STAGE) {
      int length = Math.min(STAGE, values.length - from);
      bytes.clear().asFloatBuffer().put(values, from, length);
      sha.update(bytes.limit(length * Float.BYTES));
    }
    return HexFormat.of().formatHex(sha.digest(), 0, SHOWN);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
