package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Fusing;
import java.util.Optional;

/**
 * A pointwise function and what is fused with it, over all elements. Workers take a chunk into
 * their scratch, do all steps there, while it is in the cache, and write it back.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class FusedPass<A> {
  /** Elements in a chunk: two such arrays and what a step reads fit the first cache. */
  private static final int CHUNK = Draws.CHUNK;

  private final Arithmetic<A> arithmetic;
  private final Storage<A> storage;
  private final A none;
  private final Op op;
  private final Direction direction;
  private final Elements<A> x;
  private final Optional<Elements<A>> dy;
  private final Optional<Channels<A>> bias;
  private final Optional<Channels<A>> weight;
  private final Optional<Elements<A>> residual;
  private final Elements<A> out;

  FusedPass(
      Arithmetic<A> arithmetic,
      Op op,
      Direction direction,
      Elements<A> x,
      Optional<Elements<A>> dy,
      Optional<Channels<A>> bias,
      Optional<Channels<A>> weight,
      Optional<Elements<A>> residual,
      Elements<A> out) {
    this.arithmetic = arithmetic;
    this.storage = arithmetic.storage();
    this.none = storage.allocate().apply(0);
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
    private final A values;
    private final A beside;
    private final long from;
    private final int length;

    Chunk(Scratch scratch, long from, int length) {
      this.values = scratch.first(storage);
      this.beside = scratch.second(storage);
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
        Drawing<A> drawing = arithmetic.drawing();
        A uniforms = drawing.dropUniforms(op.fusion(), from);
        drawing.drop().run(span(values, drawing.places(), values, uniforms));
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
        Drawing<A> drawing = arithmetic.drawing();
        A places = drawing.places();
        drawing.slope().run(span(places, places, beside, drawing.slopeUniforms(op, from)));
        step(Formulas.of(formula), backward ? "drawnDerivative" : "drawn", beside);
      } else if (weight.isPresent()) {
        weight.get().spread(from, length, beside);
        step(Formulas.of(formula), backward ? Formulas.DERIVATIVE : Formulas.FORWARD, beside);
      } else {
        boolean kinks = backward && !op.activation().kinks().isEmpty();
        A uniforms = arithmetic.uniforms().apply(op.activation(), kinks);
        arithmetic
            .pointwise()
            .of(formula, backward ? Direction.DERIVATIVE : Direction.FORWARD, kinks)
            .run(span(values, values, values, uniforms));
      }
    }

    /** Does one step: values = method(values, second). */
    private void step(Class<?> owner, String method, A second) {
      arithmetic
          .map(new Loops.Method(owner, method, 2, 0, false))
          .run(span(values, second, values, none));
    }

    private Span<A> span(A first, A second, A to, A uniforms) {
      Span<A> span = new Span<>();
      span.first = first;
      span.second = second;
      span.out = to;
      span.count = length;
      span.uniforms = uniforms;
      return span;
    }
  }
}
