package dev.activations.cpu;

import dev.activations.api.Geometry;
import dev.activations.cpu.Loops.Rows;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Softmax;

/**
 * Softmax over rows, forward or backward: three passes over each row, of which the first two find
 * what the third needs.
 *
 * <p>Rows are taken in <em>tiles</em>: one row where its elements lie side by side, and else some
 * neighbours, whose elements are gathered row by row into a worker's scratch. Tiles are walked in
 * blocks that fit the cache. Workers share out the tiles, or, where there are few long ones, the
 * blocks of each: sums are sums of integers, so that any split gives the same bits.
 */
final class RowPass {
  /** Neighbouring rows in a tile: as many floats as a cache line has. */
  private static final int WIDTH = 16;

  /** With so many tiles for each worker none of them waits long for the last. */
  private static final int ENOUGH = 4;

  private final Rows loops;
  private final Operands<float[]> operands;
  private final Geometry geometry;
  private final long tilesAcross;
  private final int blockLength;

  RowPass(Rows loops, Operands<float[]> operands, Geometry geometry) {
    this.loops = loops;
    this.operands = operands;
    this.geometry = geometry;
    boolean adjacent = geometry.inner() == 1;
    this.tilesAcross = adjacent ? 1 : (geometry.inner() + WIDTH - 1) / WIDTH;
    this.blockLength = adjacent ? Scratch.TILE : Scratch.TILE / WIDTH;
  }

  void run(Pool pool, Scratch[] scratch) {
    long tiles = geometry.outer() * tilesAcross;
    long blocks = (geometry.axis() + blockLength - 1) / blockLength;
    if (blocks > 1 && tiles < (long) ENOUGH * pool.workers()) {
      for (long number = 0; number < tiles; number++) {
        Tile tile = new Tile(number);
        for (Phase phase : Phase.values()) {
          pool.run(blocks, (worker, block) -> tile.block(block, scratch[worker], phase));
        }
      }
      return;
    }
    // Short rows are bundled, as taking a part has its price.
    long bundle = Math.max(1, PointwisePass.CHUNK / (geometry.axis() * width(0)));
    pool.run(
        (tiles + bundle - 1) / bundle,
        (worker, part) -> {
          long end = Math.min(tiles, (part + 1) * bundle);
          for (long number = part * bundle; number < end; number++) {
            new Tile(number).all(blocks, scratch[worker]);
          }
        });
  }

  private int width(long firstRow) {
    return (int) Math.min(WIDTH, geometry.inner() - firstRow);
  }

  private enum Phase {
    FOLD,
    SUM,
    MAP
  }

  /** What the passes have found out about one row. Several workers may bring their parts. */
  private static final class Row {
    float folded;
    long high;
    long low;

    Row(float start) {
      folded = start;
    }

    synchronized void fold(Span<float[]> part) {
      folded = Softmax.maximum(folded, part.folded);
    }

    synchronized void add(Span<float[]> part) {
      high += part.high;
      low += part.low;
    }
  }

  /** Neighbouring rows. */
  private final class Tile {
    private final Row[] rows;
    private final long origin;

    Tile(long number) {
      long across = number % tilesAcross * WIDTH;
      origin = number / tilesAcross * geometry.axis() * geometry.inner() + across;
      rows = new Row[width(across)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new Row(loops.start());
      }
    }

    void all(long blocks, Scratch scratch) {
      if (blocks == 1) {
        // What is gathered once serves all phases.
        block(0, scratch, Phase.values());
        return;
      }
      for (Phase phase : Phase.values()) {
        for (long block = 0; block < blocks; block++) {
          block(block, scratch, phase);
        }
      }
    }

    void block(long block, Scratch scratch, Phase... phases) {
      long from = block * blockLength;
      int count = (int) Math.min(blockLength, geometry.axis() - from);
      if (geometry.inner() > 1) {
        gathered(from, count, scratch, phases);
        return;
      }
      for (Phase phase : phases) {
        run(phase, rows[0], operands, origin + from, count, scratch);
      }
    }

    /** Gathers a block of each row, so that its elements lie side by side. */
    private void gathered(long from, int count, Scratch scratch, Phase... phases) {
      boolean two = operands.second() != operands.first();
      float[] gathered = scratch.first(Storage.FLOATS);
      float[] others = scratch.second(Storage.FLOATS);
      gather(operands.first(), from, count, gathered);
      if (two) {
        gather(operands.second(), from, count, others);
      }
      for (int i = 0; i < rows.length; i++) {
        Elements<float[]> first = new Elements.OfArray<>(gathered, i * count);
        Elements<float[]> second = two ? new Elements.OfArray<>(others, i * count) : first;
        Operands<float[]> row = new Operands<>(Storage.FLOATS, first, second, first);
        for (Phase phase : phases) {
          run(phase, rows[i], row, 0, count, scratch);
        }
      }
      if (phases[phases.length - 1] == Phase.MAP) {
        scatter(gathered, from, count);
      }
    }

    private void gather(Elements<float[]> source, long from, int count, float[] tile) {
      float[] array = array(source, from, count);
      for (int j = 0; j < count; j++) {
        float[] across = array == null ? new float[rows.length] : array;
        int at = array == null ? 0 : source.position(position(from + j));
        if (array == null) {
          source.get(position(from + j), across, 0, rows.length);
        }
        for (int i = 0; i < rows.length; i++) {
          tile[i * count + j] = across[at + i];
        }
      }
    }

    private void scatter(float[] tile, long from, int count) {
      Elements<float[]> out = operands.out();
      float[] array = array(out, from, count);
      for (int j = 0; j < count; j++) {
        float[] across = array == null ? new float[rows.length] : array;
        int at = array == null ? 0 : out.position(position(from + j));
        for (int i = 0; i < rows.length; i++) {
          across[at + i] = tile[i * count + j];
        }
        if (array == null) {
          out.put(position(from + j), across, 0, rows.length);
        }
      }
    }

    /** Returns the array that holds all of a block, or null: copying line by line is slower. */
    private float[] array(Elements<float[]> elements, long from, int count) {
      long length = (count - 1) * geometry.inner() + rows.length;
      return length > Integer.MAX_VALUE ? null : elements.array(position(from), (int) length);
    }

    private long position(long along) {
      return origin + along * geometry.inner();
    }

    private void run(
        Phase phase, Row row, Operands<float[]> elements, long from, int count, Scratch scratch) {
      Span<float[]> span = new Span<>();
      switch (phase) {
        case FOLD -> {
          span.folded = loops.start();
          elements.run(loops.fold(), span, from, count, false, scratch);
          row.fold(span);
        }
        case SUM -> {
          span.uniforms = new float[] {row.folded};
          elements.run(loops.sum(), span, from, count, false, scratch);
          row.add(span);
        }
        case MAP -> {
          Pair total = Softmax.sum(row.high, row.low);
          span.uniforms = new float[] {row.folded, total.hi(), total.lo()};
          elements.run(loops.map(), span, from, count, true, scratch);
        }
      }
    }
  }
}
