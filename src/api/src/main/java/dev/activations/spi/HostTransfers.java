package dev.activations.spi;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * Copies between the host's buffers and a device's memory, blocking. To drivers all elements are
 * bytes. Direct buffers in the native order go straight to the driver; others pass through a
 * staging buffer, because a driver that reads a Java array would hold up the garbage collector for
 * as long as the device takes.
 */
public abstract class HostTransfers {
  /** The bytes that the staging buffer holds: 4 MiB. */
  protected static final int STAGING = 1 << 22;

  private ByteBuffer staging;

  /** For back ends. */
  protected HostTransfers() {}

  /** Whether a driver can work on a buffer itself: it is direct, and in the native order. */
  public static boolean isNative(Buffer buffer) {
    return Elements.of(buffer).isNative();
  }

  /** Returns the size of an element in bytes. */
  public static int size(Buffer buffer) {
    return Elements.of(buffer).size();
  }

  /**
   * Copies all elements of a buffer, which starts at position 0, to the start of some bytes.
   *
   * @param to bytes in the native order
   */
  public static void stage(Buffer from, ByteBuffer to) {
    Elements.of(from).get(0, from.limit(), to);
  }

  /**
   * Fills a buffer, which starts at position 0, with elements from the start of some bytes.
   *
   * @param from bytes in the native order
   */
  public static void unstage(ByteBuffer from, Buffer to) {
    Elements.of(to).put(0, to.limit(), from);
  }

  /**
   * Copies the elements of a buffer, which starts at position 0, to the device.
   *
   * @param from a buffer of floats, doubles or shorts, as the memory is
   */
  public final void write(Buffer from, Slice to) {
    Elements host = Elements.of(from);
    long at = to.offset() * host.size();
    if (host.isNative()) {
      writeDirect(from, host.bytes(from.limit()), to.memory(), at);
      return;
    }
    int most = STAGING / host.size();
    for (int done = 0; done < from.limit(); done += most) {
      int count = Math.min(most, from.limit() - done);
      host.get(done, count, staging());
      writeDirect(staging(), host.bytes(count), to.memory(), at + host.bytes(done));
    }
  }

  /**
   * Copies elements of the device to a buffer, which starts at position 0.
   *
   * @param to a buffer of floats, doubles or shorts, as the memory is
   */
  public final void read(Slice from, Buffer to) {
    Elements host = Elements.of(to);
    long at = from.offset() * host.size();
    if (host.isNative()) {
      readDirect(from.memory(), at, to, host.bytes(to.limit()));
      return;
    }
    int most = STAGING / host.size();
    for (int done = 0; done < to.limit(); done += most) {
      int count = Math.min(most, to.limit() - done);
      readDirect(from.memory(), at + host.bytes(done), staging(), host.bytes(count));
      host.put(done, count, staging());
    }
  }

  /** Returns a direct buffer of {@link #STAGING} bytes in the native order. Called once. */
  protected abstract ByteBuffer allocateStaging();

  /**
   * Copies the first bytes of a direct buffer in the native order to the device, and waits.
   *
   * @param at where they go in the memory, in bytes
   */
  protected abstract void writeDirect(Buffer from, long bytes, Memory to, long at);

  /**
   * Fills the first bytes of a direct buffer in the native order, and waits.
   *
   * @param at where they come from in the memory, in bytes
   */
  protected abstract void readDirect(Memory from, long at, Buffer to, long bytes);

  private ByteBuffer staging() {
    if (staging == null) {
      staging = allocateStaging();
    }
    return staging;
  }

  /** What buffers of different types have no common words for. */
  private interface Elements {
    /** The size of an element in bytes. */
    int size();

    /** Whether a driver can work on the buffer itself. */
    boolean isNative();

    /** Copies elements from a place on to the start of some bytes. */
    void get(int at, int count, ByteBuffer to);

    /** Copies bytes from their start to the elements from a place on. */
    void put(int at, int count, ByteBuffer from);

    default long bytes(int count) {
      return (long) count * size();
    }

    static Elements of(Buffer buffer) {
      if (buffer instanceof FloatBuffer floats) {
        return new Floats(floats);
      }
      if (buffer instanceof DoubleBuffer doubles) {
        return new Doubles(doubles);
      }
      if (buffer instanceof ShortBuffer shorts) {
        return new Shorts(shorts);
      }
      throw new AssertionError("no elements are kept in " + buffer);
    }

    private static boolean isNative(Buffer buffer, ByteOrder order) {
      return buffer.isDirect() && order == ByteOrder.nativeOrder();
    }

    record Floats(FloatBuffer buffer) implements Elements {
      @Override
      public int size() {
        return Float.BYTES;
      }

      @Override
      public boolean isNative() {
        return Elements.isNative(buffer, buffer.order());
      }

      @Override
      public void get(int at, int count, ByteBuffer to) {
        to.asFloatBuffer().put(0, buffer, at, count);
      }

      @Override
      public void put(int at, int count, ByteBuffer from) {
        buffer.put(at, from.asFloatBuffer(), 0, count);
      }
    }

    record Doubles(DoubleBuffer buffer) implements Elements {
      @Override
      public int size() {
        return Double.BYTES;
      }

      @Override
      public boolean isNative() {
        return Elements.isNative(buffer, buffer.order());
      }

      @Override
      public void get(int at, int count, ByteBuffer to) {
        to.asDoubleBuffer().put(0, buffer, at, count);
      }

      @Override
      public void put(int at, int count, ByteBuffer from) {
        buffer.put(at, from.asDoubleBuffer(), 0, count);
      }
    }

    record Shorts(ShortBuffer buffer) implements Elements {
      @Override
      public int size() {
        return Short.BYTES;
      }

      @Override
      public boolean isNative() {
        return Elements.isNative(buffer, buffer.order());
      }

      @Override
      public void get(int at, int count, ByteBuffer to) {
        to.asShortBuffer().put(0, buffer, at, count);
      }

      @Override
      public void put(int at, int count, ByteBuffer from) {
        buffer.put(at, from.asShortBuffer(), 0, count);
      }
    }
  }
}
