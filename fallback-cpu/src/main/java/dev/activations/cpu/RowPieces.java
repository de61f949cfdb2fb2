package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.DoublePair;
import dev.activations.cpu.scalar.DoubleRow;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The methods of a definition over an axis, found by their names. In the order of a pass:
 *
 * <ol>
 *   <li>{@code float fold(float m, float x)}, over the row, from −∞;
 *   <li>{@code Limbs term(float x, Row row)}, added up over the row, and {@code Row solve(Row row,
 *       Pair sum)} of the sum; again as long as the row has something pending;
 *   <li>{@code float forward(float x, Row row)}.
 * </ol>
 *
 * <p>Each of them may take a second number after x: a mask, or one that is drawn.
 *
 * <p>Backward the same of y and dy in place of x, with {@code gradientFold}, from 0, {@code
 * gradientTerm}, {@code gradientSolve} and {@code gradient}. Where there is a {@code weight} or
 * {@code gradientWeight} beside the term, it makes a second sum, which is one more argument of the
 * solution. Where there is a method {@code later}, the forward pass uses it in place of {@code
 * forward} for what follows the first element that equals the fold. For float64 the same stands
 * once more with doubles, {@code DoubleLimbs}, {@code DoublePair} and {@code DoubleRow}.
 */
final class RowPieces {
  private final Class<?> definition;
  private final boolean forward;
  private final Class<?> number;
  private final Class<?> row;
  private final Class<?> pair;

  private RowPieces(
      Formula formula, Direction direction, Class<?> number, Class<?> row, Class<?> pair) {
    definition = Formulas.of(formula);
    forward = direction == Direction.FORWARD;
    this.number = number;
    this.row = row;
    this.pair = pair;
  }

  static RowPieces ofFloats(Formula formula, Direction direction) {
    return new RowPieces(formula, direction, float.class, Row.class, Pair.class);
  }

  static RowPieces ofDoubles(Formula formula, Direction direction) {
    return new RowPieces(formula, direction, double.class, DoubleRow.class, DoublePair.class);
  }

  Class<?> definition() {
    return definition;
  }

  /** What the fold starts from. */
  double start() {
    return forward ? Double.NEGATIVE_INFINITY : 0;
  }

  /** How many streams the methods read. */
  int streams() {
    return method(map()).orElseThrow().getParameterCount() - 1;
  }

  String fold() {
    return name("fold");
  }

  /** What is added up: one method, or two. */
  List<String> terms() {
    return Stream.of(name("term"), name("weight"))
        .filter(name -> method(name).isPresent())
        .toList();
  }

  String map() {
    return forward ? "forward" : "gradient";
  }

  /** What maps the elements after the first that equals the fold, if they are told apart. */
  Optional<String> later() {
    return Optional.of("later").filter(name -> forward && method(name).isPresent());
  }

  /** The fold, of (folded, first, second). */
  MethodHandle foldHandle() {
    return withTwoStreams(handle(fold()), 2);
  }

  /** A term or the map, of (first, second, uniforms). */
  MethodHandle elementHandle(String name) {
    MethodHandle ofUniforms = unreflect(find(row, "ofUniforms").orElseThrow());
    return MethodHandles.filterArguments(withTwoStreams(handle(name), 1), 2, ofUniforms);
  }

  /** The solution, of (row, sum, second sum). */
  MethodHandle solveHandle() {
    MethodHandle solve = handle(name("solve"));
    return terms().size() == 2 ? solve : MethodHandles.dropArguments(solve, 2, pair);
  }

  private MethodHandle withTwoStreams(MethodHandle piece, int second) {
    return streams() == 2 ? piece : MethodHandles.dropArguments(piece, second, number);
  }

  private String name(String piece) {
    return forward
        ? piece
        : "gradient" + Character.toUpperCase(piece.charAt(0)) + piece.substring(1);
  }

  private MethodHandle handle(String name) {
    return unreflect(
        method(name)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "%s has no method %s".formatted(definition.getName(), name))));
  }

  private Optional<Method> method(String name) {
    return find(definition, name);
  }

  /** Definitions have the same name for floats and for doubles. */
  private Optional<Method> find(Class<?> owner, String name) {
    Set<Class<?>> firsts = Set.of(number, row, number.arrayType());
    return Arrays.stream(owner.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> firsts.contains(method.getParameterTypes()[0]))
        .findFirst();
  }

  private static MethodHandle unreflect(Method method) {
    try {
      return MethodHandles.publicLookup().unreflect(method);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a piece that is not public: " + method, e);
    }
  }
}
