package dev.activations.cpu;

/**
 * A worker's scratch in the place of some elements, for as long as it is busy with one chunk of
 * them.
 *
 * @param array as long as a chunk
 */
record InChunks(float[] array) implements Elements<float[]> {

  @Override
  public float[] array(long at, int count) {
    return array;
  }

  @Override
  public int position(long at) {
    return (int) (at % array.length);
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
