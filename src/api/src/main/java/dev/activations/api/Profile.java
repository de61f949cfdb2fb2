package dev.activations.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Whose conventions hold where libraries differ: in the defaults of parameters, and in the
 * derivative at kinks, where mathematics leaves a choice. Everywhere else all profiles give the
 * same bits.
 *
 * <p>The values are those that the other libraries' sources and manuals state; {@link #differences}
 * names each with its source. What another library merely computes less accurately is no
 * convention, and no profile repeats it.
 */
public enum Profile {
  /** This library's own policy: a kink belongs to its outer piece. */
  MATH {
    @Override
    void define(Table table) {
      // The others are told apart from this one.
    }
  },

  /** PyTorch. */
  PYTORCH {
    @Override
    void define(Table table) {
      table.source("ATen/native/cpu/Activation.cpp");
      table.kink(Kind.HARD_SWISH, "-3", at -> -3, "0", "-1/2", at -> -0.5);
      table.kink(Kind.HARD_SWISH, "3", at -> 3, "1", "3/2", at -> 1.5);
    }
  },

  /** TensorFlow, and Keras 3 on top of it. */
  TENSORFLOW {
    @Override
    void define(Table table) {
      table.source("tf.nn.leaky_relu; keras.activations.leaky_relu");
      table.standard(Kind.LEAKY_RELU, "slope", 0.2);
      table.source("clip_by_value; Maximum and Minimum in python/ops/math_grad.py");
      table.kink(Kind.HARD_TANH, "min", MIN, "0", "1", at -> 1);
      table.kink(Kind.HARD_TANH, "max", MAX, "0", "1", at -> 1);
      table.source("SeluGrad in core/kernels/relu_op_functor.h");
      table.kink(Kind.SELU, "0", at -> 0, "scale·alpha", "scale", at -> at.parameter("scale"));
      table.source(
          "celu in keras/src/backend/tensorflow/nn.py: both of its terms pass the gradient");
      table.kink(Kind.CELU, "0", at -> 0, "1", "2", at -> 2);
    }
  },

  /** JAX, {@code jax.nn}. */
  JAX {
    @Override
    void define(Table table) {
      table.source("jax/_src/nn/functions.py");
      table.kink(Kind.LEAKY_RELU, "0", at -> 0, "slope", "1", at -> 1);
      table.kink(Kind.HARD_TANH, "min", MIN, "0", "1", at -> 1);
      table.kink(Kind.HARD_TANH, "max", MAX, "0", "1", at -> 1);
      table.source("jax/_src/nn/functions.py: jnp.clip passes one half at a tie");
      table.kink(Kind.SPARSE_SIGMOID, "-1", at -> -1, "0", "1/4", at -> 0.25);
      table.kink(Kind.SPARSE_SIGMOID, "1", at -> 1, "0", "1/4", at -> 0.25);
    }
  },

  /** oneDNN: its eltwise primitive. */
  ONEDNN {
    @Override
    void define(Table table) {
      table.source("developer guide, eltwise: clip and bounded_relu");
      table.kink(Kind.CLIPPED_RELU, "max", MAX, "0", "1", at -> 1);
      table.kink(Kind.HARD_TANH, "max", MAX, "0", "1", at -> 1);
    }
  };

  private static final ToDoubleFunction<Activation> MIN = at -> at.parameter("min");
  private static final ToDoubleFunction<Activation> MAX = at -> at.parameter("max");

  /**
   * One difference to {@link #MATH}.
   *
   * @param kind the activation
   * @param what what differs: {@code f'(3)}, or {@code default of slope}
   * @param here what {@link #MATH} has, as people write it
   * @param there what the other library has
   * @param source where the other library says so
   */
  public record Difference(Kind kind, String what, String here, String there, String source) {}

  abstract void define(Table table);

  /** Returns what differs from {@link #MATH}, each with its source. */
  public List<Difference> differences() {
    return List.copyOf(table().differences);
  }

  /** Returns the name on the command line and in {@link Activation#toString}. */
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a profile by its name, in any case.
   *
   * @throws IllegalArgumentException if there is none; the message names the nearest
   */
  public static Profile named(String name) {
    List<String> stems = Arrays.stream(values()).map(Profile::stem).toList();
    int at = stems.indexOf(name.strip().toLowerCase(Locale.ROOT));
    if (at < 0) {
      throw new IllegalArgumentException(
          "unknown profile '%s'; did you mean %s? Known: %s"
              .formatted(name, Nearest.to(name, stems), String.join(", ", stems)));
    }
    return values()[at];
  }

  /** Returns the default of a parameter of a formula. */
  double defaultOf(Formula formula, Parameter parameter) {
    return table()
        .defaults
        .getOrDefault(formula, Map.of())
        .getOrDefault(parameter.name(), parameter.defaultValue());
  }

  /** Returns where the derivative of an activation is not its formula's, two points at most. */
  List<Kink> kinks(Activation activation) {
    return table().kinks.getOrDefault(activation.formula(), List.of()).stream()
        .map(kink -> kink.apply(activation))
        .toList();
  }

  private Table table() {
    return Tables.ALL.get(this);
  }

  /** Written down when first asked for, as the kinds must be there before. */
  private static final class Tables {
    static final Map<Profile, Table> ALL = new EnumMap<>(Profile.class);

    static {
      for (Profile profile : values()) {
        Table table = new Table();
        profile.define(table);
        ALL.put(profile, table);
      }
    }
  }

  /** Where a profile writes itself down. */
  static final class Table {
    private final List<Difference> differences = new ArrayList<>();
    private final Map<Formula, Map<String, Double>> defaults = new HashMap<>();
    private final Map<Formula, List<Function<Activation, Kink>>> kinks = new HashMap<>();
    private String source;

    /** Where the following rows are found. */
    void source(String place) {
      source = place;
    }

    /** Another default of a parameter. */
    void standard(Kind kind, String parameter, double value) {
      defaults.computeIfAbsent(kind, key -> new HashMap<>()).put(parameter, value);
      differences.add(
          new Difference(
              kind,
              "default of " + parameter,
              Double.toString(Activation.of(kind).parameter(parameter)),
              Double.toString(value),
              source));
    }

    /** Another derivative at a point, both of which may depend on the parameters. */
    void kink(
        Kind kind,
        String x,
        ToDoubleFunction<Activation> at,
        String here,
        String there,
        ToDoubleFunction<Activation> slope) {
      kinks
          .computeIfAbsent(kind, key -> new ArrayList<>())
          .add(
              activation ->
                  new Kink(at.applyAsDouble(activation), slope.applyAsDouble(activation)));
      differences.add(new Difference(kind, "f'(%s)".formatted(x), here, there, source));
    }
  }
}
