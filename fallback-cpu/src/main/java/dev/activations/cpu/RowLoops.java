package dev.activations.cpu;

import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The loops of a pass over a row, as {@link RowPieces} tells them.
 *
 * @param start what the fold starts from
 * @param fold folds the row to one number
 * @param terms each adds up integers: one or two
 * @param solve of type (Row, Pair, Pair) to Row: makes the row known to the next loops of the sums
 * @param map writes the results
 */
record RowLoops(
    float start,
    Loop<float[]> fold,
    List<Loop<float[]>> terms,
    MethodHandle solve,
    Loop<float[]> map) {

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
}
