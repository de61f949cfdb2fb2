package dev.activations.cpu;

import dev.activations.api.ActivationException;
import dev.activations.api.Dtype;
import dev.activations.spi.Memory;
import java.lang.reflect.Array;
import java.util.concurrent.Executor;

/** Memory of this back end: elements in arrays, several of them where one cannot hold so many. */
final class HostMemory implements Memory {
  private final Storage<?> storage;
  private final int segment;
  private final Executor afterPendingWork;
  private Object[] segments;

  /**
   * Allocates.
   *
   * @param dtype the type of the elements
   * @param segment the length of each array but the last
   * @param afterPendingWork runs what it is given when the work enqueued before is done
   * @throws ActivationException if the heap has not as much room
   */
  HostMemory(Dtype dtype, long count, int segment, Executor afterPendingWork) {
    this.storage = Storage.of(dtype);
    this.segment = segment;
    this.afterPendingWork = afterPendingWork;
    // What can never fit is not tried: it would fill the heap of everybody else before it fails.
    if (count > Runtime.getRuntime().maxMemory() / dtype.bytes()) {
      throw missing(dtype, count, null);
    }
    try {
      segments = new Object[Math.toIntExact((count + segment - 1) / segment)];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = storage.allocate().apply((int) Math.min(segment, count - (long) i * segment));
      }
    } catch (OutOfMemoryError | ArithmeticException e) {
      segments = null;
      throw missing(dtype, count, e);
    }
  }

  private static ActivationException missing(Dtype dtype, long count, Throwable cause) {
    return new ActivationException(
        "no room for %d elements of %d bytes in a heap of %d bytes; start Java with a larger -Xmx"
            .formatted(count, dtype.bytes(), Runtime.getRuntime().maxMemory()),
        cause);
  }

  @Override
  public void free() {
    afterPendingWork.execute(() -> segments = null);
  }

  /** Returns what the elements are kept in. */
  Storage<?> storage() {
    return storage;
  }

  /**
   * Returns the elements from {@code offset} on.
   *
   * @param kept what they are kept in
   */
  <A> Elements<A> from(long offset, Storage<A> kept) {
    return new View<>(kept.arrays(), segments, segment, offset);
  }

  private record View<A>(Class<A> arrays, Object[] segments, int segment, long offset)
      implements Elements<A> {
    @Override
    public A array(long at, int count) {
      Object array = segments[(int) ((offset + at) / segment)];
      return count <= Array.getLength(array) - position(at) ? arrays.cast(array) : null;
    }

    @Override
    public int position(long at) {
      return (int) ((offset + at) % segment);
    }

    @Override
    public void get(long at, A to, int toAt, int count) {
      for (int done = 0; done < count; ) {
        int length = Math.min(count - done, segment - position(at + done));
        System.arraycopy(array(at + done, length), position(at + done), to, toAt + done, length);
        done += length;
      }
    }

    @Override
    public void put(long at, A from, int fromAt, int count) {
      for (int done = 0; done < count; ) {
        int length = Math.min(count - done, segment - position(at + done));
        System.arraycopy(
            from, fromAt + done, array(at + done, length), position(at + done), length);
        done += length;
      }
    }
  }
}
