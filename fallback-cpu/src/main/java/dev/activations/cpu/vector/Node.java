package dev.activations.cpu.vector;

import java.util.List;

/**
 * One value of a formula. Nodes are made by a {@link Graph} and compared by identity: two nodes of
 * one graph that compute the same are the same node.
 */
final class Node implements Value {
  /** The type of a value in one lane. */
  enum Type {
    FLOAT,
    INT,
    CONDITION
  }

  private final int id;
  private final Operation operation;
  private final Type type;
  private final int payload;
  private final List<Node> inputs;
  private final boolean uniform;

  Node(int id, Operation operation, Type type, int payload, List<Node> inputs) {
    this.id = id;
    this.operation = operation;
    this.type = type;
    this.payload = payload;
    this.inputs = inputs;
    this.uniform =
        operation != Operation.STREAM
            && operation != Operation.CARRIED
            && inputs.stream().allMatch(Node::isUniform);
  }

  /** Returns its number: inputs have smaller ones. */
  int id() {
    return id;
  }

  Operation operation() {
    return operation;
  }

  Type type() {
    return type;
  }

  int payload() {
    return payload;
  }

  List<Node> inputs() {
    return inputs;
  }

  Node input(int i) {
    return inputs.get(i);
  }

  /** Whether all lanes hold the same, so that it can be computed before the loop. */
  boolean isUniform() {
    return uniform;
  }

  boolean isConstant() {
    return operation == Operation.CONSTANT;
  }

  boolean isConstant(int bits) {
    return isConstant() && payload == bits;
  }

  /** The value of a constant of type float. */
  float number() {
    return Float.intBitsToFloat(payload);
  }
}
