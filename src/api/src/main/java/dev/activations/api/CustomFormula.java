package dev.activations.api;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pointwise activation of the user's own, stated twice: as a Java class, which is the definition
 * and runs on the CPU with and without SIMD, and as one kernel source in the common subset of
 * OpenCL C and CUDA C, which runs on GPUs. Immutable, comparable by value.
 *
 * <p>The Java class is public and has the public static methods {@code float forward(float x,
 * float... parameters)} and {@code float derivative(...)}, with one {@code float} for each
 * parameter. The kernel source has the functions {@code INLINE float stem(float x, ...)} and {@code
 * INLINE float stem_derivative(float x, ...)}. Both sides may use the words of {@code lib/math}, in
 * Java the public methods of {@code dev.activations.cpu.scalar}.
 *
 * <p>Where both do the same operations in the same order, every device gives the same bits. That
 * leaves out what devices round each in its own way: division, roots and the functions of {@code
 * Math} other than {@code fma} and {@code abs}; and loops and recursion, of which no SIMD code is
 * made. Results should pass through {@code quiet}, which gives every NaN the same bits. {@code
 * Conformance} in {@code dev.activations.verify} tells whether a formula keeps the promise.
 */
public final class CustomFormula implements Formula {
  private static final Pattern STEM = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  /** What the loops of the kernels take. */
  private static final int MOST_PARAMETERS = 2;

  private final String stem;
  private final String expression;
  private final String derivativeExpression;
  private final String source;
  private final List<Parameter> parameters;
  private final Class<?> definition;
  private final String kernel;

  private CustomFormula(Builder builder) {
    stem = builder.stem;
    expression = builder.expression;
    derivativeExpression = builder.derivativeExpression;
    source = builder.source;
    parameters = List.copyOf(builder.parameters);
    definition = builder.definition;
    kernel = builder.kernel;
  }

  /**
   * Begins a formula.
   *
   * @param stem its name: lower-case words joined by {@code _}
   * @throws IllegalArgumentException if the name has another form, or is a {@link Kind}'s
   */
  public static Builder named(String stem) {
    if (!STEM.matcher(stem).matches() || stem.endsWith("_derivative")) {
      throw new IllegalArgumentException(
          "expected a name of lower-case words joined by '_', got '%s'".formatted(stem));
    }
    if (Arrays.stream(Kind.values())
        .anyMatch(kind -> kind.stem().equals(stem) || kind.aliases().contains(stem))) {
      throw new IllegalArgumentException(
          "%s is an activation of the library; give yours another name".formatted(stem));
    }
    return new Builder(stem);
  }

  /**
   * Makes the formula known by its name, to {@link Formula#named} and {@link Activation#parse}, for
   * the rest of the program. Doing it twice does no harm.
   *
   * @return this
   * @throws IllegalStateException if another formula has the name
   */
  public CustomFormula register() {
    Registry.register(this);
    return this;
  }

  @Override
  public String stem() {
    return stem;
  }

  @Override
  public String expression() {
    return expression;
  }

  @Override
  public String derivativeExpression() {
    return derivativeExpression;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public Shape shape() {
    return Shape.POINTWISE;
  }

  @Override
  public Saved saved() {
    return Saved.INPUT;
  }

  /** Returns the class that has the methods {@code forward} and {@code derivative}. */
  public Class<?> definition() {
    return definition;
  }

  /** Returns the kernel source. */
  public String kernel() {
    return kernel;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CustomFormula that
        && stem.equals(that.stem)
        && parameters.equals(that.parameters)
        && definition == that.definition
        && kernel.equals(that.kernel);
  }

  @Override
  public int hashCode() {
    return Objects.hash(stem, parameters, definition, kernel);
  }

  @Override
  public String toString() {
    return stem;
  }

  /** What is known of a formula while it is written down. */
  public static final class Builder {
    private final String stem;
    private final List<Parameter> parameters = new ArrayList<>();
    private String expression;
    private String derivativeExpression;
    private String source = "";
    private Class<?> definition;
    private String kernel;

    private Builder(String stem) {
      this.stem = stem;
      expression = stem + "(x)";
      derivativeExpression = stem + "'(x)";
    }

    /**
     * Adds a parameter, after those added before.
     *
     * @throws IllegalArgumentException if there are two already, or one has the name
     */
    public Builder parameter(Parameter parameter) {
      if (parameters.size() == MOST_PARAMETERS) {
        throw new IllegalArgumentException(
            "%s: expected at most %d parameters, got %s as another one"
                .formatted(stem, MOST_PARAMETERS, parameter.name()));
      }
      if (parameters.stream().anyMatch(each -> each.name().equals(parameter.name()))) {
        throw new IllegalArgumentException(
            "%s has a parameter %s already".formatted(stem, parameter.name()));
      }
      parameters.add(parameter);
      return this;
    }

    /** Says how people write function and derivative, for lists and reports. */
    public Builder expressions(String function, String derivative) {
      expression = Objects.requireNonNull(function);
      derivativeExpression = Objects.requireNonNull(derivative);
      return this;
    }

    /** Says where the function comes from. */
    public Builder source(String paper) {
      source = Objects.requireNonNull(paper);
      return this;
    }

    /** Sets the class of the methods {@code forward} and {@code derivative}. */
    public Builder definition(Class<?> owner) {
      definition = Objects.requireNonNull(owner);
      return this;
    }

    /** Sets the kernel source, in the common subset of OpenCL C and CUDA C. */
    public Builder kernel(String text) {
      kernel = Objects.requireNonNull(text);
      return this;
    }

    /**
     * Finishes the formula.
     *
     * @throws IllegalArgumentException if definition or kernel are missing, or have not the
     *     functions that they must have; the message shows those
     */
    public CustomFormula build() {
      if (definition == null || kernel == null) {
        throw new IllegalArgumentException(
            "%s needs both a definition, a Java class, and a kernel, a source text"
                .formatted(stem));
      }
      checkMethod("forward");
      checkMethod("derivative");
      checkFunction(stem);
      checkFunction(stem + "_derivative");
      return new CustomFormula(this);
    }

    private void checkMethod(String name) {
      Class<?>[] floats = new Class<?>[1 + parameters.size()];
      Arrays.fill(floats, float.class);
      try {
        Method method = definition.getMethod(name, floats);
        if (Modifier.isPublic(definition.getModifiers())
            && Modifier.isStatic(method.getModifiers())
            && method.getReturnType() == float.class) {
          return;
        }
      } catch (NoSuchMethodException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          "%s: expected a public class %s with the method 'public static float %s(%s)'"
              .formatted(stem, definition.getName(), name, signature()));
    }

    private void checkFunction(String name) {
      Pattern head = Pattern.compile("\\bINLINE\\s+float\\s+%s\\s*\\(".formatted(name));
      if (!head.matcher(kernel).find()) {
        throw new IllegalArgumentException(
            "%s: expected the function 'INLINE float %s(%s) {...}' in the kernel source"
                .formatted(stem, name, signature()));
      }
    }

    private String signature() {
      return Stream.concat(Stream.of("x"), parameters.stream().map(Parameter::name))
          .map(name -> "float " + name)
          .collect(Collectors.joining(", "));
    }
  }
}
