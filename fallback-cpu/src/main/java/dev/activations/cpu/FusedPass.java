package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Fusion;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.cpu.scalar.Halves;
import java.util.Optional;

/**
 * A pointwise function and what is fused with it, over all elements. Workers take a chunk into
 * their scratch, do all steps there, while it is in the cache, and write it back.
 */
final class FusedPass {
  /** Elements in a chunk: two such arrays and what a step reads fit the first cache. */
  private static final int CHUNK = Draws.CHUNK;

  private final Loops loops;
  private final Op op;
  private final Direction direction;
  private final Elements<float[]> x;
  private final Optional<Elements<float[]>> dy;
  private final Optional<Channels<float[]>> bias;
  private final Optional<Channels<float[]>> weight;
  private final Optional<Elements<float[]>> residual;
  private final Elements<float[]> out;

  FusedPass(
      Loops loops,
      Op op,
      Direction direction,
      Elements<float[]> x,
      Optional<Elements<float[]>> dy,
      Optional<Channels<float[]>> bias,
      Optional<Channels<float[]>> weight,
      Optional<Elements<float[]>> residual,
      Elements<float[]> out) {
    this.loops = loops;
    this.op = op;
    this.direction = direction;
    this.x = x;
    this.dy = dy;
    this.bias = bias;
    this.weight = weight;
    this.residual = residual;
    this.out = out;
  }

  void run(Pool pool, Scratch[] scratch, long count) {
    pool.run(
        (count + CHUNK - 1) / CHUNK,
        (worker, chunk) -> {
          long from = chunk * CHUNK;
          int length = (int) Math.min(CHUNK, count - from);
          new Chunk(scratch[worker], from, length).run();
        });
  }

  /** One chunk: its values, and beside them what the next step reads. */
  private final class Chunk {
    private final float[] values;
    private final float[] beside;
    private final long from;
    private final int length;

    Chunk(Scratch scratch, long from, int length) {
      this.values = scratch.first(Storage.FLOATS);
      this.beside = scratch.second(Storage.FLOATS);
      this.from = from;
      this.length = length;
    }

    void run() {
      x.get(from, values, 0, length);
      bias.ifPresent(
          channels -> {
            channels.spread(from, length, beside);
            step(Fusing.class, "add", beside);
          });
      function();
      dy.ifPresent(
          gradient -> {
            gradient.get(from, beside, 0, length);
            step(Chain.class, "multiply", beside);
          });
      if (op.fusion().dropout().isPresent()) {
        Fusion fusion = op.fusion();
        Halves threshold = Halves.of(fusion.threshold());
        step(
            Fusing.class,
            "dropAt",
            Draws.PLACES,
            random(threshold.upper(), threshold.lower(), fusion.scale()));
      }
      residual.ifPresent(
          added -> {
            added.get(from, beside, 0, length);
            step(Fusing.class, "add", beside);
          });
      out.put(from, values, 0, length);
    }

    private void function() {
      Formula formula = op.formula();
      boolean backward = direction == Direction.BACKWARD;
      if (op.drawsSlopes()) {
        Span<float[]> span =
            span(Draws.PLACES, Draws.PLACES, beside, random(op.activation().floats()));
        loops.map(Fusing.class, "slopeAt", 1).run(span);
        step(Formulas.of(formula), backward ? "drawnDerivative" : "drawn", beside);
      } else if (weight.isPresent()) {
        weight.get().spread(from, length, beside);
        step(Formulas.of(formula), backward ? Formulas.DERIVATIVE : Formulas.FORWARD, beside);
      } else {
        boolean kinks = backward && !op.activation().kinks().isEmpty();
        float[] uniforms = kinks ? op.activation().floatsWithKinks() : op.activation().floats();
        loops
            .pointwise(formula, backward ? Direction.DERIVATIVE : Direction.FORWARD, kinks)
            .run(span(values, values, values, uniforms));
      }
    }

    /** Does one step: values = method(values, second, uniforms). */
    private void step(Class<?> owner, String method, float[] second, float... uniforms) {
      loops.map(owner, method, 2).run(span(values, second, values, uniforms));
    }

    private Span<float[]> span(float[] first, float[] second, float[] to, float... uniforms) {
      Span<float[]> span = new Span<>();
      span.first = first;
      span.second = second;
      span.out = to;
      span.count = length;
      span.uniforms = uniforms;
      return span;
    }

    /** Seed and index of the chunk, as the steps that draw take them, and what else they take. */
    private float[] random(float... more) {
      Fusion fusion = op.fusion();
      return Draws.uniforms(fusion.seed().getAsLong(), fusion.first() + from, more);
    }
  }
}
