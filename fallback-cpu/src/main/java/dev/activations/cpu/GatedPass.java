package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.cpu.scalar.Chain;
import java.util.List;
import java.util.Optional;

/**
 * A gated kind over all elements, in chunks that fit a core's cache. It is made of loops with two
 * streams: what has three is a product of products, and so rounded in between.
 */
final class GatedPass {
  private static final float[] NONE = {};

  private final Loop function;
  private final Loop derivative;
  private final Loop multiply;
  private final Optional<Loop> value;
  private final Optional<Loop> valueDerivative;
  private final float[] uniforms;

  GatedPass(Loops loops, Kind kind, float[] uniforms) {
    int count = uniforms.length;
    Class<?> definition = Formulas.of(kind.hasFormula() ? kind : kind.gate().orElseThrow());
    function = loops.product(definition, Formulas.FORWARD, count);
    derivative = loops.product(definition, Formulas.DERIVATIVE, count);
    multiply = loops.map(Chain.class, "multiply", 2, 0);
    if (kind.hasFormula()) {
      value = Optional.of(loops.map(definition, Formulas.VALUE, 1, count));
      valueDerivative = Optional.of(loops.product(definition, Formulas.VALUE_DERIVATIVE, count));
    } else {
      value = Optional.empty();
      valueDerivative = Optional.empty();
    }
    this.uniforms = uniforms;
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Floats> inputs,
      List<Floats> outputs,
      long count) {
    long chunks = (count + Scratch.TILE - 1) / Scratch.TILE;
    pool.run(
        chunks,
        (worker, number) -> {
          long from = number * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - from);
          Chunk chunk = new Chunk(scratch[worker], from, length);
          if (direction == Direction.FORWARD) {
            chunk.forward(inputs.get(0), inputs.get(1), outputs.get(0));
          } else {
            chunk.backward(
                inputs.get(0), inputs.get(1), inputs.get(2), outputs.get(0), outputs.get(1));
          }
        });
  }

  private final class Chunk {
    private final Scratch scratch;
    private final long from;
    private final int length;

    Chunk(Scratch scratch, long from, int length) {
      this.scratch = scratch;
      this.from = from;
      this.length = length;
    }

    void forward(Floats gate, Floats values, Floats out) {
      run(function, gate, factor(values), out);
    }

    /**
     * What is read of the inputs is read before an output, which may be one of them, is written.
     */
    void backward(Floats gate, Floats values, Floats dy, Floats dgate, Floats dvalue) {
      Floats product = new InChunks(scratch.third);
      Floats ofValue = new InChunks(scratch.fourth);
      run(multiply, factor(values), dy, product);
      run(function, gate, dy, ofValue);
      valueDerivative.ifPresent(loop -> run(loop, values, ofValue, ofValue));
      run(derivative, gate, product, dgate);
      dvalue.put(from, scratch.fourth, 0, length);
    }

    /** What the gate's function is multiplied by: the value, or a function of it. */
    private Floats factor(Floats values) {
      if (value.isEmpty()) {
        return values;
      }
      Floats factor = new InChunks(scratch.third);
      run(value.get(), values, values, factor);
      return factor;
    }

    private void run(Loop loop, Floats first, Floats second, Floats out) {
      Span span = new Span();
      span.uniforms = loop == multiply ? NONE : uniforms;
      new Operands(first, second, out).run(loop, span, from, length, true, scratch);
    }
  }
}
