package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.ChannelSums;
import dev.activations.cpu.scalar.Kinks;
import dev.activations.cpu.scalar.RowArithmetic;
import dev.activations.cpu.vector.VectorLoop;
import dev.activations.cpu.vector.Vectorized;
import dev.activations.cpu.vector.Vectorizer;
import dev.activations.cpu.vector.Vectorizer.Named;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Loops over vectors, made when they are first asked for and kept: what the compiler has learned
 * about them serves all sessions.
 */
final class VectorLoops implements Loops {
  static final VectorLoops INSTANCE = new VectorLoops(WarmingLoop::new);

  private static final float[] NO_FLOATS = {};
  private static final int[] NO_INTS = {};

  private final Map<Key, Loop<float[]>> made = new ConcurrentHashMap<>();
  private final Map<Method, Loop<float[]>> others = new ConcurrentHashMap<>();
  private final Map<Formula, Map<Direction, RowLoops<float[]>>> rows = new ConcurrentHashMap<>();
  private final Map<Class<?>, Map<String, Loop<float[]>>> methods = new ConcurrentHashMap<>();
  private final Map<Boolean, Sums<float[]>> sums = new ConcurrentHashMap<>();

  private final Start start;

  /** Makes one loop of the scalar and the vector one, for use before the latter is compiled. */
  interface Start {
    <A> Loop<A> of(Loop<A> scalar, Loop<A> vector);
  }

  /**
   * Loops of its own.
   *
   * @param start what they begin with
   */
  VectorLoops(Start start) {
    this.start = start;
  }

  @Override
  public Loop<float[]> pointwise(Formula formula, Direction direction, boolean kinks) {
    return made.computeIfAbsent(
        new Key(formula, direction, kinks),
        key -> mapping(ScalarLoops.INSTANCE.pointwise(formula, direction, kinks), derive(key)));
  }

  @Override
  public Loop<double[]> pointwiseDoubles(Formula formula, Direction direction, boolean kinks) {
    return ScalarLoops.INSTANCE.pointwiseDoubles(formula, direction, kinks);
  }

  private static Vectorized derive(Key key) {
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
        method, key -> mapping(ScalarLoops.INSTANCE.map(method), derive(method)));
  }

  @Override
  public Loop<double[]> mapDoubles(Method method) {
    return ScalarLoops.INSTANCE.mapDoubles(method);
  }

  private static Vectorized derive(Method method) {
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
                mapping(
                    ScalarLoops.INSTANCE.map(owner, method, streams),
                    Vectorizer.map(new Named(owner, method), streams)));
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
        start.of(scalar.fold(), new Folding(magnitude, streams)),
        start.of(scalar.sum(), new Adding(Vectorizer.sum(limbs, streams))));
  }

  private RowLoops<float[]> rows(RowPieces pieces, RowLoops<float[]> scalar) {
    Function<String, Named> named = piece -> new Named(pieces.definition(), piece);
    int streams = pieces.streams();
    Vectorized map = Vectorizer.map(named.apply(pieces.map()), streams);
    List<Loop<float[]>> terms = new ArrayList<>();
    for (String term : pieces.terms()) {
      Loop<float[]> adding = new Adding(Vectorizer.sum(named.apply(term), streams));
      terms.add(start.of(scalar.terms().get(terms.size()), adding));
    }
    return new RowLoops<>(
        scalar.start(),
        start.of(scalar.fold(), new Folding(named.apply(pieces.fold()), streams)),
        scalar.known(),
        terms,
        mapping(scalar.map(), map),
        scalar.find(),
        scalar.later());
  }

  private Loop<float[]> mapping(Loop<float[]> scalar, Vectorized formula) {
    Loop<float[]> loop = start.of(scalar, new Mapping(formula));
    if (!Segments.AVAILABLE) {
      return loop;
    }
    Loop<FloatBuffer> copying = new Copying(loop);
    return new WithDirect(
        loop, new Lazy<>(() -> start.of(copying, new Direct(formula.overSegments(), copying))));
  }

  /** A loop, and the same over direct buffers. */
  private record WithDirect(Loop<float[]> loop, Lazy<Loop<FloatBuffer>> overBuffers)
      implements Loop<float[]> {
    @Override
    public void run(Span<float[]> span) {
      loop.run(span);
    }

    @Override
    public Loop<FloatBuffer> direct() {
      return overBuffers.get();
    }
  }

  /**
   * Runs a loop over the whole vectors of a span, and over one more that holds what is left and is
   * padded with zeros.
   */
  private abstract static class WholeVectors implements Loop<float[]> {
    static final int LANES = Vectorizer.lanes();

    private final VectorLoop<float[]> loop;

    WholeVectors(Vectorized formula) {
      this.loop = formula.overArrays();
    }

    @Override
    public final void run(Span<float[]> span) {
      int rest = span.count % LANES;
      int whole = span.count - rest;
      Span<float[]> last = new Span<>();
      if (rest > 0) {
        last.first = padded(span.first, span.firstAt + whole, rest);
        boolean one = span.second == span.first && span.secondAt == span.firstAt;
        last.second = one ? last.first : padded(span.second, span.secondAt + whole, rest);
        last.out = last.first;
        last.uniforms = span.uniforms;
      }
      run(span, whole, last, rest);
      if (rest > 0 && span.out != null) {
        System.arraycopy(last.out, 0, span.out, span.outAt + whole, rest);
      }
    }

    @Override
    public final void rehearse(Span<float[]> span) {
      Span<float[]> strays = new Span<>();
      strays.first = new float[LANES];
      Arrays.fill(strays.first, Float.NaN);
      strays.second = strays.first;
      strays.out = new float[LANES];
      strays.uniforms = span.uniforms;
      strays.count = LANES;
      run(strays);
    }

    private static float[] padded(float[] stream, int at, int rest) {
      float[] vector = new float[LANES];
      System.arraycopy(stream, at, vector, 0, rest);
      return vector;
    }

    /**
     * Runs over whole vectors and the last one.
     *
     * @param whole the number of elements in whole vectors, zero or more
     * @param last the last vector, if there is a rest
     * @param rest how many lanes of it, from the first, hold elements and not padding
     */
    abstract void run(Span<float[]> span, int whole, Span<float[]> last, int rest);

    final void call(Span<float[]> span, int from, int count, float[] floats, int[] ints) {
      call(span, from, from, count, floats, ints);
    }

    final void call(
        Span<float[]> span, int first, int second, int count, float[] floats, int[] ints) {
      loop.run(
          span.first,
          span.firstAt + first,
          span.second,
          span.secondAt + second,
          span.out,
          span.outAt + first,
          count,
          span.uniforms,
          floats,
          ints);
    }
  }

  private static final class Mapping extends WholeVectors {
    Mapping(Vectorized formula) {
      super(formula);
    }

    @Override
    void run(Span<float[]> span, int whole, Span<float[]> last, int rest) {
      if (whole > 0) {
        call(span, 0, whole, NO_FLOATS, NO_INTS);
      }
      if (rest > 0) {
        call(last, 0, LANES, NO_FLOATS, NO_INTS);
      }
    }
  }

  /**
   * Maps whole vectors where they are.
   *
   * @param rest maps the elements that are left
   */
  private record Direct(VectorLoop<Object> loop, Loop<FloatBuffer> rest)
      implements Loop<FloatBuffer> {
    private static final int LANES = WholeVectors.LANES;

    /** One vector of NaN, and room for another. */
    private static final FloatBuffer STRAYS =
        ByteBuffer.allocateDirect(2 * LANES * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();

    static {
      for (int lane = 0; lane < LANES; lane++) {
        STRAYS.put(lane, Float.NaN);
      }
    }

    @Override
    public void run(Span<FloatBuffer> span) {
      int whole = span.count - span.count % LANES;
      if (whole > 0) {
        map(span, whole);
      }
      if (whole < span.count) {
        rest.run(span.after(whole));
      }
    }

    @Override
    public void rehearse(Span<FloatBuffer> span) {
      Span<FloatBuffer> strays = new Span<>();
      strays.first = STRAYS;
      strays.second = STRAYS;
      strays.out = STRAYS;
      strays.outAt = LANES;
      strays.uniforms = span.uniforms;
      map(strays, LANES);
    }

    private void map(Span<FloatBuffer> span, int count) {
      Object first = Segments.of(span.first);
      loop.run(
          first,
          span.firstAt,
          span.second == span.first ? first : Segments.of(span.second),
          span.secondAt,
          Segments.of(span.out),
          span.outAt,
          count,
          span.uniforms.array(),
          NO_FLOATS,
          NO_INTS);
    }
  }

  private static final class Folding extends WholeVectors {
    private final int streams;

    Folding(Named formula, int streams) {
      super(streams == 1 ? Vectorizer.fold(formula) : Vectorizer.foldBoth(formula));
      this.streams = streams;
    }

    @Override
    void run(Span<float[]> span, int whole, Span<float[]> last, int rest) {
      float[] folded = new float[(streams == 1 ? 2 : 1) * LANES];
      Arrays.fill(folded, (float) span.folded);
      if (rest > 0) {
        call(last, 0, LANES, folded, NO_INTS);
        for (int from = 0; from < folded.length; from += LANES) {
          Arrays.fill(folded, from + rest, from + LANES, (float) span.folded);
        }
      }
      // Where there is one stream its halves are two, each with an accumulator of its own.
      int half = streams == 1 ? whole / (2 * LANES) * LANES : 0;
      if (half > 0) {
        call(span, 0, half, half, folded, NO_INTS);
      }
      if (whole > 2 * half) {
        call(span, 2 * half, whole - 2 * half, folded, NO_INTS);
      }
      float all = folded[0];
      for (float lane : folded) {
        all = RowArithmetic.maximum(all, lane);
      }
      span.folded = all;
    }
  }

  private static final class Adding extends WholeVectors {
    /** One addition is left for the last vector. */
    private static final int BLOCK = (Vectorizer.ADDITIONS - 1) * LANES;

    Adding(Vectorized formula) {
      super(formula);
    }

    @Override
    void run(Span<float[]> span, int whole, Span<float[]> last, int rest) {
      int[] sums = new int[3 * LANES];
      if (rest > 0) {
        call(last, 0, LANES, NO_FLOATS, sums);
        for (int limb = 0; limb < sums.length; limb += LANES) {
          Arrays.fill(sums, limb + rest, limb + LANES, 0);
        }
      }
      int from = 0;
      do {
        int count = Math.min(BLOCK, whole - from);
        if (count > 0) {
          call(span, from, count, NO_FLOATS, sums);
        }
        empty(sums, span);
        from += count;
      } while (from < whole);
    }

    private static void empty(int[] sums, Span<float[]> span) {
      long high = 0;
      long mid = 0;
      long low = 0;
      for (int lane = 0; lane < LANES; lane++) {
        high += sums[lane];
        mid += sums[LANES + lane];
        low += sums[2 * LANES + lane];
      }
      span.high += high;
      span.mid += mid;
      span.low += low;
      Arrays.fill(sums, 0);
    }
  }
}
