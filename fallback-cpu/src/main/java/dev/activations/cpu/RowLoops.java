package dev.activations.cpu;

import dev.activations.cpu.scalar.DoublePair;
import dev.activations.cpu.scalar.DoubleRow;
import dev.activations.cpu.scalar.DoubleRowArithmetic;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import dev.activations.cpu.scalar.RowArithmetic;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The loops of a pass over a row, as {@link RowPieces} tells them.
 *
 * @param <A> the arrays of their spans; see {@link Storage}
 * @param start what the fold starts from
 * @param fold folds the row to one number
 * @param known what is known about a row after its fold
 * @param terms each adds up integers: one or two
 * @param map writes the results
 * @param find finds the first element that equals the fold of a span: adds its place among all that
 *     it has run over to {@code high}, once, and their number to {@code low}
 * @param later writes the results after that element, if they are told apart
 */
record RowLoops<A>(
    double start,
    Loop<A> fold,
    Folded<A> known,
    List<Loop<A>> terms,
    Loop<A> map,
    Loop<A> find,
    Optional<Loop<A>> later) {

  /** Makes known what a fold has found, and the parameter of the activation. */
  interface Folded<A> {
    Known<A> of(double folded, double parameter);
  }

  /** What is known about a row, in the arithmetic of its elements. */
  interface Known<A> {
    /** Whether another sum is needed. */
    boolean isPending();

    /** What loops of sums and results take. */
    A toUniforms();

    /** The row with what its sums tell; the second is ignored where there is only one. */
    Known<A> with(Sum sum, Sum second);
  }

  /** A sum of terms. */
  static final class Sum {
    private long high;
    private long mid;
    private long low;

    void add(Span<?> part) {
      high += part.high;
      mid += part.mid;
      low += part.low;
    }

    /** Returns the sum of terms of floats. */
    Pair ofFloats() {
      return RowArithmetic.sumOfLimbs(high, mid, low);
    }

    /** Returns the sum of terms of doubles. */
    DoublePair ofDoubles() {
      return DoubleRowArithmetic.sumOfLimbs(high, mid, low);
    }
  }

  /**
   * A row of floats.
   *
   * @param solve of type (Row, Pair, Pair) to Row
   */
  record Floats(Row row, MethodHandle solve) implements Known<float[]> {
    @Override
    public boolean isPending() {
      return row.pending() != 0;
    }

    @Override
    public float[] toUniforms() {
      return row.toUniforms();
    }

    @Override
    public Floats with(Sum sum, Sum second) {
      try {
        return new Floats((Row) solve.invokeExact(row, sum.ofFloats(), second.ofFloats()), solve);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError("a formula throws nothing", e);
      }
    }

    static void find(Span<float[]> span) {
      for (int i = 0; i < span.count && span.high < 0; i++) {
        if (span.first[span.firstAt + i] == span.folded) {
          span.high = span.low + i;
        }
      }
      span.low += span.count;
    }
  }

  /**
   * A row of doubles.
   *
   * @param solve of type (DoubleRow, DoublePair, DoublePair) to DoubleRow
   */
  record Doubles(DoubleRow row, MethodHandle solve) implements Known<double[]> {
    @Override
    public boolean isPending() {
      return row.pending() != 0;
    }

    @Override
    public double[] toUniforms() {
      return row.toUniforms();
    }

    @Override
    public Doubles with(Sum sum, Sum second) {
      try {
        return new Doubles(
            (DoubleRow) solve.invokeExact(row, sum.ofDoubles(), second.ofDoubles()), solve);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError("a formula throws nothing", e);
      }
    }

    static void find(Span<double[]> span) {
      for (int i = 0; i < span.count && span.high < 0; i++) {
        if (span.first[span.firstAt + i] == span.folded) {
          span.high = span.low + i;
        }
      }
      span.low += span.count;
    }
  }
}
