package dev.activations.spi;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Copies between the host's buffers and a device's memory, blocking. Direct buffers in the native
 * order go straight to the driver; others pass through a staging buffer, because a driver that
 * reads a Java array would hold up the garbage collector for as long as the device takes.
 */
public abstract class HostTransfers {
  /** The elements that the staging buffer holds: 4 MiB. */
  protected static final int STAGING = 1 << 20;

  private FloatBuffer staging;

  /** For back ends. */
  protected HostTransfers() {}

  /** Copies the elements of {@code from}, which starts at position 0, to the device. */
  public final void write(FloatBuffer from, Slice to) {
    if (isNative(from)) {
      writeDirect(from, to);
      return;
    }
    for (int at = 0; at < from.limit(); at += STAGING) {
      FloatBuffer piece = staging(Math.min(STAGING, from.limit() - at));
      piece.put(0, from, at, piece.limit());
      writeDirect(piece, new Slice(to.memory(), to.offset() + at));
    }
  }

  /** Copies elements of the device to {@code to}, which starts at position 0. */
  public final void read(Slice from, FloatBuffer to) {
    if (isNative(to)) {
      readDirect(from, to);
      return;
    }
    for (int at = 0; at < to.limit(); at += STAGING) {
      FloatBuffer piece = staging(Math.min(STAGING, to.limit() - at));
      readDirect(new Slice(from.memory(), from.offset() + at), piece);
      to.put(at, piece, 0, piece.limit());
    }
  }

  /** Returns a direct buffer of {@link #STAGING} elements in the native order. Called once. */
  protected abstract FloatBuffer allocateStaging();

  /** Copies a direct buffer in the native order, from 0 to its limit, and waits. */
  protected abstract void writeDirect(FloatBuffer from, Slice to);

  /** Fills a direct buffer in the native order, from 0 to its limit, and waits. */
  protected abstract void readDirect(Slice from, FloatBuffer to);

  private FloatBuffer staging(int count) {
    if (staging == null) {
      staging = allocateStaging();
    }
    return staging.limit(count);
  }

  private static boolean isNative(FloatBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
  }
}
