package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.cpu.scalar.DoubleLimbs;
import dev.activations.cpu.scalar.DoublePair;
import dev.activations.cpu.scalar.DoubleRow;
import dev.activations.cpu.scalar.DoubleRowArithmetic;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import dev.activations.cpu.scalar.RowArithmetic;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The definition of a kind over an axis, of floats or of doubles: the pieces in its class, called
 * one element after the other. Floats are kept as doubles here, which changes none.
 */
final class RowDefinition {
  /**
   * What the pieces of a type of elements work with.
   *
   * @param number the primitive type
   * @param row what they know about a row
   */
  private record Type(Class<?> number, Class<?> row) {
    static Type of(Dtype dtype) {
      return dtype == Dtype.F64
          ? new Type(double.class, DoubleRow.class)
          : new Type(float.class, Row.class);
    }

    Object row(double m, double parameter) {
      return number == double.class
          ? DoubleRow.of(m, parameter)
          : Row.of((float) m, (float) parameter);
    }
  }

  /** A sum of terms. */
  static final class Sum {
    private long high;
    private long mid;
    private long low;

    void add(Object term) {
      if (term instanceof DoubleLimbs limbs) {
        high += limbs.high();
        mid += limbs.mid();
        low += limbs.low();
      } else {
        Limbs limbs = (Limbs) term;
        high += limbs.high();
        mid += limbs.mid();
        low += limbs.low();
      }
    }

    DoublePair ofDoubles() {
      return DoubleRowArithmetic.sumOfLimbs(high, mid, low);
    }

    Pair ofFloats() {
      return RowArithmetic.sumOfLimbs(high, mid, low);
    }
  }

  private final Type type;
  private final boolean forward;
  private final double parameter;
  private final MethodHandle fold;
  private final List<MethodHandle> terms;
  private final MethodHandle solve;
  private final MethodHandle map;
  private final Optional<MethodHandle> later;
  private final boolean two;

  /**
   * A definition.
   *
   * @param dtype the type of its arithmetic, float32 or float64
   */
  RowDefinition(Activation activation, Direction direction, Dtype dtype) {
    Class<?> pieces = Edges.definition(activation.formula());
    double[] parameters = activation.doubles();
    type = Type.of(dtype);
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

  private MethodHandle one(Class<?> pieces, String name) {
    return find(pieces, name)
        .orElseThrow(() -> new IllegalStateException("%s lacks %s".formatted(pieces, name)));
  }

  /** Finds a piece of this type, and lets it take and give doubles. */
  private Optional<MethodHandle> find(Class<?> pieces, String name) {
    return Arrays.stream(pieces.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> Set.of(type.number, type.row).contains(method.getParameterTypes()[0]))
        .findFirst()
        .map(
            method -> {
              try {
                return ofDoubles(MethodHandles.publicLookup().unreflect(method));
              } catch (IllegalAccessException e) {
                throw new IllegalStateException("a piece that is not public: " + method, e);
              }
            });
  }

  private static MethodHandle ofDoubles(MethodHandle piece) {
    MethodType wide = piece.type();
    for (int i = 0; i < wide.parameterCount(); i++) {
      wide = wide.changeParameterType(i, wide(wide.parameterType(i)));
    }
    return MethodHandles.explicitCastArguments(
        piece, wide.changeReturnType(wide(wide.returnType())));
  }

  private static Class<?> wide(Class<?> type) {
    return type.isPrimitive() ? double.class : Object.class;
  }

  /** Runs all rows of a pass. */
  void run(Geometry rows, double[] first, double[] second, double[] out) {
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

  private void run(double[] first, double[] second, double[] out, int from, int step, int n)
      throws Throwable {
    int end = from + n * step;
    double m = forward ? Double.NEGATIVE_INFINITY : 0;
    for (int at = from; at < end; at += step) {
      m =
          two
              ? (double) fold.invokeExact(m, first[at], second[at])
              : (double) fold.invokeExact(m, first[at]);
    }
    Object row = type.row(m, parameter);
    while (isPending(row)) {
      Object[] sums = new Object[terms.size()];
      for (int i = 0; i < terms.size(); i++) {
        MethodHandle term = terms.get(i);
        Sum sum = new Sum();
        for (int at = from; at < end; at += step) {
          sum.add(
              two
                  ? (Object) term.invokeExact(first[at], second[at], row)
                  : (Object) term.invokeExact(first[at], row));
        }
        sums[i] = row instanceof DoubleRow ? sum.ofDoubles() : sum.ofFloats();
      }
      row =
          terms.size() == 2
              ? (Object) solve.invokeExact(row, sums[0], sums[1])
              : (Object) solve.invokeExact(row, sums[0]);
    }
    boolean passed = false;
    for (int at = from; at < end; at += step) {
      double x = first[at];
      if (passed) {
        out[at] = (double) later.orElseThrow().invokeExact(x, row);
      } else {
        out[at] =
            two ? (double) map.invokeExact(x, second[at], row) : (double) map.invokeExact(x, row);
      }
      passed |= later.isPresent() && x == m;
    }
  }

  private static boolean isPending(Object row) {
    return row instanceof DoubleRow doubles ? doubles.pending() != 0 : ((Row) row).pending() != 0;
  }
}
