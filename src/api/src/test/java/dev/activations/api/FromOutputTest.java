package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Formula.Saved;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which ops take their derivative from the output, and what the others say. */
class FromOutputTest {
  @ParameterizedTest
  @EnumSource
  void everyKindSaysWhetherItsOutputTellsTheDerivative(Kind kind) {
    Activation activation = Activation.of(kind);
    assertEquals(
        kind.fromOutput().isPresent(), activation.supports(Direction.BACKWARD_FROM_OUTPUT));
    if (kind.saved() == Saved.OUTPUT) {
      assertEquals(Op.of(kind), Op.of(kind).fromOutput());
    } else if (kind.fromOutput().isPresent()) {
      Op op = Op.of(kind).fromOutput();
      assertEquals(Saved.OUTPUT, op.saved());
      assertNotEquals(Op.of(kind), op);
      assertEquals(op, op.fromOutput());
      assertEquals(activation + " from its output", op.toString());
    } else {
      assertThrows(IllegalArgumentException.class, () -> Op.of(kind).fromOutput());
    }
  }

  /** The algorithms of oneDNN's eltwise primitive whose names end with use_dst_for_bwd. */
  @ParameterizedTest
  @EnumSource(
      names = {"RELU", "LEAKY_RELU", "TANH", "ELU", "SIGMOID", "EXP", "CLIPPED_RELU", "HARD_TANH"})
  void thoseOfOneDnnAreAmongThem(Kind kind) {
    assertTrue(kind.supports(Direction.BACKWARD_FROM_OUTPUT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gelu                     | the derivative of gelu is not taken from its output",
        "leaky_relu(slope=-0.5)   | only if slope >= 0",
        "prelu(weight=-1)         | only if weight >= 0",
        "rrelu(lower=-1)          | only if lower + upper >= 0",
        "elu(alpha=-0.5)          | only if alpha >= 0",
        "selu(alpha=-1)           | only if alpha >= 0",
        "thresholded_relu(theta=-1) | only if theta >= 0",
        "threshold(value=0.5)     | only if value <= theta",
        "hard_tanh@jax            | whether the input was -1.0, where jax has a derivative of its own",
        "clipped_relu@onednn      | whether the input was 6.0, where onednn has a derivative of its own",
      })
  void whatTheOutputDoesNotTellIsRefused(String text, String reason) {
    Activation activation = Activation.parse(text);
    assertFalse(activation.supports(Direction.BACKWARD_FROM_OUTPUT));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Op.of(activation).fromOutput());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertTrue(e.getMessage().contains("keep the input"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "leaky_relu(slope=0)",
    "elu(alpha=0)",
    "thresholded_relu(theta=0)",
    "'threshold(theta=-1, value=-1)'",
    "leaky_relu@tensorflow",
    "hard_tanh@pytorch"
  })
  void theEdgesOfTheConditionsAreAccepted(String text) {
    Op.of(Activation.parse(text)).fromOutput();
  }

  @Test
  void anOpFromItsOutputTakesNoPartOfOtherPasses() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Op.of(Kind.SIGMOID).fromOutput().withDropout(0.5, 1));
    assertTrue(e.getMessage().startsWith("sigmoid from its output takes no part"), e.getMessage());
  }

  @Test
  void aKindThatReadsItsOutputIsNotGivenItsInput() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Op(
                Activation.of(Kind.SOFTMAX),
                Optional.empty(),
                Optional.empty(),
                Fusion.NONE,
                Saved.INPUT));
  }
}
