package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import dev.activations.cpu.scalar.RowArithmetic;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The definition of a kind over an axis: the pieces in its class, called one element after the
 * other.
 */
final class RowDefinition {
  private final boolean forward;
  private final float parameter;
  private final MethodHandle fold;
  private final List<MethodHandle> terms;
  private final MethodHandle solve;
  private final MethodHandle map;
  private final Optional<MethodHandle> later;
  private final boolean two;

  RowDefinition(Activation activation, Direction direction) {
    Class<?> pieces = Edges.definition(activation.formula());
    float[] parameters = activation.floats();
    forward = direction == Direction.FORWARD;
    parameter = parameters.length == 0 ? 0 : parameters[0];
    fold = one(pieces, forward ? "fold" : "gradientFold");
    terms =
        (forward ? Stream.of("term", "weight") : Stream.of("gradientTerm", "gradientWeight"))
            .flatMap(name -> find(pieces, name).stream())
            .toList();
    solve = one(pieces, forward ? "solve" : "gradientSolve");
    map = one(pieces, forward ? "forward" : "gradient");
    later = forward ? find(pieces, "later") : Optional.empty();
    two = map.type().parameterCount() == 3;
  }

  private static MethodHandle one(Class<?> pieces, String name) {
    return find(pieces, name)
        .orElseThrow(() -> new IllegalStateException("%s lacks %s".formatted(pieces, name)));
  }

  private static Optional<MethodHandle> find(Class<?> pieces, String name) {
    return Arrays.stream(pieces.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .map(
            method -> {
              try {
                return MethodHandles.publicLookup().unreflect(method);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException("a piece that is not public: " + method, e);
              }
            });
  }

  /** Runs all rows of a pass. */
  void run(Geometry rows, float[] first, float[] second, float[] out) {
    int inner = (int) rows.inner();
    try {
      for (int row = 0; row < rows.rows(); row++) {
        int from = row / inner * (int) rows.axis() * inner + row % inner;
        run(first, second, out, from, inner, (int) rows.axis());
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a formula throws nothing", e);
    }
  }

  private void run(float[] first, float[] second, float[] out, int from, int step, int n)
      throws Throwable {
    int end = from + n * step;
    float m = forward ? Float.NEGATIVE_INFINITY : 0;
    for (int at = from; at < end; at += step) {
      m = (float) (two ? fold.invoke(m, first[at], second[at]) : fold.invoke(m, first[at]));
    }
    Row row = Row.of(m, parameter);
    while (row.pending() != 0) {
      Pair[] sums = new Pair[terms.size()];
      for (int i = 0; i < terms.size(); i++) {
        long high = 0;
        long low = 0;
        for (int at = from; at < end; at += step) {
          Limbs term =
              (Limbs)
                  (two
                      ? terms.get(i).invoke(first[at], second[at], row)
                      : terms.get(i).invoke(first[at], row));
          high += term.high();
          low += term.low();
        }
        sums[i] = RowArithmetic.sumOfLimbs(high, low);
      }
      row =
          (Row)
              (terms.size() == 2
                  ? solve.invoke(row, sums[0], sums[1])
                  : solve.invoke(row, sums[0]));
    }
    boolean passed = false;
    for (int at = from; at < end; at += step) {
      float x = first[at];
      if (passed) {
        out[at] = (float) later.orElseThrow().invoke(x, row);
      } else {
        out[at] = (float) (two ? map.invoke(x, second[at], row) : map.invoke(x, row));
      }
      passed |= later.isPresent() && x == m;
    }
  }
}
