package dev.activations.cpu;

import dev.activations.api.Fusion;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.cpu.scalar.Halves;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The steps of passes that draw random numbers. They draw for the place of an element in its chunk;
 * their uniforms begin with the seed and the index of the chunk's first element.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
interface Drawing<A> {
  /** The place of each element in a chunk. */
  A places();

  /** The loop that drops, over values and places. */
  Loop<A> drop();

  /** The uniforms of {@link #drop}, for the chunk that begins at an element of the pass. */
  A dropUniforms(Fusion fusion, long from);

  /** The loop that draws slopes, over places. */
  Loop<A> slope();

  /** The uniforms of {@link #slope}, for the chunk that begins at an element of the pass. */
  A slopeUniforms(Op op, long from);

  /** The loop that draws numbers from (0, 1), over places. */
  Loop<A> unit();

  /** The uniforms of {@link #unit}, for the chunk that begins at an element of the pass. */
  A unitUniforms(Fusion fusion, long from);

  /** In floats a word takes two. */
  record OfFloats(Loops loops) implements Drawing<float[]> {
    private static final float[] PLACES = places(Draws.CHUNK);

    private static float[] places(int count) {
      float[] places = new float[count];
      for (int i = 0; i < count; i++) {
        places[i] = i;
      }
      return places;
    }

    @Override
    public float[] places() {
      return PLACES;
    }

    @Override
    public Loop<float[]> drop() {
      return loops.map(Fusing.class, "dropAt", 2);
    }

    @Override
    public float[] dropUniforms(Fusion fusion, long from) {
      Halves threshold = Halves.of(fusion.threshold());
      return uniforms(fusion, from, threshold.upper(), threshold.lower(), (float) fusion.scale());
    }

    @Override
    public Loop<float[]> slope() {
      return loops.map(Fusing.class, "slopeAt", 1);
    }

    @Override
    public float[] slopeUniforms(Op op, long from) {
      return uniforms(op.fusion(), from, op.activation().floats());
    }

    @Override
    public Loop<float[]> unit() {
      return loops.map(Fusing.class, "unitAt", 1);
    }

    @Override
    public float[] unitUniforms(Fusion fusion, long from) {
      return uniforms(fusion, from);
    }

    private static float[] uniforms(Fusion fusion, long from, float... more) {
      long seed = fusion.seed().getAsLong();
      long first = fusion.first() + from;
      float[] uniforms = new float[8 + more.length];
      int at = 0;
      for (long word : new long[] {seed, seed >> 32, first, first >> 32}) {
        Halves halves = Halves.of((int) word);
        uniforms[at++] = halves.upper();
        uniforms[at++] = halves.lower();
      }
      System.arraycopy(more, 0, uniforms, at, more.length);
      return uniforms;
    }
  }

  /** A double holds a word. */
  record OfDoubles(Loops loops) implements Drawing<double[]> {
    private static final double[] PLACES =
        IntStream.range(0, Draws.CHUNK).asDoubleStream().toArray();

    @Override
    public double[] places() {
      return PLACES;
    }

    @Override
    public Loop<double[]> drop() {
      return loops.mapDoubles(new Loops.Method(Fusing.class, "dropAt", 2, 6, false));
    }

    @Override
    public double[] dropUniforms(Fusion fusion, long from) {
      return uniforms(fusion, from, fusion.threshold(), fusion.scale());
    }

    @Override
    public Loop<double[]> slope() {
      return loops.mapDoubles(new Loops.Method(Fusing.class, "slopeAt", 1, 6, false));
    }

    @Override
    public double[] slopeUniforms(Op op, long from) {
      return uniforms(op.fusion(), from, op.activation().doubles());
    }

    @Override
    public Loop<double[]> unit() {
      return loops.mapDoubles(new Loops.Method(Fusing.class, "unitAt", 1, 4, false));
    }

    @Override
    public double[] unitUniforms(Fusion fusion, long from) {
      return uniforms(fusion, from);
    }

    private static double[] uniforms(Fusion fusion, long from, double... more) {
      long seed = fusion.seed().getAsLong();
      long first = fusion.first() + from;
      return DoubleStream.concat(
              DoubleStream.of((int) seed, (int) (seed >> 32), (int) first, (int) (first >> 32)),
              DoubleStream.of(more))
          .toArray();
    }
  }
}
