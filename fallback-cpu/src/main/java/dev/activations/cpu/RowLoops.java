package dev.activations.cpu;

import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The loops of a pass over a row, as {@link RowPieces} tells them.
 *
 * @param start what the fold starts from
 * @param fold folds the row to one number
 * @param terms each adds up integers: one or two
 * @param solve of type (Row, Pair, Pair) to Row: makes the row known to the next loops of the sums
 * @param map writes the results
 * @param later writes the results after the first element that equals the fold, if they are told
 *     apart
 */
record RowLoops(
    float start,
    Loop<float[]> fold,
    List<Loop<float[]>> terms,
    MethodHandle solve,
    Loop<float[]> map,
    Optional<Loop<float[]>> later) {

  /** Returns the row with what its sums tell; the second is ignored where there is only one. */
  Row solve(Row row, Pair sum, Pair second) {
    try {
      return (Row) solve.invokeExact(row, sum, second);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a formula throws nothing", e);
    }
  }

  /**
   * Finds the first element that equals the fold of these: adds its place among all that it has run
   * over to {@code high}, once, and their number to {@code low}.
   */
  static void find(Span<float[]> span) {
    for (int i = 0; i < span.count && span.high < 0; i++) {
      if (span.first[span.firstAt + i] == span.folded) {
        span.high = span.low + i;
      }
    }
    span.low += span.count;
  }
}
