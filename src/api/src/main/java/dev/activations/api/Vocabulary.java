package dev.activations.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The names, arguments and defaults that another library has for the activations: what a model of
 * that library says is turned into the {@link Activation} that computes the same function. Where
 * the defaults of the two differ, those of the other library count.
 *
 * <p>The functions are the same; their derivatives may differ at kinks, where the policy of this
 * library holds.
 */
public enum Vocabulary {
  /** The operators of ONNX, opset 24 and before: {@code HardSigmoid} with {@code alpha=0.2}. */
  ONNX {
    @Override
    void define(Table table) {
      table.name(Kind.LINEAR, "Identity");
      table.name(Kind.SIGMOID, "Sigmoid");
      table.name(Kind.TANH, "Tanh");
      table.name(Kind.RELU, "Relu");
      table.name(Kind.LEAKY_RELU, "LeakyRelu").argument("alpha", "slope", 0.01);
      table.name(Kind.ELU, "Elu").argument("alpha", "alpha", 1);
      table
          .name(Kind.SELU, "Selu")
          .argument("gamma", "scale", 1.05070102214813232421875)
          .argument("alpha", "alpha", 1.67326319217681884765625);
      table.name(Kind.CELU, "Celu").argument("alpha", "alpha", 1);
      table.name(Kind.SOFTPLUS, "Softplus");
      table.name(Kind.SOFTSIGN, "Softsign");
      table
          .name(Kind.GELU, "Gelu")
          .choice("approximate", "none", Kind.GELU)
          .choice("approximate", "tanh", Kind.GELU_TANH);
      table.name(Kind.SILU, "Swish").argument("alpha", "beta", 1);
      table.name(Kind.MISH, "Mish");
      table
          .name(Kind.HARD_SIGMOID, "HardSigmoid")
          .argument("alpha", "slope", 0.2)
          .argument("beta", "offset", 0.5);
      table.name(Kind.HARD_SWISH, "HardSwish");
      table.name(Kind.THRESHOLDED_RELU, "ThresholdedRelu").argument("alpha", "theta", 1);
      table.name(Kind.HARD_SHRINK, "Shrink").argument("lambd", "lambda", 0.5).only("bias", 0.0);
      table.name(Kind.EXP, "Exp");
      table.name(Kind.ABS, "Abs");
      table.name(Kind.SOFTMAX, "Softmax");
      table.name(Kind.LOG_SOFTMAX, "LogSoftmax");
      table.name(Kind.HARDMAX, "Hardmax");
    }
  },

  /** PyTorch, by the names of {@code torch.nn} and {@code torch.nn.functional}. */
  PYTORCH {
    @Override
    void define(Table table) {
      table.name(Kind.LINEAR, "Identity");
      table.name(Kind.SIGMOID, "Sigmoid");
      table.name(Kind.TANH, "Tanh");
      table.name(Kind.RELU, "ReLU");
      table.name(Kind.CLIPPED_RELU, "ReLU6");
      table.name(Kind.LEAKY_RELU, "LeakyReLU").argument("negative_slope", "slope", 0.01);
      table.name(Kind.PRELU, "PReLU").argument("init", "weight", 0.25);
      table
          .name(Kind.RRELU, "RReLU")
          .argument("lower", "lower", 1 / 8.0)
          .argument("upper", "upper", 1 / 3.0);
      table.name(Kind.ELU, "ELU").argument("alpha", "alpha", 1);
      table.name(Kind.SELU, "SELU");
      table.name(Kind.CELU, "CELU").argument("alpha", "alpha", 1);
      // From its threshold on PyTorch returns x, which is within a float's rounding of softplus.
      table.name(Kind.SOFTPLUS, "Softplus").argument("beta", "beta", 1).only("threshold", 20.0);
      table.name(Kind.SOFTSIGN, "Softsign");
      table.name(Kind.LOG_SIGMOID, "LogSigmoid");
      table
          .name(Kind.GELU, "GELU")
          .choice("approximate", "none", Kind.GELU)
          .choice("approximate", "tanh", Kind.GELU_TANH);
      table.name(Kind.SILU, "SiLU");
      table.name(Kind.MISH, "Mish");
      table.name(Kind.HARD_SIGMOID, "Hardsigmoid");
      table.name(Kind.HARD_SWISH, "Hardswish");
      table
          .name(Kind.HARD_TANH, "Hardtanh")
          .argument("min_val", "min", -1)
          .argument("max_val", "max", 1);
      table.name(Kind.HARD_SHRINK, "Hardshrink").argument("lambd", "lambda", 0.5);
      table.name(Kind.SOFT_SHRINK, "Softshrink").argument("lambd", "lambda", 0.5);
      table.name(Kind.TANH_SHRINK, "Tanhshrink");
      table
          .name(Kind.THRESHOLD, "Threshold")
          .required("threshold", "theta")
          .required("value", "value");
      table.name(Kind.EXP, "exp");
      table.name(Kind.ABS, "abs");
      table.name(Kind.SQUARE, "square");
      table.name(Kind.SOFTMAX, "Softmax");
      table.name(Kind.SOFTMIN, "Softmin");
      table.name(Kind.LOG_SOFTMAX, "LogSoftmax");
      // With hard=True it is hardmax of this, whose gradient is this one's.
      table
          .name(Kind.GUMBEL_SOFTMAX, "gumbel_softmax")
          .argument("tau", "tau", 1)
          .only("hard", false);
      // Of the axis that is its argument, dim, the geometry of the op takes care.
      table.name(Kind.GLU, "GLU");
    }
  },

  /** Keras 3, by the names of {@code keras.activations}. */
  KERAS {
    @Override
    void define(Table table) {
      table.name(Kind.LINEAR, "linear");
      table.name(Kind.SIGMOID, "sigmoid");
      table.name(Kind.TANH, "tanh");
      table
          .name(Kind.RELU, "relu")
          .only("negative_slope", 0.0)
          .only("max_value", "None")
          .only("threshold", 0.0);
      table.name(Kind.CLIPPED_RELU, "relu6");
      table.name(Kind.LEAKY_RELU, "leaky_relu").argument("negative_slope", "slope", 0.2);
      table.name(Kind.ELU, "elu").argument("alpha", "alpha", 1);
      table.name(Kind.SELU, "selu");
      table.name(Kind.CELU, "celu").argument("alpha", "alpha", 1);
      table.name(Kind.SOFTPLUS, "softplus");
      table.name(Kind.SOFTSIGN, "softsign");
      table.name(Kind.LOG_SIGMOID, "log_sigmoid");
      table
          .name(Kind.GELU, "gelu")
          .choice("approximate", false, Kind.GELU)
          .choice("approximate", true, Kind.GELU_TANH);
      table.name(Kind.SILU, "silu", "swish");
      table.name(Kind.MISH, "mish");
      table.name(Kind.HARD_SIGMOID, "hard_sigmoid");
      table.name(Kind.HARD_SWISH, "hard_silu", "hard_swish");
      table.name(Kind.HARD_TANH, "hard_tanh");
      table.name(Kind.HARD_SHRINK, "hard_shrink").argument("threshold", "lambda", 0.5);
      table.name(Kind.SOFT_SHRINK, "soft_shrink").argument("threshold", "lambda", 0.5);
      table.name(Kind.TANH_SHRINK, "tanh_shrink");
      table
          .name(Kind.THRESHOLD, "threshold")
          .required("threshold", "theta")
          .required("default_value", "value");
      table.name(Kind.SQUAREPLUS, "squareplus").argument("b", "b", 4);
      table.name(Kind.SPARSE_PLUS, "sparse_plus");
      table.name(Kind.SPARSE_SIGMOID, "sparse_sigmoid");
      table.name(Kind.EXP, "exponential");
      table.name(Kind.SOFTMAX, "softmax");
      table.name(Kind.LOG_SOFTMAX, "log_softmax");
      table.name(Kind.SPARSEMAX, "sparsemax");
      table.name(Kind.GLU, "glu");
    }
  };

  private final Map<String, Row> rows = new TreeMap<>();
  private final List<String> names = new ArrayList<>();

  Vocabulary() {
    define(new Table());
  }

  abstract void define(Table table);

  /** Returns the names that are known, as the other library spells them. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /**
   * Returns what a kind is called in the other library, with the arguments that have to do with it:
   * their defaults there, or the value that means this kind; {@code GELU(approximate=tanh)}.
   *
   * @return nothing if the other library has no such function
   */
  public List<String> namesOf(Kind kind) {
    return names.stream()
        .flatMap(name -> rows.get(key(name)).spelled(name, kind).stream())
        .toList();
  }

  /**
   * Returns the activation that a name means.
   *
   * @param name the name in the other library, in any case; what stands before a point is left out,
   *     so that {@code torch.nn.ReLU} is {@code ReLU}
   * @param arguments the arguments by their names in the other library; those that are not given
   *     have its defaults
   * @throws IllegalArgumentException if the name is unknown (the message has the nearest), or an
   *     argument is unknown, no number, outside its domain or asks for what is not supported
   */
  public Activation activation(String name, Map<String, ?> arguments) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    Row row = rows.get(key(simple));
    if (row == null) {
      throw new IllegalArgumentException(
          "unknown activation '%s' of %s; did you mean %s? Known: %s"
              .formatted(name, this, Nearest.to(simple, names), String.join(", ", names)));
    }
    return row.activation(name, arguments);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Where a vocabulary writes itself down. */
  final class Table {
    /** One function, under one name or several. */
    Row name(Kind kind, String... spellings) {
      Row row = new Row(kind);
      for (String spelling : spellings) {
        names.add(spelling);
        rows.put(key(spelling), row);
      }
      return row;
    }
  }

  /** What a name means. */
  static final class Row {
    private final Kind kind;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, Double> defaults = new HashMap<>();
    private final Map<String, Map<Object, Kind>> choices = new LinkedHashMap<>();

    private Row(Kind kind) {
      this.kind = kind;
    }

    /** An argument that is a parameter here, and its default there. */
    Row argument(String name, String parameter, double value) {
      parameters.put(name, parameter);
      defaults.put(name, value);
      return this;
    }

    /** An argument that is a parameter here and has no default there. */
    Row required(String name, String parameter) {
      parameters.put(name, parameter);
      return this;
    }

    /** An argument of which one value is supported: its default. */
    Row only(String name, Object value) {
      return choice(name, value, kind);
    }

    /** A supported value of an argument, and the kind that the name then means. */
    Row choice(String name, Object value, Kind meant) {
      choices.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(value, meant);
      return this;
    }

    private Activation activation(String name, Map<String, ?> arguments) {
      Kind meant = kind;
      for (Map.Entry<String, ?> argument : arguments.entrySet()) {
        meant = check(name, argument.getKey(), argument.getValue()).orElse(meant);
      }
      Activation activation = Activation.of(meant);
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        Object given = arguments.get(parameter.getKey());
        Number value = given == null ? defaults.get(parameter.getKey()) : (Number) given;
        if (value == null) {
          throw new IllegalArgumentException(
              "%s needs the argument '%s', which has no default"
                  .formatted(name, parameter.getKey()));
        }
        activation = activation.with(parameter.getValue(), value.doubleValue());
      }
      activation.checkTogether();
      return activation;
    }

    /** Returns how a kind is asked for under a name of this row, if that may mean it. */
    private Optional<String> spelled(String name, Kind asked) {
      List<String> arguments = new ArrayList<>();
      for (String argument : parameters.keySet()) {
        Double value = defaults.get(argument);
        arguments.add(value == null ? argument : argument + "=" + value);
      }
      boolean means = kind == asked;
      for (Map.Entry<String, Map<Object, Kind>> choice : choices.entrySet()) {
        for (Map.Entry<Object, Kind> value : choice.getValue().entrySet()) {
          if (value.getValue() == asked && choice.getValue().size() > 1) {
            arguments.add(choice.getKey() + "=" + value.getKey());
            means = true;
          }
        }
      }
      String inside = arguments.isEmpty() ? "" : "(" + String.join(", ", arguments) + ")";
      return means ? Optional.of(name + inside) : Optional.empty();
    }

    /** Returns the kind that the argument chooses, if it chooses one. */
    private Optional<Kind> check(String name, String argument, Object value) {
      if (parameters.containsKey(argument)) {
        if (!(value instanceof Number)) {
          throw new IllegalArgumentException(
              "%s: expected a number as %s, got '%s'".formatted(name, argument, value));
        }
        return Optional.empty();
      }
      Map<Object, Kind> choice = choices.get(argument);
      if (choice == null) {
        List<String> known = new ArrayList<>(parameters.keySet());
        known.addAll(choices.keySet());
        throw new IllegalArgumentException(
            "%s has no argument '%s' here; it has %s".formatted(name, argument, known));
      }
      for (Map.Entry<Object, Kind> supported : choice.entrySet()) {
        if (isEqual(supported.getKey(), value)) {
          return Optional.of(supported.getValue());
        }
      }
      String supported =
          choice.keySet().stream().map(Object::toString).collect(Collectors.joining(" or "));
      throw new IllegalArgumentException(
          "%s: %s=%s is not supported; only %s is".formatted(name, argument, value, supported));
    }

    private static boolean isEqual(Object wanted, Object value) {
      return wanted instanceof Double number
          ? value instanceof Number given && given.doubleValue() == number
          : Objects.toString(wanted).equals(value == null ? "None" : value.toString());
    }
  }
}
