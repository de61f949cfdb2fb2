package dev.activations.spi;

/**
 * Where the elements of a buffer begin.
 *
 * @param memory the storage, as the session's {@code allocateMemory} returned it
 * @param offset the first element, counted in elements
 */
public record Slice(Memory memory, long offset) {

  /** Returns where the element that follows {@code elements} of these lies. */
  public Slice from(long elements) {
    return new Slice(memory, offset + elements);
  }
}
