package dev.activations.cpu;

import dev.activations.api.ActivationException;
import dev.activations.spi.Memory;
import java.util.concurrent.Executor;

/** Memory of this back end: floats in arrays, several of them where one cannot hold so many. */
final class HostMemory implements Memory {
  private final long count;
  private final int segment;
  private final Executor afterPendingWork;
  private float[][] segments;

  /**
   * Allocates.
   *
   * @param segment the length of each array but the last
   * @param afterPendingWork runs what it is given when the work enqueued before is done
   * @throws ActivationException if the heap has not as much room
   */
  HostMemory(long count, int segment, Executor afterPendingWork) {
    this.count = count;
    this.segment = segment;
    this.afterPendingWork = afterPendingWork;
    try {
      segments = new float[Math.toIntExact((count + segment - 1) / segment)][];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = new float[(int) Math.min(segment, count - (long) i * segment)];
      }
    } catch (OutOfMemoryError | ArithmeticException e) {
      segments = null;
      throw new ActivationException(
          "no room for %d elements (%d bytes) in a heap of %d bytes; start Java with a larger -Xmx"
              .formatted(count, count * Float.BYTES, Runtime.getRuntime().maxMemory()),
          e);
    }
  }

  @Override
  public void free() {
    afterPendingWork.execute(() -> segments = null);
  }

  /** Returns the elements from {@code offset} on. */
  Floats from(long offset) {
    return new View(segments, segment, offset);
  }

  private record View(float[][] segments, int segment, long offset) implements Floats {
    @Override
    public float[] array(long at, int count) {
      float[] array = segments[(int) ((offset + at) / segment)];
      return count <= array.length - position(at) ? array : null;
    }

    @Override
    public int position(long at) {
      return (int) ((offset + at) % segment);
    }

    @Override
    public void get(long at, float[] to, int toAt, int count) {
      for (int done = 0; done < count; ) {
        int length = Math.min(count - done, segment - position(at + done));
        System.arraycopy(array(at + done, length), position(at + done), to, toAt + done, length);
        done += length;
      }
    }

    @Override
    public void put(long at, float[] from, int fromAt, int count) {
      for (int done = 0; done < count; ) {
        int length = Math.min(count - done, segment - position(at + done));
        System.arraycopy(
            from, fromAt + done, array(at + done, length), position(at + done), length);
        done += length;
      }
    }
  }
}
