package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Softmax;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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

  private final Map<Formula, Map<Direction, Loop>> made = new ConcurrentHashMap<>();
  private final Map<List<Object>, Loop> others = new ConcurrentHashMap<>();

  private ScalarLoops() {}

  @Override
  public Loop pointwise(Formula formula, Direction direction) {
    return made.computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(direction, key -> ScalarLoop.of(handle(formula, direction)));
  }

  @Override
  public Loop map(Class<?> definition, String method, int streams, int uniforms) {
    return others.computeIfAbsent(
        List.of(definition, method, streams),
        key -> {
          MethodHandle function =
              find(definition, method, streams + uniforms).asSpreader(float[].class, uniforms);
          return ScalarLoop.of(
              streams == 2 ? function : MethodHandles.dropArguments(function, 1, float.class));
        });
  }

  @Override
  public Loop product(Class<?> definition, String method, int uniforms) {
    return others.computeIfAbsent(
        List.of(definition, method),
        key ->
            ScalarLoop.of(
                product(
                    find(definition, method, 1 + uniforms).asSpreader(float[].class, uniforms))));
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
  private static MethodHandle handle(Formula formula, Direction direction) {
    boolean forward = direction == Direction.FORWARD;
    int uniforms = formula.parameters().size();
    MethodHandle function =
        find(Formulas.of(formula), forward ? Formulas.FORWARD : Formulas.DERIVATIVE, 1 + uniforms)
            .asSpreader(float[].class, uniforms);
    if (direction != Direction.BACKWARD) {
      return MethodHandles.dropArguments(function, 1, float.class);
    }
    return product(function);
  }

  /** Returns a function of (first, uniforms), multiplied by second. */
  private static MethodHandle product(MethodHandle function) {
    MethodHandle product =
        MethodHandles.collectArguments(find(Chain.class, "multiply", 2), 0, function);
    MethodType type = MethodType.methodType(float.class, float.class, float.class, float[].class);
    return MethodHandles.permuteArguments(product, type, 0, 2, 1);
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

  private static void maximum(Span span) {
    float m = span.folded;
    for (int i = 0; i < span.count; i++) {
      m = Softmax.maximum(m, span.first[span.firstAt + i]);
    }
    span.folded = m;
  }

  private static void terms(Span span) {
    for (int i = 0; i < span.count; i++) {
      Limbs term = Softmax.term(span.first[span.firstAt + i], span.uniforms[0]);
      span.high += term.high();
      span.low += term.low();
    }
  }

  private static void quotients(Span span) {
    Pair total = new Pair(span.uniforms[1], span.uniforms[2]);
    for (int i = 0; i < span.count; i++) {
      span.out[span.outAt + i] =
          Softmax.forward(span.first[span.firstAt + i], span.uniforms[0], total);
    }
  }

  private static void magnitude(Span span) {
    float m = span.folded;
    for (int i = 0; i < span.count; i++) {
      m = Softmax.magnitude(m, span.first[span.firstAt + i], span.second[span.secondAt + i]);
    }
    span.folded = m;
  }

  private static void products(Span span) {
    for (int i = 0; i < span.count; i++) {
      Limbs product =
          Softmax.product(
              span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms[0]);
      span.high += product.high();
      span.low += product.low();
    }
  }

  private static void gradients(Span span) {
    Pair dot = new Pair(span.uniforms[1], span.uniforms[2]);
    for (int i = 0; i < span.count; i++) {
      span.out[span.outAt + i] =
          Softmax.gradient(
              span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms[0], dot);
    }
  }
}
