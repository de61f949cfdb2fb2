package dev.activations.cpu.vector;

import java.util.Map;
import java.util.TreeMap;

/** What a local variable or the operand stack holds while a formula is followed symbolically. */
sealed interface Value permits Node, Value.Aggregate, Value.Comparison {

  /** A record such as a pair of floats: its fields, by name. Dissolves into them. */
  record Aggregate(String className, Map<String, Value> fields) implements Value {
    Aggregate(String className) {
      this(className, new TreeMap<>());
    }
  }

  /** The result of fcmpl or fcmpg, which only the branch that follows makes a condition. */
  record Comparison(Node left, Node right, boolean greaterIfNaN) implements Value {}
}
