package dev.activations.cpu.vector;

import dev.activations.cpu.vector.Node.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a formula, each once: what is computed twice from the same nodes is one node, and
 * what is known already is a constant. Only those simplifications are made that keep every bit;
 * floating-point algebra is not among them.
 */
final class Graph {
  private static final float ROUNDER = 0x1.8p23f;

  private record Key(Operation operation, Type type, int payload, List<Node> inputs) {}

  private final Map<Key, Node> known = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** Returns all nodes, inputs before those who use them. */
  List<Node> nodes() {
    return nodes;
  }

  Node constant(float value) {
    return node(Operation.CONSTANT, Type.FLOAT, Float.floatToRawIntBits(value));
  }

  Node constant(int value) {
    return node(Operation.CONSTANT, Type.INT, value);
  }

  Node stream(int number) {
    return node(Operation.STREAM, Type.FLOAT, number);
  }

  Node uniform(int number) {
    return node(Operation.UNIFORM, Type.FLOAT, number);
  }

  Node carried(int number, Type type) {
    return node(Operation.CARRIED, type, number);
  }

  /** An operation whose result has the type of its inputs. */
  Node arithmetic(Operation operation, Node... inputs) {
    return computed(operation, inputs[0].type(), inputs);
  }

  Node convert(Operation operation, Type type, Node input) {
    return computed(operation, type, input);
  }

  /**
   * The cast of a float to int, towards zero, without an instruction for it: C2 has none for
   * vectors before JDK 20, and boxes. For |x| &lt; 2^31, which is where C defines the cast, too.
   *
   * <p>Adding {@link #ROUNDER} rounds a float below 2^22 to an integer, which then stands in the
   * low bits. So |x| is cut in two such integers, in units of 512 and of 1, and what is left says
   * whether it was rounded up. All differences are exact.
   */
  Node truncate(Node x) {
    Node a = arithmetic(Operation.ABSOLUTE, x);
    Node coarse = rounded(arithmetic(Operation.MULTIPLY, a, constant(1 / 512f)));
    Node rest = arithmetic(Operation.FMA, whole(coarse), constant(-512f), a);
    Node fine = rounded(rest);
    Node left = arithmetic(Operation.SUBTRACT, rest, whole(fine));
    Node nearest =
        arithmetic(
            Operation.ADD,
            arithmetic(Operation.SHIFT_LEFT, integer(coarse), constant(9)),
            integer(fine));
    Node up = compare(Operation.LESS, left, constant(0f));
    Node magnitude = select(up, arithmetic(Operation.ADD, nearest, constant(-1)), nearest);
    Node sign =
        arithmetic(Operation.SHIFT_RIGHT, convert(Operation.TO_BITS, Type.INT, x), constant(31));
    return arithmetic(Operation.SUBTRACT, arithmetic(Operation.XOR, magnitude, sign), sign);
  }

  private Node rounded(Node x) {
    return arithmetic(Operation.ADD, x, constant(ROUNDER));
  }

  private Node whole(Node rounded) {
    return arithmetic(Operation.SUBTRACT, rounded, constant(ROUNDER));
  }

  private Node integer(Node rounded) {
    return arithmetic(
        Operation.SUBTRACT,
        convert(Operation.TO_BITS, Type.INT, rounded),
        constant(Float.floatToRawIntBits(ROUNDER)));
  }

  Node compare(Operation operation, Node left, Node right) {
    if (left.type() == Type.INT && left.isConstant() && right.isConstant()) {
      boolean holds = foldComparison(operation, left.payload(), right.payload());
      return node(Operation.CONSTANT, Type.CONDITION, holds ? 1 : 0);
    }
    // A boolean variable holds a condition as 1 or 0; testing it gives the condition back.
    if (operation == Operation.NOT_EQUAL
        && right.isConstant(0)
        && left.operation() == Operation.SELECT
        && left.input(1).isConstant(1)
        && left.input(2).isConstant(0)) {
      return left.input(0);
    }
    return node(operation, Type.CONDITION, 0, left, right);
  }

  Node select(Node condition, Node whenTrue, Node whenFalse) {
    if (condition.isConstant()) {
      return condition.isConstant(1) ? whenTrue : whenFalse;
    }
    return whenTrue == whenFalse
        ? whenTrue
        : node(Operation.SELECT, whenTrue.type(), 0, condition, whenTrue, whenFalse);
  }

  private Node computed(Operation operation, Type type, Node... inputs) {
    for (Node input : inputs) {
      if (!input.isConstant()) {
        return node(operation, type, 0, inputs);
      }
    }
    return node(Operation.CONSTANT, type, fold(operation, inputs));
  }

  private Node node(Operation operation, Type type, int payload, Node... inputs) {
    return known.computeIfAbsent(
        new Key(operation, type, payload, List.of(inputs)),
        key -> {
          Node node = new Node(nodes.size(), operation, type, payload, key.inputs());
          nodes.add(node);
          return node;
        });
  }

  /** Computes with constants as the definition would; takes and returns bits. */
  private static int fold(Operation operation, Node... inputs) {
    return inputs[0].type() == Type.FLOAT
        ? foldFloats(operation, inputs)
        : foldInts(operation, inputs);
  }

  private static int foldFloats(Operation operation, Node... inputs) {
    float a = inputs[0].number();
    float b = inputs.length > 1 ? inputs[1].number() : 0;
    return switch (operation) {
      case ADD -> Float.floatToRawIntBits(a + b);
      case SUBTRACT -> Float.floatToRawIntBits(a - b);
      case MULTIPLY -> Float.floatToRawIntBits(a * b);
      case FMA -> Float.floatToRawIntBits(Math.fma(a, b, inputs[2].number()));
      case NEGATE -> Float.floatToRawIntBits(-a);
      case ABSOLUTE -> Float.floatToRawIntBits(Math.abs(a));
      case TO_BITS -> inputs[0].payload();
      case TO_INT -> (int) a;
      default -> throw new AssertionError(operation);
    };
  }

  private static boolean foldComparison(Operation operation, int a, int b) {
    return switch (operation) {
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_OR_EQUAL -> a >= b;
      default -> throw new AssertionError(operation);
    };
  }

  private static int foldInts(Operation operation, Node... inputs) {
    int a = inputs[0].payload();
    int b = inputs.length > 1 ? inputs[1].payload() : 0;
    return switch (operation) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case NEGATE -> -a;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >> b;
      case SHIFT_RIGHT_UNSIGNED -> a >>> b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case FROM_BITS -> a;
      case TO_FLOAT -> Float.floatToRawIntBits((float) a);
      default -> throw new AssertionError(operation);
    };
  }
}
