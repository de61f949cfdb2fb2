package dev.activations.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph graph = new Graph();
  private final Node x = graph.stream(0);
  private final Node y = graph.stream(1);

  @Test
  void theSameComputationIsTheSameNode() {
    Node sum = graph.arithmetic(Operation.ADD, x, y);
    assertSame(sum, graph.arithmetic(Operation.ADD, x, y));
    // Floating-point addition commutes but for the bits of NaN, which formulas may look at.
    assertNotSame(sum, graph.arithmetic(Operation.ADD, y, x));
  }

  @Test
  void zeroesOfBothSignsAreTwoConstants() {
    assertNotSame(graph.constant(0.0f), graph.constant(-0.0f));
    assertNotSame(graph.constant(0.0f), graph.constant(0));
  }

  @Test
  void computesWithConstantsAtOnce() {
    Node product =
        graph.arithmetic(
            Operation.FMA, graph.constant(0.1f), graph.constant(3f), graph.constant(1f));
    assertTrue(product.isConstant());
    assertEquals(Math.fma(0.1f, 3f, 1f), product.number());
    Node shifted = graph.arithmetic(Operation.SHIFT_RIGHT, graph.constant(-64), graph.constant(3));
    assertTrue(shifted.isConstant(-8));
  }

  @Test
  void leavesFloatingPointAlgebraAlone() {
    assertFalse(graph.arithmetic(Operation.ADD, x, graph.constant(0.0f)) == x);
    assertFalse(graph.arithmetic(Operation.MULTIPLY, x, graph.constant(1.0f)) == x);
  }

  @Test
  void aConditionKeptAsABooleanIsTheConditionAgain() {
    Node less = graph.compare(Operation.LESS, x, y);
    Node kept = graph.select(less, graph.constant(1), graph.constant(0));
    assertSame(less, graph.compare(Operation.NOT_EQUAL, kept, graph.constant(0)));
    assertSame(x, graph.select(less, x, x));
  }

  @Test
  void aConditionOnConstantsChoosesAtOnce() {
    Node holds = graph.compare(Operation.LESS, graph.constant(-1), graph.constant(0));
    Node fails = graph.compare(Operation.GREATER, graph.constant(-1), graph.constant(0));
    assertSame(x, graph.select(holds, x, y));
    assertSame(y, graph.select(fails, x, y));
  }

  @Test
  void whatDependsOnNoStreamIsUniform() {
    Node uniform = graph.uniform(0);
    assertTrue(graph.arithmetic(Operation.NEGATE, uniform).isUniform());
    assertFalse(graph.arithmetic(Operation.ADD, uniform, x).isUniform());
    assertFalse(graph.carried(0, Node.Type.FLOAT).isUniform());
  }
}
