package dev.activations.cpu;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.spi.Runs;
import java.util.List;
import java.util.Optional;

/**
 * A gated kind over all elements, in chunks that fit a core's cache. It is made of loops with two
 * streams: what has three is a product of products, and so rounded in between.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class GatedPass<A> {
  private final Storage<A> storage;
  private final Loop<A> function;
  private final Loop<A> derivative;
  private final Loop<A> multiply;
  private final Loop<A> add;
  private final Optional<Loop<A>> value;
  private final Optional<Loop<A>> valueDerivative;
  private final int arity;
  private final A uniforms;
  private final A none;
  private final Runs runs;
  private final List<Channels<A>> biases;

  /**
   * A pass with an activation.
   *
   * @param biases what is added to gate and value, or nothing
   */
  GatedPass(Arithmetic<A> arithmetic, Activation activation, Runs runs, List<Channels<A>> biases) {
    this.runs = runs;
    this.biases = biases;
    storage = arithmetic.storage();
    arity = activation.formula().parameters().size();
    uniforms = arithmetic.uniforms().apply(activation, false);
    none = storage.allocate().apply(0);
    Kind kind = activation.kind();
    Class<?> definition = Formulas.of(kind.hasFormula() ? kind : kind.gate().orElseThrow());
    function = arithmetic.map(factor(definition, Formulas.FORWARD));
    derivative = arithmetic.map(factor(definition, Formulas.DERIVATIVE));
    multiply = arithmetic.map(new Loops.Method(Chain.class, "multiply", 2, 0, false));
    add = arithmetic.map(new Loops.Method(Fusing.class, "add", 2, 0, false));
    if (kind.hasFormula()) {
      value =
          Optional.of(
              arithmetic.map(new Loops.Method(definition, Formulas.VALUE, 1, arity, false)));
      valueDerivative = Optional.of(arithmetic.map(factor(definition, Formulas.VALUE_DERIVATIVE)));
    } else {
      value = Optional.empty();
      valueDerivative = Optional.empty();
    }
  }

  private Loops.Method factor(Class<?> definition, String name) {
    return new Loops.Method(definition, name, 1, arity, true);
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Elements<A>> inputs,
      List<Elements<A>> outputs,
      long count) {
    long chunks = (count + Scratch.TILE - 1) / Scratch.TILE;
    pool.run(
        chunks,
        (worker, number) -> {
          long from = number * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - from);
          Chunk chunk = new Chunk(scratch[worker], from, length);
          Elements<A> gate = chunk.biased(0, half(inputs.get(0)), scratch[worker].fifth(storage));
          Elements<A> values = chunk.biased(1, half(inputs.get(1)), scratch[worker].sixth(storage));
          if (direction == Direction.FORWARD) {
            chunk.forward(gate, values, outputs.get(0));
          } else {
            chunk.backward(gate, values, inputs.get(2), half(outputs.get(0)), half(outputs.get(1)));
          }
        });
  }

  private Elements<A> half(Elements<A> elements) {
    return new InRuns<>(storage, elements, 0, runs);
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

    /** Returns an input with its bias added, in a tile; or as it is where there is none. */
    Elements<A> biased(int number, Elements<A> input, A tile) {
      if (biases.isEmpty()) {
        return input;
      }
      A beside = scratch.second(storage);
      input.get(from, tile, 0, length);
      biases.get(number).spread(from, length, beside);
      Elements<A> sum = new InChunks<>(tile);
      run(add, sum, new InChunks<>(beside), sum);
      return sum;
    }

    void forward(Elements<A> gate, Elements<A> values, Elements<A> out) {
      run(function, gate, factor(values), out);
    }

    /**
     * What is read of the inputs is read before an output, which may be one of them, is written.
     */
    void backward(
        Elements<A> gate,
        Elements<A> values,
        Elements<A> dy,
        Elements<A> dgate,
        Elements<A> dvalue) {
      Elements<A> product = new InChunks<>(scratch.third(storage));
      Elements<A> ofValue = new InChunks<>(scratch.fourth(storage));
      run(multiply, factor(values), dy, product);
      run(function, gate, dy, ofValue);
      valueDerivative.ifPresent(loop -> run(loop, values, ofValue, ofValue));
      run(derivative, gate, product, dgate);
      dvalue.put(from, scratch.fourth(storage), 0, length);
    }

    /** What the gate's function is multiplied by: the value, or a function of it. */
    private Elements<A> factor(Elements<A> values) {
      if (value.isEmpty()) {
        return values;
      }
      Elements<A> factor = new InChunks<>(scratch.third(storage));
      run(value.get(), values, values, factor);
      return factor;
    }

    private void run(Loop<A> loop, Elements<A> first, Elements<A> second, Elements<A> out) {
      Span<A> span = new Span<>();
      span.uniforms = loop == multiply || loop == add ? none : uniforms;
      new Operands<>(storage, first, second, out).run(loop, span, from, length, true, scratch);
    }
  }
}
