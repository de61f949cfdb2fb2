package dev.activations.api;

import dev.activations.spi.PinnedMemory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;

/**
 * Elements in pinned memory of the host, which a device copies from and to by itself, at the full
 * speed of the bus, and while the host does other things. Made by {@link Session#allocateHost}.
 *
 * <p>Its views, and slices of them, are buffers like others: give them, or the buffer itself, to
 * the methods of a session that take the host's data, which see that the memory is pinned. On the
 * CPU it is plain memory.
 *
 * <p>Closing it gives the memory back to the session, which hands it out again; closing the session
 * gives it back to the driver. From then on views of it must not be touched: they would change what
 * is another's, or end the program.
 */
public final class HostBuffer implements HostArray, AutoCloseable {
  /** The most that a buffer holds, in bytes: 2^31 - 4096. */
  public static final int MOST = Integer.MAX_VALUE & -PinnedMemory.PAGE;

  private final Session session;
  private final PinnedMemory memory;
  private final Dtype dtype;
  private final int count;
  private boolean open = true;

  HostBuffer(Session session, PinnedMemory memory, Dtype dtype, int count) {
    this.session = session;
    this.memory = memory;
    this.dtype = dtype;
    this.count = count;
  }

  @Override
  public Dtype dtype() {
    return dtype;
  }

  /** Returns the number of elements, as one axis. */
  @Override
  public long[] shape() {
    return new long[] {count};
  }

  /**
   * Returns all elements.
   *
   * @throws IllegalArgumentException if they are not float32
   * @throws IllegalStateException if the buffer is closed
   */
  public FloatBuffer floats() {
    Session.checkHeld("floats", dtype, Dtype.F32);
    return (FloatBuffer) elements(0, count);
  }

  /**
   * Returns all elements.
   *
   * @throws IllegalArgumentException if they are not float64
   * @throws IllegalStateException if the buffer is closed
   */
  public DoubleBuffer doubles() {
    Session.checkHeld("doubles", dtype, Dtype.F64);
    return (DoubleBuffer) elements(0, count);
  }

  /**
   * Returns the bits of all elements.
   *
   * @throws IllegalArgumentException if they are not float16 or bfloat16
   * @throws IllegalStateException if the buffer is closed
   */
  public ShortBuffer bits() {
    Session.checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    return (ShortBuffer) elements(0, count);
  }

  /**
   * Returns all elements as bytes in the native order.
   *
   * @throws IllegalStateException if the buffer is closed
   */
  public ByteBuffer bytes() {
    return bytes(0, count);
  }

  /**
   * Returns a view of some of the elements.
   *
   * @throws IndexOutOfBoundsException if there are no such elements
   * @throws IllegalStateException if the buffer is closed
   */
  @Override
  public Buffer elements(long from, int count) {
    Objects.checkFromIndexSize(from, count, this.count);
    return HostArray.view(dtype, bytes((int) from, count));
  }

  private ByteBuffer bytes(int from, int count) {
    synchronized (session) {
      if (!open) {
        throw new IllegalStateException("the buffer of the host is closed");
      }
      return memory
          .bytes()
          .slice(from * dtype.bytes(), count * dtype.bytes())
          .order(ByteOrder.nativeOrder());
    }
  }

  /** Gives the memory back to the session. Does nothing when closed already. */
  @Override
  public void close() {
    synchronized (session) {
      if (open) {
        session.free(this);
      }
    }
  }

  PinnedMemory memory() {
    return memory;
  }

  /** The memory is no longer this buffer's. Called under the session's lock. */
  void forget() {
    open = false;
  }

  @Override
  public String toString() {
    return "%d elements of %s in pinned memory of %s"
        .formatted(count, dtype.label(), session.device().id());
  }
}
