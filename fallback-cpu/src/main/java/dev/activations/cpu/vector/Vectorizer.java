package dev.activations.cpu.vector;

import dev.activations.cpu.vector.Node.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes loops over vectors from scalar formulas. Needs the module {@code jdk.incubator.vector};
 * {@link #isSupported} says whether it is there.
 */
public final class Vectorizer {
  /** How many vectors a loop that adds may take before its accumulators must be emptied. */
  public static final int ADDITIONS = 511;

  static final String MODULE = "jdk.incubator.vector";

  private Vectorizer() {}

  /** A static method of a class that keeps to the dialect, the only one of its name. */
  public record Named(Class<?> owner, String name) {}

  /** Returns whether this Java program was started with the module of the Vector API. */
  public static boolean isSupported() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Returns the number of floats in one vector of this machine. */
  public static int lanes() {
    return Lanes.COUNT;
  }

  /**
   * Makes a loop that computes {@code out[i] = formula(first[i], second[i], uniforms...)}.
   *
   * @param formula takes floats, or records of floats, and returns a float
   * @param streams how many of its arguments, from the left, differ for each element: 1 or 2
   */
  public static Vectorized map(Named formula, int streams) {
    Builder builder = new Builder(formula);
    return builder.define(Optional.of(builder.call(formula, builder.streams(streams))), List.of());
  }

  /**
   * Makes a loop that computes {@code out[i] = formula(first[i], uniforms...)}.
   *
   * @param settle what has the last word: {@code settle(result, first[i], more uniforms...)}
   */
  public static Vectorized map(Named formula, Optional<Named> settle) {
    Builder builder = new Builder(formula);
    return builder.define(Optional.of(builder.settled(formula, settle)), List.of());
  }

  /**
   * Makes a loop that computes {@code out[i] = outer(formula(first[i], uniforms...), second[i])}.
   *
   * @param settle has the last word on the formula, as for {@link #map(Named, Optional)}
   */
  public static Vectorized chain(Named outer, Named formula, Optional<Named> settle) {
    Builder builder = new Builder(formula);
    Node inner = builder.settled(formula, settle);
    Node both = builder.call(outer, List.of(inner, builder.graph.stream(1)));
    return builder.define(Optional.of(both), List.of());
  }

  /**
   * Makes a loop that folds each lane of two streams with a formula of one: {@code floats[lane] =
   * formula(floats[lane], first[i])}, and the same of {@code floats[lanes + lane]} and {@code
   * second[i]}. With one accumulator alone each step would wait for the one before.
   */
  public static Vectorized fold(Named formula) {
    Builder builder = new Builder(formula);
    List<Node> folded = new ArrayList<>();
    for (Node stream : builder.streams(2)) {
      Node before = builder.graph.carried(folded.size(), Type.FLOAT);
      folded.add(builder.call(formula, List.of(before, stream)));
    }
    return builder.define(Optional.empty(), folded);
  }

  /**
   * Makes a loop that folds each lane with a formula of two streams: {@code floats[lane] =
   * formula(floats[lane], first[i], second[i])}.
   */
  public static Vectorized foldBoth(Named formula) {
    Builder builder = new Builder(formula);
    List<Node> arguments = new ArrayList<>(List.of(builder.graph.carried(0, Type.FLOAT)));
    arguments.addAll(builder.streams(2));
    return builder.define(Optional.empty(), List.of(builder.call(formula, arguments)));
  }

  /**
   * Makes a loop that adds integers in each lane. With {@code (high, mid, low) = formula(first[i],
   * second[i], uniforms...)} it adds these to the first, second and third {@code lanes} elements of
   * {@code ints}. {@link #ADDITIONS} of them cannot overflow as long as none is above 2^22 in
   * magnitude.
   *
   * @param formula returns a record of the ints {@code high}, {@code mid} and {@code low}
   * @param streams how many of its arguments, from the left, differ for each element: 1 or 2
   */
  public static Vectorized sum(Named formula, int streams) {
    Builder builder = new Builder(formula);
    Graph graph = builder.graph;
    Value.Aggregate limbs = (Value.Aggregate) builder.value(formula, builder.streams(streams));
    List<Node> sums = new ArrayList<>();
    for (String limb : List.of("high", "mid", "low")) {
      Node part = (Node) limbs.fields().get(limb);
      sums.add(graph.arithmetic(Operation.ADD, graph.carried(sums.size(), Type.INT), part));
    }
    return builder.define(Optional.empty(), sums);
  }

  private static final class Builder {
    final Named named;
    final Graph graph = new Graph();
    final Translator translator;

    Builder(Named formula) {
      named = formula;
      translator = new Translator(graph, formula.owner().getClassLoader());
    }

    List<Node> streams(int count) {
      List<Node> streams = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        streams.add(graph.stream(i));
      }
      return streams;
    }

    Node call(Named formula, List<Node> arguments) {
      return (Node) value(formula, arguments);
    }

    Node settled(Named formula, Optional<Named> settle) {
      Node result = call(formula, streams(1));
      return settle.isPresent() ? call(settle.get(), List.of(result, graph.stream(0))) : result;
    }

    /** Calls the formula; the arguments that are not given are uniforms. */
    Value value(Named formula, List<Node> arguments) {
      return translator.callWithUniforms(
          formula.owner().getName().replace('.', '/'), formula.name(), arguments);
    }

    Vectorized define(Optional<Node> result, List<Node> carried) {
      String name = named.owner().getSimpleName() + "_" + named.name();
      return new Vectorized(name, graph, result, carried);
    }
  }

  /** Asks the Vector API, by name, when first touched. */
  private static final class Lanes {
    static final int COUNT = preferred();

    private static int preferred() {
      try {
        Object species =
            Class.forName(MODULE + ".FloatVector").getField("SPECIES_PREFERRED").get(null);
        return (int) Class.forName(MODULE + ".VectorSpecies").getMethod("length").invoke(species);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "the module %s is not there; start Java with --add-modules %s"
                .formatted(MODULE, MODULE),
            e);
      }
    }
  }
}
