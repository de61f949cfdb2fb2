package dev.activations.api;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A formula with its parameters set. Immutable, comparable by value; {@link #toString} and {@link
 * #parse} are each other's inverse.
 *
 * <p>Parameters are kept as {@code double} and rounded once to the type of the arithmetic, so a
 * float32 pass computes the function whose parameter is the nearest float.
 */
public final class Activation {
  /** The most kinks that a formula has. */
  public static final int MAX_KINKS = 2;

  private final Formula formula;
  private final double[] values;
  private final Profile profile;

  private Activation(Formula formula, double[] values, Profile profile) {
    this.formula = formula;
    this.values = values;
    this.profile = profile;
  }

  /** Returns the formula with its default parameters. */
  public static Activation of(Formula formula) {
    return of(formula, Profile.MATH);
  }

  /**
   * Returns the formula with the defaults and the kinks of a profile: {@code
   * Activation.of(Kind.LEAKY_RELU, Profile.TENSORFLOW)} has the slope 0.2.
   */
  public static Activation of(Formula formula, Profile profile) {
    return new Activation(
        formula,
        formula.parameters().stream()
            .mapToDouble(parameter -> profile.defaultOf(formula, parameter))
            .toArray(),
        profile);
  }

  /**
   * Returns the formula with these parameters.
   *
   * @param values one value for each of {@link Formula#parameters}, in that order
   * @throws IllegalArgumentException if the number of values differs or one is outside its domain
   */
  public static Activation of(Formula formula, double... values) {
    List<Parameter> parameters = formula.parameters();
    if (values.length != parameters.size()) {
      throw new IllegalArgumentException(
          "%s takes %d parameter(s) %s, got %d"
              .formatted(
                  formula.stem(),
                  parameters.size(),
                  parameters.stream().map(Parameter::name).toList(),
                  values.length));
    }
    double[] checked = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      checked[i] = parameters.get(i).check(formula, values[i]);
    }
    return new Activation(formula, checked, Profile.MATH);
  }

  /**
   * Reads what {@link #toString} writes: {@code gelu}, {@code leaky_relu(slope=0.2)}, {@code
   * hard_tanh@jax}. Parameters that are not named keep their defaults, those of the profile.
   *
   * @throws IllegalArgumentException if the text has another form, or names an unknown activation,
   *     parameter or profile (the message names the nearest) or one parameter twice, or a value is
   *     no number or outside its domain
   */
  public static Activation parse(String text) {
    int at = text.lastIndexOf('@');
    return at < 0
        ? parse(text, Profile.MATH)
        : parse(text.substring(0, at), Profile.named(text.substring(at + 1)));
  }

  private static Activation parse(String text, Profile profile) {
    int open = text.indexOf('(');
    if (open < 0) {
      return of(Formula.named(text), profile);
    }
    if (!text.endsWith(")")) {
      throw new IllegalArgumentException(
          "expected name(parameter=value, ...), got '%s': no closing ')'".formatted(text));
    }
    Activation activation = of(Formula.named(text.substring(0, open)), profile);
    String inside = text.substring(open + 1, text.length() - 1);
    Set<String> named = new HashSet<>();
    for (String setting : inside.isBlank() ? new String[0] : inside.split(",", -1)) {
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "expected parameter=value in '%s', got '%s'".formatted(text, setting));
      }
      String name = setting.substring(0, equals).strip();
      String number = setting.substring(equals + 1).strip();
      if (!named.add(name)) {
        throw new IllegalArgumentException(
            "expected each parameter once in '%s', got %s again".formatted(text, name));
      }
      try {
        activation = activation.with(name, Double.parseDouble(number));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "%s: parameter %s must be a number, got '%s'"
                .formatted(activation.formula.stem(), name, number),
            e);
      }
    }
    return activation;
  }

  /**
   * Returns the activation that an operator of ONNX computes, with ONNX's defaults.
   *
   * @param operator the operator's type, for example {@code HardSigmoid}
   * @param attributes its attributes, for example {@code alpha} and {@code beta}
   * @throws IllegalArgumentException as {@link Vocabulary#activation} does
   */
  public static Activation fromOnnx(String operator, Map<String, ?> attributes) {
    return Vocabulary.ONNX.activation(operator, attributes);
  }

  /**
   * Returns the activation that PyTorch has under a name, with PyTorch's defaults.
   *
   * @param name the name of a module or a function, for example {@code nn.LeakyReLU}
   * @param arguments its arguments, for example {@code negative_slope}
   * @throws IllegalArgumentException as {@link Vocabulary#activation} does
   */
  public static Activation fromPyTorch(String name, Map<String, ?> arguments) {
    return Vocabulary.PYTORCH.activation(name, arguments);
  }

  /**
   * Returns the activation that Keras has under a name, with Keras's defaults.
   *
   * @param name the name, for example {@code leaky_relu}, whose slope is 0.2 in Keras
   * @param arguments its arguments, for example {@code negative_slope}
   * @throws IllegalArgumentException as {@link Vocabulary#activation} does
   */
  public static Activation fromKeras(String name, Map<String, ?> arguments) {
    return Vocabulary.KERAS.activation(name, arguments);
  }

  /**
   * Returns this activation with one parameter changed.
   *
   * @throws IllegalArgumentException if the formula has no such parameter or its domain not the
   *     value
   */
  public Activation with(String name, double value) {
    double[] changed = values.clone();
    int at = index(name);
    changed[at] = formula.parameters().get(at).check(formula, value);
    return new Activation(formula, changed, profile);
  }

  /** Returns this activation, parameters and all, with the kinks of a profile. */
  public Activation under(Profile other) {
    return new Activation(formula, values, other);
  }

  /** Returns whose conventions hold at kinks. */
  public Profile profile() {
    return profile;
  }

  /** Returns where the profile has another derivative than the formula: two points at most. */
  public List<Kink> kinks() {
    return profile.kinks(this);
  }

  /**
   * Returns whether backward works after a forward pass in place: whether {@link Session#backward}
   * gives the same bits from the output as from the input. So it is for kinds that save their
   * output, and for those like relu whose output tells which piece of the function it comes from.
   */
  public boolean survivesInPlace() {
    return formula.saved() == Formula.Saved.OUTPUT
        || formula instanceof Kind kind && kinks().isEmpty() && kind.survivesInPlace(floats());
  }

  /** Returns the formula. */
  public Formula formula() {
    return formula;
  }

  /**
   * Returns the formula as one of the library's own.
   *
   * @throws IllegalArgumentException if it is a {@link CustomFormula}
   */
  public Kind kind() {
    if (formula instanceof Kind kind) {
      return kind;
    }
    throw new IllegalArgumentException(
        "expected an activation of the library, got %s, a custom one".formatted(formula.stem()));
  }

  /**
   * Returns the value of a parameter.
   *
   * @throws IllegalArgumentException if the formula has no such parameter
   */
  public double parameter(String name) {
    return values[index(name)];
  }

  /** Returns all parameters, rounded to float32, in the order of {@link Formula#parameters}. */
  public float[] floats() {
    return rounded(values);
  }

  /** Returns into how many pieces the axis of an input is cut: 1 where there are none. */
  int piecesIn() {
    return formula instanceof Kind kind ? kind.piecesIn(values) : 1;
  }

  /** Returns of how many pieces the axis of a result is made: 1 where there are none. */
  int piecesOut() {
    return formula instanceof Kind kind ? kind.piecesOut() : 1;
  }

  /**
   * Returns all parameters as they are, for float64, in the order of {@link Formula#parameters}.
   */
  public double[] doubles() {
    return values.clone();
  }

  /**
   * Returns what {@link #doubles} returns, followed by {@link #MAX_KINKS} kinks, each as its point
   * and its slope. Those that the profile does not need are NaN, which equals no input.
   */
  public double[] doublesWithKinks() {
    double[] numbers = Arrays.copyOf(values, values.length + 2 * MAX_KINKS);
    Arrays.fill(numbers, values.length, numbers.length, Double.NaN);
    int at = values.length;
    for (Kink kink : kinks()) {
      numbers[at++] = kink.x();
      numbers[at++] = kink.slope();
    }
    return numbers;
  }

  /** Returns what {@link #doublesWithKinks} returns, rounded to float32. */
  public float[] floatsWithKinks() {
    return rounded(doublesWithKinks());
  }

  private static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  /**
   * Checks parameters against each other. Not done before, since {@link #with} changes one at a
   * time.
   */
  void checkTogether() {
    if (formula instanceof Kind kind) {
      kind.checkTogether(values);
    }
  }

  /**
   * Returns whether there is such a pass. From the output there is one only if the output tells the
   * derivative with these parameters, and if the profile has no derivative of its own at a kink.
   */
  public boolean supports(Direction direction) {
    return formula.supports(direction)
        && (direction != Direction.BACKWARD_FROM_OUTPUT || outputTells() && kinks().isEmpty());
  }

  /**
   * Checks that the backward pass can take the derivative from the output.
   *
   * @throws IllegalArgumentException if it cannot; the message says why, and what to do
   */
  void checkFromOutput() {
    if (!supports(Direction.BACKWARD_FROM_OUTPUT)) {
      throw new IllegalArgumentException(
          "%s; keep the input for the backward pass, and leave out fromOutput()"
              .formatted(whyNotFromOutput()));
    }
  }

  private String whyNotFromOutput() {
    if (formula.fromOutput().isEmpty()) {
      return "the derivative of %s is not taken from its output".formatted(formula.stem());
    }
    if (!outputTells()) {
      return "the output of %s tells the derivative only if %s"
          .formatted(this, formula.fromOutput().get().condition().orElseThrow());
    }
    return "the output of %s does not tell whether the input was %s, where %s has a derivative of its own"
        .formatted(this, kinks().get(0).x(), profile.stem());
  }

  private boolean outputTells() {
    return !(formula instanceof Kind kind) || kind.outputTells(values);
  }

  private int index(String name) {
    List<String> names = formula.parameters().stream().map(Parameter::name).toList();
    int at = names.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(
          names.isEmpty()
              ? "%s has no parameters, got '%s'".formatted(formula.stem(), name)
              : "%s has no parameter '%s'; did you mean %s? It has %s"
                  .formatted(formula.stem(), name, Nearest.to(name, names), names));
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Activation that
        && formula.equals(that.formula)
        && profile == that.profile
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(formula, profile, Arrays.hashCode(values));
  }

  /**
   * Returns the stem, followed by the parameters where there are any, and by the profile where it
   * is not {@link Profile#MATH}: {@code leaky_relu(slope=0.2)@jax}.
   */
  @Override
  public String toString() {
    String suffix = profile == Profile.MATH ? "" : "@" + profile.stem();
    if (values.length == 0) {
      return formula.stem() + suffix;
    }
    StringBuilder text = new StringBuilder(formula.stem()).append('(');
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ")
          .append(formula.parameters().get(i).name())
          .append('=')
          .append(values[i]);
    }
    return text.append(')').append(suffix).toString();
  }
}
