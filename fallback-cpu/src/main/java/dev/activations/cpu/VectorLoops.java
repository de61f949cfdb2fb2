package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.ChannelSums;
import dev.activations.cpu.scalar.Kinks;
import dev.activations.cpu.scalar.RowArithmetic;
import dev.activations.cpu.vector.VectorLoop;
import dev.activations.cpu.vector.Vectorizer;
import dev.activations.cpu.vector.Vectorizer.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Loops over vectors, made when they are first asked for and kept: what the compiler has learned
 * about them serves all sessions.
 */
final class VectorLoops implements Loops {
  static final VectorLoops INSTANCE = new VectorLoops(WarmingLoop<float[]>::new);

  private static final float[] NO_FLOATS = {};
  private static final int[] NO_INTS = {};

  private final Map<Key, Loop<float[]>> made = new ConcurrentHashMap<>();
  private final Map<Method, Loop<float[]>> others = new ConcurrentHashMap<>();
  private final Map<Formula, Map<Direction, RowLoops<float[]>>> rows = new ConcurrentHashMap<>();
  private final Map<Class<?>, Map<String, Loop<float[]>>> methods = new ConcurrentHashMap<>();
  private final Map<Boolean, Sums<float[]>> sums = new ConcurrentHashMap<>();

  private final BinaryOperator<Loop<float[]>> start;

  /**
   * Loops of its own.
   *
   * @param start makes one loop of the scalar and the vector one, for use before the latter has
   *     been compiled and after
   */
  VectorLoops(BinaryOperator<Loop<float[]>> start) {
    this.start = start;
  }

  @Override
  public Loop<float[]> pointwise(Formula formula, Direction direction, boolean kinks) {
    return made.computeIfAbsent(
        new Key(formula, direction, kinks),
        key ->
            start.apply(
                ScalarLoops.INSTANCE.pointwise(formula, direction, kinks),
                new Mapping(derive(key))));
  }

  @Override
  public Loop<double[]> pointwiseDoubles(Formula formula, Direction direction, boolean kinks) {
    return ScalarLoops.INSTANCE.pointwiseDoubles(formula, direction, kinks);
  }

  private static VectorLoop derive(Key key) {
    Class<?> definition = Formulas.of(key.formula());
    Named function = new Named(definition, Formulas.method(key.direction()));
    Optional<Named> settle =
        key.kinks() ? Optional.of(new Named(Kinks.class, "settle")) : Optional.empty();
    return key.direction().isBackward()
        ? Vectorizer.chain(new Named(Chain.class, "multiply"), function, settle)
        : Vectorizer.map(function, settle);
  }

  @Override
  public Loop<float[]> map(Method method) {
    return others.computeIfAbsent(
        method, key -> start.apply(ScalarLoops.INSTANCE.map(method), new Mapping(derive(method))));
  }

  @Override
  public Loop<double[]> mapDoubles(Method method) {
    return ScalarLoops.INSTANCE.mapDoubles(method);
  }

  private static VectorLoop derive(Method method) {
    Named function = new Named(method.definition(), method.name());
    return method.multiplied()
        ? Vectorizer.chain(new Named(Chain.class, "multiply"), function, Optional.empty())
        : Vectorizer.map(function, method.streams());
  }

  @Override
  public Optional<String> obstacle(CustomFormula formula) {
    try {
      for (Direction direction : Direction.values()) {
        if (formula.supports(direction)) {
          pointwise(formula, direction, false);
        }
      }
      return Optional.empty();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public RowLoops<float[]> overAxis(Formula formula, Direction direction) {
    return rows.computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            direction,
            key ->
                rows(
                    RowPieces.ofFloats(formula, direction),
                    ScalarLoops.INSTANCE.overAxis(formula, direction)));
  }

  @Override
  public RowLoops<double[]> overAxisDoubles(Formula formula, Direction direction) {
    return ScalarLoops.INSTANCE.overAxisDoubles(formula, direction);
  }

  @Override
  public Loop<float[]> map(Class<?> owner, String method, int streams) {
    return methods
        .computeIfAbsent(owner, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            method,
            key ->
                start.apply(
                    ScalarLoops.INSTANCE.map(owner, method, streams),
                    new Mapping(Vectorizer.map(new Named(owner, method), streams))));
  }

  @Override
  public Sums<float[]> sums(boolean weighted) {
    return sums.computeIfAbsent(
        weighted,
        key ->
            weighted
                ? sums(true, "weightMagnitude", "weightLimbs")
                : sums(false, "magnitude", "limbs"));
  }

  @Override
  public Sums<double[]> sumsOfDoubles(boolean weighted) {
    return ScalarLoops.INSTANCE.sumsOfDoubles(weighted);
  }

  private Sums<float[]> sums(boolean weighted, String fold, String sum) {
    Sums<float[]> scalar = ScalarLoops.INSTANCE.sums(weighted);
    int streams = weighted ? 2 : 1;
    Named magnitude = new Named(ChannelSums.class, fold);
    Named limbs = new Named(ChannelSums.class, sum);
    return new Sums<>(
        start.apply(scalar.fold(), new Folding(Vectorizer.fold(magnitude, streams))),
        start.apply(scalar.sum(), new Adding(Vectorizer.sum(limbs, streams))));
  }

  private RowLoops<float[]> rows(RowPieces pieces, RowLoops<float[]> scalar) {
    Function<String, Named> named = piece -> new Named(pieces.definition(), piece);
    int streams = pieces.streams();
    VectorLoop fold = Vectorizer.fold(named.apply(pieces.fold()), streams);
    VectorLoop map = Vectorizer.map(named.apply(pieces.map()), streams);
    List<Loop<float[]>> terms = new ArrayList<>();
    for (String term : pieces.terms()) {
      Loop<float[]> adding = new Adding(Vectorizer.sum(named.apply(term), streams));
      terms.add(start.apply(scalar.terms().get(terms.size()), adding));
    }
    return new RowLoops<>(
        scalar.start(),
        start.apply(scalar.fold(), new Folding(fold)),
        scalar.known(),
        terms,
        start.apply(scalar.map(), new Mapping(map)),
        scalar.find(),
        scalar.later());
  }

  /**
   * Runs a loop over the whole vectors of a span, and over one more that holds what is left and is
   * padded with zeros.
   */
  private abstract static class WholeVectors implements Loop<float[]> {
    static final int LANES = Vectorizer.lanes();

    private final VectorLoop loop;

    WholeVectors(VectorLoop loop) {
      this.loop = loop;
    }

    @Override
    public final void run(Span<float[]> span) {
      int rest = span.count % LANES;
      int whole = span.count - rest;
      if (whole > 0) {
        run(span, whole, LANES);
      }
      if (rest > 0) {
        Span<float[]> last = new Span<>();
        last.first = padded(span.first, span.firstAt + whole, rest);
        boolean one = span.second == span.first && span.secondAt == span.firstAt;
        last.second = one ? last.first : padded(span.second, span.secondAt + whole, rest);
        last.out = last.first;
        last.uniforms = span.uniforms;
        last.folded = span.folded;
        run(last, LANES, rest);
        span.folded = last.folded;
        span.high += last.high;
        span.low += last.low;
        if (span.out != null) {
          System.arraycopy(last.out, 0, span.out, span.outAt + whole, rest);
        }
      }
    }

    private static float[] padded(float[] stream, int at, int rest) {
      float[] vector = new float[LANES];
      System.arraycopy(stream, at, vector, 0, rest);
      return vector;
    }

    /**
     * Runs over whole vectors.
     *
     * @param count the number of elements, a positive multiple of the lanes
     * @param lanes how many lanes, from the first, hold elements and not padding
     */
    abstract void run(Span<float[]> span, int count, int lanes);

    final void call(Span<float[]> span, int from, int count, float[] floats, int[] ints) {
      loop.run(
          span.first,
          span.firstAt + from,
          span.second,
          span.secondAt + from,
          span.out,
          span.outAt + from,
          count,
          span.uniforms,
          floats,
          ints);
    }
  }

  private static final class Mapping extends WholeVectors {
    Mapping(VectorLoop loop) {
      super(loop);
    }

    @Override
    void run(Span<float[]> span, int count, int lanes) {
      call(span, 0, count, NO_FLOATS, NO_INTS);
    }
  }

  private static final class Folding extends WholeVectors {
    Folding(VectorLoop loop) {
      super(loop);
    }

    @Override
    void run(Span<float[]> span, int count, int lanes) {
      float[] folded = new float[LANES];
      Arrays.fill(folded, (float) span.folded);
      call(span, 0, count, folded, NO_INTS);
      for (int lane = 0; lane < lanes; lane++) {
        span.folded = RowArithmetic.maximum((float) span.folded, folded[lane]);
      }
    }
  }

  private static final class Adding extends WholeVectors {
    private static final int BLOCK = Vectorizer.ADDITIONS * LANES;

    Adding(VectorLoop loop) {
      super(loop);
    }

    @Override
    void run(Span<float[]> span, int count, int lanes) {
      for (int from = 0; from < count; from += BLOCK) {
        int[] sums = new int[3 * LANES];
        call(span, from, Math.min(BLOCK, count - from), NO_FLOATS, sums);
        for (int lane = 0; lane < lanes; lane++) {
          span.high += sums[lane];
          span.low += ((long) sums[LANES + lane] << 15) + sums[2 * LANES + lane];
        }
      }
    }
  }
}
