package dev.activations.cpu;

import java.util.HashMap;
import java.util.Map;

/** Arrays of one worker, for what does not lie in an array, or not side by side. */
final class Scratch {
  /** Elements that a tile holds. */
  static final int TILE = 1 << 14;

  private final Map<Storage<?>, Object> first = new HashMap<>();
  private final Map<Storage<?>, Object> second = new HashMap<>();
  private final Map<Storage<?>, Object> third = new HashMap<>();
  private final Map<Storage<?>, Object> fourth = new HashMap<>();
  private final Map<Storage<?>, Object> fifth = new HashMap<>();
  private final Map<Storage<?>, Object> sixth = new HashMap<>();

  /** Returns the tile for the first stream. */
  <A> A first(Storage<A> storage) {
    return tile(first, storage);
  }

  /** Returns the tile for the second stream. */
  <A> A second(Storage<A> storage) {
    return tile(second, storage);
  }

  /** Returns a tile for results in between. */
  <A> A third(Storage<A> storage) {
    return tile(third, storage);
  }

  /** Returns another tile for results in between. */
  <A> A fourth(Storage<A> storage) {
    return tile(fourth, storage);
  }

  /** Returns a tile for the first stream where a step before has changed it. */
  <A> A fifth(Storage<A> storage) {
    return tile(fifth, storage);
  }

  /** Returns a tile for the second stream where a step before has changed it. */
  <A> A sixth(Storage<A> storage) {
    return tile(sixth, storage);
  }

  private static <A> A tile(Map<Storage<?>, Object> tiles, Storage<A> storage) {
    return storage.arrays().cast(tiles.computeIfAbsent(storage, key -> key.allocate().apply(TILE)));
  }
}
