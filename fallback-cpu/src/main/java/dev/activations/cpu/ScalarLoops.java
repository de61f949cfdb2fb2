package dev.activations.cpu;

import dev.activations.api.Activation;
import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.ChannelSums;
import dev.activations.cpu.scalar.DoubleRow;
import dev.activations.cpu.scalar.Kinks;
import dev.activations.cpu.scalar.Row;
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

  private final Map<Key, Loop<float[]>> made = new ConcurrentHashMap<>();
  private final Map<Key, Loop<double[]>> madeOfDoubles = new ConcurrentHashMap<>();
  private final Map<Method, Loop<float[]>> others = new ConcurrentHashMap<>();
  private final Map<Method, Loop<double[]>> othersOfDoubles = new ConcurrentHashMap<>();
  private final Map<Formula, Map<Direction, RowLoops<float[]>>> rows = new ConcurrentHashMap<>();
  private final Map<Formula, Map<Direction, RowLoops<double[]>>> rowsOfDoubles =
      new ConcurrentHashMap<>();

  private final Map<Class<?>, Map<String, Loop<float[]>>> methods = new ConcurrentHashMap<>();
  private final Map<Boolean, Sums<float[]>> sums = new ConcurrentHashMap<>();
  private final Map<Boolean, Sums<double[]>> sumsOfDoubles = new ConcurrentHashMap<>();

  private ScalarLoops() {}

  @Override
  public Loop<float[]> pointwise(Formula formula, Direction direction, boolean kinks) {
    return made.computeIfAbsent(
        new Key(formula, direction, kinks),
        key -> ScalarLoop.of(ScalarLoop.Mapping.class, handle(key, float.class)));
  }

  @Override
  public Loop<double[]> pointwiseDoubles(Formula formula, Direction direction, boolean kinks) {
    return madeOfDoubles.computeIfAbsent(
        new Key(formula, direction, kinks),
        key -> ScalarLoop.of(ScalarLoop.MappingDoubles.class, handle(key, double.class)));
  }

  @Override
  public Loop<float[]> map(Method method) {
    return others.computeIfAbsent(
        method, key -> ScalarLoop.of(ScalarLoop.Mapping.class, handle(key, float.class)));
  }

  @Override
  public Loop<double[]> mapDoubles(Method method) {
    return othersOfDoubles.computeIfAbsent(
        method, key -> ScalarLoop.of(ScalarLoop.MappingDoubles.class, handle(key, double.class)));
  }

  private static MethodHandle handle(Method method, Class<?> number) {
    MethodHandle function =
        find(method.definition(), method.name(), number, method.streams() + method.uniforms())
            .asSpreader(number.arrayType(), method.uniforms());
    if (method.multiplied()) {
      return product(function);
    }
    return method.streams() == 2 ? function : MethodHandles.dropArguments(function, 1, number);
  }

  @Override
  public Optional<String> obstacle(CustomFormula formula) {
    return Optional.empty();
  }

  @Override
  public RowLoops<float[]> overAxis(Formula formula, Direction direction) {
    return rows.computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(direction, key -> rows(RowPieces.ofFloats(formula, direction)));
  }

  @Override
  public RowLoops<double[]> overAxisDoubles(Formula formula, Direction direction) {
    return rowsOfDoubles
        .computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(direction, key -> rowsOfDoubles(RowPieces.ofDoubles(formula, direction)));
  }

  @Override
  public Loop<float[]> map(Class<?> owner, String method, int streams) {
    return methods
        .computeIfAbsent(owner, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            method,
            key ->
                ScalarLoop.of(
                    ScalarLoop.Mapping.class,
                    Methods.ofElement(float.class, owner, method, streams)));
  }

  @Override
  public Sums<float[]> sums(boolean weighted) {
    return sums.computeIfAbsent(
        weighted,
        key -> sums(float.class, weighted, ScalarLoop.Folding.class, ScalarLoop.Adding.class));
  }

  @Override
  public Sums<double[]> sumsOfDoubles(boolean weighted) {
    return sumsOfDoubles.computeIfAbsent(
        weighted,
        key ->
            sums(
                double.class,
                weighted,
                ScalarLoop.FoldingDoubles.class,
                ScalarLoop.AddingDoubles.class));
  }

  private static <A> Sums<A> sums(
      Class<?> number,
      boolean weighted,
      Class<? extends ScalarLoop<A>> folding,
      Class<? extends ScalarLoop<A>> adding) {
    Class<?> owner = ChannelSums.class;
    int streams = weighted ? 2 : 1;
    String fold = weighted ? "weightMagnitude" : "magnitude";
    String sum = weighted ? "weightLimbs" : "limbs";
    return new Sums<>(
        ScalarLoop.of(folding, Methods.ofFold(number, owner, fold, streams)),
        ScalarLoop.of(adding, Methods.ofElement(number, owner, sum, streams)));
  }

  private static RowLoops<float[]> rows(RowPieces pieces) {
    MethodHandle solve = pieces.solveHandle();
    return rows(
        pieces,
        ScalarLoop.Folding.class,
        (m, parameter) -> new RowLoops.Floats(Row.of((float) m, (float) parameter), solve),
        ScalarLoop.Adding.class,
        ScalarLoop.Mapping.class,
        RowLoops.Floats::find);
  }

  private static RowLoops<double[]> rowsOfDoubles(RowPieces pieces) {
    MethodHandle solve = pieces.solveHandle();
    return rows(
        pieces,
        ScalarLoop.FoldingDoubles.class,
        (m, parameter) -> new RowLoops.Doubles(DoubleRow.of(m, parameter), solve),
        ScalarLoop.AddingDoubles.class,
        ScalarLoop.MappingDoubles.class,
        RowLoops.Doubles::find);
  }

  private static <A> RowLoops<A> rows(
      RowPieces pieces,
      Class<? extends ScalarLoop<A>> folding,
      RowLoops.Folded<A> known,
      Class<? extends ScalarLoop<A>> adding,
      Class<? extends ScalarLoop<A>> mapping,
      Loop<A> find) {
    return new RowLoops<>(
        pieces.start(),
        ScalarLoop.of(folding, pieces.foldHandle()),
        known,
        pieces.terms().stream()
            .map(term -> ScalarLoop.of(adding, pieces.elementHandle(term)))
            .toList(),
        ScalarLoop.of(mapping, pieces.elementHandle(pieces.map())),
        find,
        pieces.later().map(name -> ScalarLoop.of(mapping, pieces.elementHandle(name))));
  }

  /** Returns a formula of floats or doubles as a function of (first, second, uniforms). */
  private static MethodHandle handle(Key key, Class<?> number) {
    int uniforms = key.formula().parameters().size();
    MethodHandle function =
        find(Formulas.of(key.formula()), Formulas.method(key.direction()), number, 1 + uniforms);
    if (key.kinks()) {
      function = withKinks(function);
      uniforms += 2 * Activation.MAX_KINKS;
    }
    function = function.asSpreader(number.arrayType(), uniforms);
    if (!key.direction().isBackward()) {
      return MethodHandles.dropArguments(function, 1, number);
    }
    return product(function);
  }

  /** Returns the product of a function of (first, uniforms) and second. */
  private static MethodHandle product(MethodHandle function) {
    Class<?> number = function.type().returnType();
    MethodHandle product =
        MethodHandles.collectArguments(find(Chain.class, "multiply", number, 2), 0, function);
    MethodType type = MethodType.methodType(number, number, number, number.arrayType());
    return MethodHandles.permuteArguments(product, type, 0, 2, 1);
  }

  /** Turns f'(x, parameters) into a function of (x, parameters, kinks). */
  private static MethodHandle withKinks(MethodHandle derivative) {
    int inner = derivative.type().parameterCount();
    Class<?> number = derivative.type().returnType();
    MethodHandle settle = find(Kinks.class, "settle", number, 2 + 2 * Activation.MAX_KINKS);
    // (x, parameters, x again, kinks), of which both x are one argument.
    MethodHandle both = MethodHandles.collectArguments(settle, 0, derivative);
    int[] order =
        IntStream.range(0, both.type().parameterCount())
            .map(i -> i < inner ? i : i == inner ? 0 : i - 1)
            .toArray();
    return MethodHandles.permuteArguments(
        both, both.type().dropParameterTypes(inner, inner + 1), order);
  }

  private static MethodHandle find(Class<?> owner, String name, Class<?> number, int count) {
    Class<?>[] arguments = new Class<?>[count];
    Arrays.fill(arguments, number);
    try {
      return MethodHandles.publicLookup()
          .findStatic(owner, name, MethodType.methodType(number, arguments));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "%s has no method %s of %d %ss".formatted(owner.getName(), name, count, number), e);
    }
  }
}
