package dev.activations.cpu;

import dev.activations.api.Dtype;
import dev.activations.cpu.Elements.Run;
import dev.activations.cpu.scalar.SmallFloats;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;

/**
 * Passes over elements of 16 bits, in chunks that fit a core's cache. A processor looks values up
 * about as fast as it reads them, so that there is one way to do it for all devices of this back
 * end.
 */
final class StorageLoops {
  private static final int CHUNK = Scratch.TILE;
  private static final int VALUES = 1 << Short.SIZE;

  private final StoragePass pass;

  StorageLoops(StoragePass pass) {
    this.pass = pass;
  }

  void run(Pool pool, Scratch[] scratch) {
    Chunk chunk =
        switch (pass.step()) {
          case WIDEN -> this::widen;
          case NARROW -> this::narrow;
          case LOOKUP -> lookup(0, 1, 2);
          case LOOKUP_BOTH -> both();
          case LOOKUP_BACKWARD -> backward();
        };
    pool.run(
        (pass.count() + CHUNK - 1) / CHUNK,
        (worker, part) -> {
          long from = part * CHUNK;
          chunk.run(from, (int) Math.min(CHUNK, pass.count() - from), scratch[worker]);
        });
  }

  /** What is done with some neighbours. */
  private interface Chunk {
    void run(long from, int count, Scratch scratch);
  }

  private void widen(long from, int count, Scratch scratch) {
    Run<short[]> x = elements(0, Storage.SHORTS).run(from, count, scratch.first(Storage.SHORTS));
    Elements<float[]> out = elements(1, Storage.FLOATS);
    float[] y = scratch.first(Storage.FLOATS);
    widen(x, y, count);
    out.put(from, y, 0, count);
  }

  private void narrow(long from, int count, Scratch scratch) {
    Run<float[]> x = elements(0, Storage.FLOATS).run(from, count, scratch.first(Storage.FLOATS));
    short[] y = scratch.first(Storage.SHORTS);
    narrow(x, y, count);
    elements(1, Storage.SHORTS).put(from, y, 0, count);
  }

  /** The numbers are those of the slices. */
  private Chunk lookup(int in, int table, int out) {
    Run<short[]> values = elements(table, Storage.SHORTS).run(0, VALUES, new short[VALUES]);
    return (from, count, scratch) -> {
      Run<short[]> x = elements(in, Storage.SHORTS).run(from, count, scratch.first(Storage.SHORTS));
      short[] y = scratch.second(Storage.SHORTS);
      for (int i = 0; i < count; i++) {
        y[i] = values.array()[values.at() + (x.array()[x.at() + i] & 0xFFFF)];
      }
      elements(out, Storage.SHORTS).put(from, y, 0, count);
    };
  }

  private Chunk both() {
    Chunk values = lookup(0, 1, 3);
    Chunk slopes = lookup(0, 2, 4);
    // The one that overwrites the input comes last.
    boolean slopesLast = pass.slices().get(4).equals(pass.slices().get(0));
    Chunk first = slopesLast ? values : slopes;
    Chunk last = slopesLast ? slopes : values;
    return (from, count, scratch) -> {
      first.run(from, count, scratch);
      last.run(from, count, scratch);
    };
  }

  private Chunk backward() {
    Run<float[]> slopes = elements(2, Storage.FLOATS).run(0, VALUES, new float[VALUES]);
    return (from, count, scratch) -> {
      short[] tile = scratch.first(Storage.SHORTS);
      float[] product = scratch.first(Storage.FLOATS);
      widen(elements(1, Storage.SHORTS).run(from, count, tile), product, count);
      Run<short[]> x = elements(0, Storage.SHORTS).run(from, count, tile);
      for (int i = 0; i < count; i++) {
        product[i] *= slopes.array()[slopes.at() + (x.array()[x.at() + i] & 0xFFFF)];
      }
      narrow(new Run<>(product, 0), tile, count);
      elements(3, Storage.SHORTS).put(from, tile, 0, count);
    };
  }

  private void widen(Run<short[]> x, float[] y, int count) {
    if (pass.dtype() == Dtype.F16) {
      for (int i = 0; i < count; i++) {
        y[i] = SmallFloats.widenFloat16(x.array()[x.at() + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[i] = SmallFloats.widenBfloat16(x.array()[x.at() + i]);
      }
    }
  }

  private void narrow(Run<float[]> x, short[] y, int count) {
    if (pass.dtype() == Dtype.F16) {
      for (int i = 0; i < count; i++) {
        y[i] = SmallFloats.narrowFloat16(x.array()[x.at() + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[i] = SmallFloats.narrowBfloat16(x.array()[x.at() + i]);
      }
    }
  }

  private <A> Elements<A> elements(int number, Storage<A> storage) {
    Slice slice = pass.slices().get(number);
    return ((HostMemory) slice.memory()).from(slice.offset(), storage);
  }
}
