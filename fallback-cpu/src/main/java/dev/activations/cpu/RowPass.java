package dev.activations.cpu;

import dev.activations.api.Geometry;
import dev.activations.cpu.RowLoops.Known;
import dev.activations.cpu.RowLoops.Sum;
import dev.activations.cpu.scalar.DoubleRowArithmetic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A formula over rows, forward or backward: a fold of each row, a sum or several, and then the
 * results.
 *
 * <p>Rows are taken in <em>tiles</em>: one row where its elements lie side by side, and else some
 * neighbours, whose elements are gathered row by row into a worker's scratch. Tiles are walked in
 * blocks that fit the cache. Workers share out the tiles, or, where there are few long ones, the
 * blocks of each: sums are sums of integers, so that any split gives the same bits.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class RowPass<A> {
  /** Neighbouring rows in a tile: as many floats as a cache line has. */
  private static final int WIDTH = 16;

  /** With so many tiles for each worker none of them waits long for the last. */
  private static final int ENOUGH = 4;

  private final RowLoops<A> loops;
  private final double parameter;
  private final Operands<A> operands;
  private final Geometry geometry;
  private final long tilesAcross;
  private final long blocks;
  private final int blockLength;

  /**
   * A pass to run.
   *
   * @param parameters of the formula: one at the most
   */
  RowPass(RowLoops<A> loops, double[] parameters, Operands<A> operands, Geometry geometry) {
    this.loops = loops;
    this.parameter = parameters.length == 0 ? 0 : parameters[0];
    this.operands = operands;
    this.geometry = geometry;
    boolean adjacent = geometry.inner() == 1;
    this.tilesAcross = adjacent ? 1 : (geometry.inner() + WIDTH - 1) / WIDTH;
    this.blockLength = adjacent ? Scratch.TILE : Scratch.TILE / WIDTH;
    this.blocks = (geometry.axis() + blockLength - 1) / blockLength;
  }

  void run(Pool pool, Scratch[] scratch) {
    long tiles = geometry.outer() * tilesAcross;
    if (blocks > 1 && tiles < (long) ENOUGH * pool.workers()) {
      for (long number = 0; number < tiles; number++) {
        Tile tile = new Tile(number);
        tile.run(
            phase ->
                pool.run(blocks, (worker, block) -> tile.block(block, scratch[worker], phase)));
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
            Tile tile = new Tile(number);
            tile.run(
                phase -> {
                  for (long block = 0; block < blocks; block++) {
                    tile.block(block, scratch[worker], phase);
                  }
                });
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

  /** What the phases have found out about one row. Several workers may bring their parts. */
  private final class Progress {
    private double folded = loops.start();
    private List<Sum> sums;
    private long first = Long.MAX_VALUE;
    private Known<A> row;

    /**
     * Takes a part into account.
     *
     * @param place where the part has its fold first, if that is asked for
     */
    synchronized void fold(Span<A> part, long place) {
      if (part.folded == folded) {
        first = Math.min(first, place);
      } else if (part.folded > folded) {
        first = place;
      }
      folded = DoubleRowArithmetic.maximum(folded, part.folded);
    }

    synchronized void add(int sum, Span<A> part) {
      sums.get(sum).add(part);
    }

    void start() {
      row = loops.known().of(folded, parameter);
      sums = List.of(new Sum(), new Sum());
    }

    boolean isPending() {
      return row.isPending();
    }

    /** How many of the elements from a place on stand no later than the first. */
    int upToFirst(long from, int count) {
      return (int) Math.max(0, Math.min(count, first - from + 1));
    }

    void solve() {
      if (isPending()) {
        row = row.with(sums.get(0), sums.get(1));
        sums = List.of(new Sum(), new Sum());
      }
    }
  }

  /** Neighbouring rows. */
  private final class Tile {
    private final List<Progress> rows;
    private final long origin;

    Tile(long number) {
      long across = number % tilesAcross * WIDTH;
      origin = number / tilesAcross * geometry.axis() * geometry.inner() + across;
      int width = width(across);
      rows = new ArrayList<>(width);
      for (int i = 0; i < width; i++) {
        rows.add(new Progress());
      }
    }

    /**
     * Runs all phases.
     *
     * @param blocks takes a phase through all blocks
     */
    void run(Consumer<Phase> blocks) {
      blocks.accept(Phase.FOLD);
      for (Progress progress : rows) {
        progress.start();
      }
      while (isPending()) {
        blocks.accept(Phase.SUM);
        for (Progress progress : rows) {
          progress.solve();
        }
      }
      blocks.accept(Phase.MAP);
    }

    private boolean isPending() {
      for (Progress progress : rows) {
        if (progress.isPending()) {
          return true;
        }
      }
      return false;
    }

    void block(long block, Scratch scratch, Phase phase) {
      long from = block * blockLength;
      int count = (int) Math.min(blockLength, geometry.axis() - from);
      if (geometry.inner() > 1) {
        gathered(from, count, scratch, phase);
      } else {
        run(phase, rows.get(0), operands, origin, from, count, scratch);
      }
    }

    /** Gathers a block of each row, so that its elements lie side by side. */
    private void gathered(long from, int count, Scratch scratch, Phase phase) {
      Storage<A> storage = operands.storage();
      boolean two = operands.second() != operands.first();
      // What is gathered once serves all phases of a single block.
      if (blocks > 1 || phase == Phase.FOLD) {
        gather(operands.first(), from, count, scratch.first(storage));
        if (two) {
          gather(operands.second(), from, count, scratch.second(storage));
        }
      }
      for (int i = 0; i < rows.size(); i++) {
        Elements<A> first = new Elements.OfArray<>(scratch.first(storage), i * count);
        Elements<A> second =
            two ? new Elements.OfArray<>(scratch.second(storage), i * count) : first;
        run(
            phase,
            rows.get(i),
            new Operands<>(storage, first, second, first),
            -from,
            from,
            count,
            scratch);
      }
      if (phase == Phase.MAP) {
        scatter(scratch.first(storage), from, count);
      }
    }

    private void gather(Elements<A> source, long from, int count, A tile) {
      A array = array(source, from, count);
      for (int j = 0; j < count; j++) {
        A across = array == null ? line() : array;
        int at = array == null ? 0 : source.position(position(from + j));
        if (array == null) {
          source.get(position(from + j), across, 0, rows.size());
        }
        operands.storage().strided().run(across, at, 1, tile, j, count, rows.size());
      }
    }

    private void scatter(A tile, long from, int count) {
      Elements<A> out = operands.out();
      A array = array(out, from, count);
      for (int j = 0; j < count; j++) {
        A across = array == null ? line() : array;
        int at = array == null ? 0 : out.position(position(from + j));
        operands.storage().strided().run(tile, j, count, across, at, 1, rows.size());
        if (array == null) {
          out.put(position(from + j), across, 0, rows.size());
        }
      }
    }

    /** Returns room for an element of each row. */
    private A line() {
      return operands.storage().allocate().apply(rows.size());
    }

    /** Returns the array that holds all of a block, or null: copying line by line is slower. */
    private A array(Elements<A> elements, long from, int count) {
      long length = (count - 1) * geometry.inner() + rows.size();
      return length > Integer.MAX_VALUE ? null : elements.array(position(from), (int) length);
    }

    private long position(long along) {
      return origin + along * geometry.inner();
    }

    /**
     * Runs a phase over elements of a row.
     *
     * @param origin where the row's first element would stand in the operands
     * @param from the place of the first in its row
     */
    private void run(
        Phase phase,
        Progress progress,
        Operands<A> elements,
        long origin,
        long from,
        int count,
        Scratch scratch) {
      switch (phase) {
        case FOLD -> {
          Span<A> span = new Span<>();
          span.folded = loops.start();
          elements.run(loops.fold(), span, origin + from, count, false, scratch);
          progress.fold(span, from + place(span, elements, origin + from, count, scratch));
        }
        case SUM -> {
          for (int sum = 0; progress.isPending() && sum < loops.terms().size(); sum++) {
            Span<A> span = new Span<>();
            span.uniforms = progress.row.toUniforms();
            elements.run(loops.terms().get(sum), span, origin + from, count, false, scratch);
            progress.add(sum, span);
          }
        }
        case MAP -> {
          int upToFirst = loops.later().isEmpty() ? count : progress.upToFirst(from, count);
          map(loops.map(), progress, elements, origin + from, upToFirst, scratch);
          if (upToFirst < count) {
            map(
                loops.later().get(),
                progress,
                elements,
                origin + from + upToFirst,
                count - upToFirst,
                scratch);
          }
        }
      }
    }

    /** Returns the place of the first element that equals the fold, if that is asked for. */
    private long place(Span<A> folded, Operands<A> elements, long at, int count, Scratch scratch) {
      if (loops.later().isEmpty()) {
        return 0;
      }
      Span<A> span = new Span<>();
      span.folded = folded.folded;
      span.high = -1;
      elements.run(loops.find(), span, at, count, false, scratch);
      // A NaN equals nothing.
      return Math.max(0, span.high);
    }

    private void map(
        Loop<A> loop,
        Progress progress,
        Operands<A> elements,
        long at,
        int count,
        Scratch scratch) {
      Span<A> span = new Span<>();
      span.uniforms = progress.row.toUniforms();
      elements.run(loop, span, at, count, true, scratch);
    }
  }
}
