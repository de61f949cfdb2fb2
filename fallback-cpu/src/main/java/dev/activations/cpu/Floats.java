package dev.activations.cpu;

import java.nio.FloatBuffer;

/** Adjacent floats somewhere in the host's memory. Positions count from its own beginning. */
interface Floats {

  /** Returns the array that holds these elements side by side, or null if none does. */
  float[] array(long at, int count);

  /** Returns where in that array the first of them lies. */
  int position(long at);

  /** Copies elements to an array. */
  void get(long at, float[] to, int toAt, int count);

  /** Copies elements from an array. */
  void put(long at, float[] from, int fromAt, int count);

  /** The elements of a buffer, from 0 to its limit. */
  static Floats of(FloatBuffer buffer) {
    return buffer.hasArray()
        ? new OfArray(buffer.array(), buffer.arrayOffset())
        : new OfBuffer(buffer);
  }

  /** A part of an array. */
  record OfArray(float[] array, int offset) implements Floats {
    @Override
    public float[] array(long at, int count) {
      return array;
    }

    @Override
    public int position(long at) {
      return (int) (offset + at);
    }

    @Override
    public void get(long at, float[] to, int toAt, int count) {
      System.arraycopy(array, position(at), to, toAt, count);
    }

    @Override
    public void put(long at, float[] from, int fromAt, int count) {
      System.arraycopy(from, fromAt, array, position(at), count);
    }
  }

  /** A direct or read-only buffer. Its own position is left alone. */
  record OfBuffer(FloatBuffer buffer) implements Floats {
    @Override
    public float[] array(long at, int count) {
      return null;
    }

    @Override
    public int position(long at) {
      throw new UnsupportedOperationException("a buffer without an array");
    }

    @Override
    public void get(long at, float[] to, int toAt, int count) {
      buffer.get((int) at, to, toAt, count);
    }

    @Override
    public void put(long at, float[] from, int fromAt, int count) {
      buffer.put((int) at, from, fromAt, count);
    }
  }
}
