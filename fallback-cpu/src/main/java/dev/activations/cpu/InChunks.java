package dev.activations.cpu;

/**
 * A worker's scratch in the place of some elements, for as long as it is busy with one chunk of
 * them.
 *
 * @param array a tile, as long as a chunk
 */
record InChunks<A>(A array) implements Elements<A> {

  @Override
  public A array(long at, int count) {
    return array;
  }

  @Override
  public int position(long at) {
    return (int) (at % Scratch.TILE);
  }

  @Override
  public void get(long at, A to, int toAt, int count) {
    System.arraycopy(array, position(at), to, toAt, count);
  }

  @Override
  public void put(long at, A from, int fromAt, int count) {
    System.arraycopy(from, fromAt, array, position(at), count);
  }
}
