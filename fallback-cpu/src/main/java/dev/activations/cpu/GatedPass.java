package dev.activations.cpu;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.cpu.scalar.Chain;
import dev.activations.spi.Runs;
import java.util.List;
import java.util.Optional;

/**
 * A gated kind over all elements, in chunks that fit a core's cache. It is made of loops with two
 * streams: what has three is a product of products, and so rounded in between.
 */
final class GatedPass {
  private static final float[] NONE = {};

  private final Loop<float[]> function;
  private final Loop<float[]> derivative;
  private final Loop<float[]> multiply;
  private final Optional<Loop<float[]>> value;
  private final Optional<Loop<float[]>> valueDerivative;
  private final float[] uniforms;
  private final Runs runs;

  GatedPass(Loops loops, Activation activation, Runs runs) {
    this.runs = runs;
    uniforms = activation.floats();
    Kind kind = activation.kind();
    Class<?> definition = Formulas.of(kind.hasFormula() ? kind : kind.gate().orElseThrow());
    function = loops.map(factor(definition, Formulas.FORWARD));
    derivative = loops.map(factor(definition, Formulas.DERIVATIVE));
    multiply = loops.map(new Loops.Method(Chain.class, "multiply", 2, 0, false));
    if (kind.hasFormula()) {
      value =
          Optional.of(
              loops.map(new Loops.Method(definition, Formulas.VALUE, 1, uniforms.length, false)));
      valueDerivative = Optional.of(loops.map(factor(definition, Formulas.VALUE_DERIVATIVE)));
    } else {
      value = Optional.empty();
      valueDerivative = Optional.empty();
    }
  }

  private Loops.Method factor(Class<?> definition, String name) {
    return new Loops.Method(definition, name, 1, uniforms.length, true);
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Elements<float[]>> inputs,
      List<Elements<float[]>> outputs,
      long count) {
    long chunks = (count + Scratch.TILE - 1) / Scratch.TILE;
    pool.run(
        chunks,
        (worker, number) -> {
          long from = number * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - from);
          Chunk chunk = new Chunk(scratch[worker], from, length);
          if (direction == Direction.FORWARD) {
            chunk.forward(half(inputs.get(0)), half(inputs.get(1)), outputs.get(0));
          } else {
            chunk.backward(
                half(inputs.get(0)),
                half(inputs.get(1)),
                inputs.get(2),
                half(outputs.get(0)),
                half(outputs.get(1)));
          }
        });
  }

  private Elements<float[]> half(Elements<float[]> elements) {
    return new InRuns(elements, 0, runs);
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

    void forward(Elements<float[]> gate, Elements<float[]> values, Elements<float[]> out) {
      run(function, gate, factor(values), out);
    }

    /**
     * What is read of the inputs is read before an output, which may be one of them, is written.
     */
    void backward(
        Elements<float[]> gate,
        Elements<float[]> values,
        Elements<float[]> dy,
        Elements<float[]> dgate,
        Elements<float[]> dvalue) {
      Elements<float[]> product = new InChunks(scratch.third(Storage.FLOATS));
      Elements<float[]> ofValue = new InChunks(scratch.fourth(Storage.FLOATS));
      run(multiply, factor(values), dy, product);
      run(function, gate, dy, ofValue);
      valueDerivative.ifPresent(loop -> run(loop, values, ofValue, ofValue));
      run(derivative, gate, product, dgate);
      dvalue.put(from, scratch.fourth(Storage.FLOATS), 0, length);
    }

    /** What the gate's function is multiplied by: the value, or a function of it. */
    private Elements<float[]> factor(Elements<float[]> values) {
      if (value.isEmpty()) {
        return values;
      }
      Elements<float[]> factor = new InChunks(scratch.third(Storage.FLOATS));
      run(value.get(), values, values, factor);
      return factor;
    }

    private void run(
        Loop<float[]> loop,
        Elements<float[]> first,
        Elements<float[]> second,
        Elements<float[]> out) {
      Span<float[]> span = new Span<>();
      span.uniforms = loop == multiply ? NONE : uniforms;
      new Operands<>(Storage.FLOATS, first, second, out)
          .run(loop, span, from, length, true, scratch);
    }
  }
}
