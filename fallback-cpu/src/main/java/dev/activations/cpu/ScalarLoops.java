package dev.activations.cpu;

import dev.activations.api.Activation;
import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Kinks;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Softmax;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Loops that call the scalar definition, element by element. */
final class ScalarLoops implements Loops {
  static final ScalarLoops INSTANCE = new ScalarLoops();

  private static final Rows FORWARD =
      new Rows(
          Float.NEGATIVE_INFINITY,
          ScalarLoops::maximum,
          ScalarLoops::terms,
          ScalarLoops::quotients);
  private static final Rows BACKWARD =
      new Rows(0, ScalarLoops::magnitude, ScalarLoops::products, ScalarLoops::gradients);

  private final Map<Key, Loop<float[]>> made = new ConcurrentHashMap<>();

  private ScalarLoops() {}

  @Override
  public Loop<float[]> pointwise(Formula formula, Direction direction, boolean kinks) {
    return made.computeIfAbsent(
        new Key(formula, direction, kinks), key -> ScalarLoop.of(handle(key)));
  }

  @Override
  public Optional<String> obstacle(CustomFormula formula) {
    return Optional.empty();
  }

  @Override
  public Rows softmax(Direction direction) {
    return direction == Direction.FORWARD ? FORWARD : BACKWARD;
  }

  /** Returns a formula as a function of (first, second, uniforms). */
  private static MethodHandle handle(Key key) {
    int uniforms = key.formula().parameters().size();
    MethodHandle function =
        find(Formulas.of(key.formula()), Formulas.method(key.direction()), 1 + uniforms);
    if (key.kinks()) {
      function = withKinks(function);
      uniforms += 2 * Activation.MAX_KINKS;
    }
    function = function.asSpreader(float[].class, uniforms);
    if (!Formulas.isBackward(key.direction())) {
      return MethodHandles.dropArguments(function, 1, float.class);
    }
    MethodHandle product =
        MethodHandles.collectArguments(find(Chain.class, "multiply", 2), 0, function);
    MethodType type = MethodType.methodType(float.class, float.class, float.class, float[].class);
    return MethodHandles.permuteArguments(product, type, 0, 2, 1);
  }

  /** Turns f'(x, parameters) into a function of (x, parameters, kinks). */
  private static MethodHandle withKinks(MethodHandle derivative) {
    int inner = derivative.type().parameterCount();
    MethodHandle settle = find(Kinks.class, "settle", 2 + 2 * Activation.MAX_KINKS);
    // (x, parameters, x again, kinks), of which both x are one argument.
    MethodHandle both = MethodHandles.collectArguments(settle, 0, derivative);
    int[] order =
        IntStream.range(0, both.type().parameterCount())
            .map(i -> i < inner ? i : i == inner ? 0 : i - 1)
            .toArray();
    return MethodHandles.permuteArguments(
        both, both.type().dropParameterTypes(inner, inner + 1), order);
  }

  private static MethodHandle find(Class<?> owner, String name, int floats) {
    Class<?>[] arguments = new Class<?>[floats];
    Arrays.fill(arguments, float.class);
    try {
      return MethodHandles.publicLookup()
          .findStatic(owner, name, MethodType.methodType(float.class, arguments));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "%s has no method %s of %d floats".formatted(owner.getName(), name, floats), e);
    }
  }

  private static void maximum(Span<float[]> span) {
    float m = span.folded;
    for (int i = 0; i < span.count; i++) {
      m = Softmax.maximum(m, span.first[span.firstAt + i]);
    }
    span.folded = m;
  }

  private static void terms(Span<float[]> span) {
    for (int i = 0; i < span.count; i++) {
      Limbs term = Softmax.term(span.first[span.firstAt + i], span.uniforms[0]);
      span.high += term.high();
      span.low += term.low();
    }
  }

  private static void quotients(Span<float[]> span) {
    Pair total = new Pair(span.uniforms[1], span.uniforms[2]);
    for (int i = 0; i < span.count; i++) {
      span.out[span.outAt + i] =
          Softmax.forward(span.first[span.firstAt + i], span.uniforms[0], total);
    }
  }

  private static void magnitude(Span<float[]> span) {
    float m = span.folded;
    for (int i = 0; i < span.count; i++) {
      m = Softmax.magnitude(m, span.first[span.firstAt + i], span.second[span.secondAt + i]);
    }
    span.folded = m;
  }

  private static void products(Span<float[]> span) {
    for (int i = 0; i < span.count; i++) {
      Limbs product =
          Softmax.product(
              span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms[0]);
      span.high += product.high();
      span.low += product.low();
    }
  }

  private static void gradients(Span<float[]> span) {
    Pair dot = new Pair(span.uniforms[1], span.uniforms[2]);
    for (int i = 0; i < span.count; i++) {
      span.out[span.outAt + i] =
          Softmax.gradient(
              span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms[0], dot);
    }
  }
}
