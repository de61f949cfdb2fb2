package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.ChannelSums;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Loops that call the scalar definition, element by element. */
final class ScalarLoops implements Loops {
  static final ScalarLoops INSTANCE = new ScalarLoops();

  private final Map<Formula, Map<Direction, Loop>> made = new ConcurrentHashMap<>();
  private final Map<Formula, Map<Direction, RowLoops>> rows = new ConcurrentHashMap<>();

  private final Map<Class<?>, Map<String, Loop>> methods = new ConcurrentHashMap<>();
  private final Map<Boolean, Sums> sums = new ConcurrentHashMap<>();

  private ScalarLoops() {}

  @Override
  public Loop pointwise(Formula formula, Direction direction) {
    return made.computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            direction, key -> ScalarLoop.of(ScalarLoop.Mapping.class, handle(formula, direction)));
  }

  @Override
  public Optional<String> obstacle(CustomFormula formula) {
    return Optional.empty();
  }

  @Override
  public RowLoops overAxis(Formula formula, Direction direction) {
    return rows.computeIfAbsent(formula, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(direction, key -> rows(new RowPieces(formula, direction)));
  }

  @Override
  public Loop map(Class<?> owner, String method, int streams) {
    return methods
        .computeIfAbsent(owner, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            method,
            key ->
                ScalarLoop.of(
                    ScalarLoop.Mapping.class, Methods.ofElement(owner, method, streams)));
  }

  @Override
  public Sums sums(boolean weighted) {
    return sums.computeIfAbsent(
        weighted,
        key -> weighted ? sums(2, "weightMagnitude", "weightLimbs") : sums(1, "magnitude", "limbs"));
  }

  private static Sums sums(int streams, String fold, String sum) {
    return new Sums(
        ScalarLoop.of(
            ScalarLoop.Folding.class, Methods.ofFold(ChannelSums.class, fold, streams)),
        ScalarLoop.of(
            ScalarLoop.Adding.class, Methods.ofElement(ChannelSums.class, sum, streams)));
  }

  private static RowLoops rows(RowPieces pieces) {
    return new RowLoops(
        pieces.start(),
        ScalarLoop.of(ScalarLoop.Folding.class, pieces.foldHandle()),
        pieces.terms().stream()
            .map(term -> ScalarLoop.of(ScalarLoop.Adding.class, pieces.elementHandle(term)))
            .toList(),
        pieces.solveHandle(),
        ScalarLoop.of(ScalarLoop.Mapping.class, pieces.elementHandle(pieces.map())));
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
}
