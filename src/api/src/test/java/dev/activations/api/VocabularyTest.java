package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VocabularyTest {
  /** Arguments without which a name means nothing. */
  private static final Map<String, Map<String, Integer>> REQUIRED =
      Map.of(
          "Threshold", Map.of("threshold", 1, "value", 2),
          "threshold", Map.of("threshold", 1, "default_value", 2));

  @ParameterizedTest
  @CsvSource({
    "ONNX,    LeakyRelu,             leaky_relu(slope=0.01)",
    "ONNX,    HardSigmoid,           'hard_sigmoid(slope=0.2, offset=0.5)'",
    "ONNX,    Identity,              'linear(a=1.0, b=0.0)'",
    "ONNX,    ThresholdedRelu,       thresholded_relu(theta=1.0)",
    "ONNX,    Shrink,                hard_shrink(lambda=0.5)",
    "PYTORCH, torch.nn.LeakyReLU,    leaky_relu(slope=0.01)",
    "PYTORCH, nn.PReLU,              prelu(weight=0.25)",
    "PYTORCH, F.relu6,               clipped_relu(max=6.0)",
    "PYTORCH, Hardtanh,              'hard_tanh(min=-1.0, max=1.0)'",
    "PYTORCH, torch.exp,             exp",
    "KERAS,   leaky_relu,            leaky_relu(slope=0.2)",
    "KERAS,   keras.activations.swish, silu(beta=1.0)",
    "KERAS,   exponential,           exp",
    "KERAS,   squareplus,            squareplus(b=4.0)",
    "PYTORCH, nn.Tanhshrink,         tanh_shrink",
  })
  void defaultsAreThoseOfTheOther(Vocabulary vocabulary, String name, String expected) {
    assertEquals(Activation.parse(expected), vocabulary.activation(name, Map.of()));
  }

  @ParameterizedTest
  @EnumSource
  void everyNameIsUnderstood(Vocabulary vocabulary) {
    assertTrue(vocabulary.names().size() >= 20, vocabulary.names().toString());
    for (String name : vocabulary.names()) {
      vocabulary.activation(name, REQUIRED.getOrDefault(name, Map.of()));
    }
  }

  @Test
  void argumentsBecomeParameters() {
    assertEquals(
        Activation.of(Kind.HARD_SIGMOID, 0.25, 0.5),
        Activation.fromOnnx("HardSigmoid", Map.of("alpha", 0.25f)));
    assertEquals(
        Activation.of(Kind.SELU, 1, 2),
        Activation.fromOnnx("Selu", Map.of("gamma", 1, "alpha", 2)));
    assertEquals(
        Activation.of(Kind.HARD_TANH, 2, 3),
        Activation.fromPyTorch("nn.Hardtanh", Map.of("min_val", 2, "max_val", 3)));
    assertEquals(
        Activation.of(Kind.SOFTPLUS, 2),
        Activation.fromPyTorch("softplus", Map.of("beta", 2, "threshold", 20)));
    assertEquals(
        Activation.of(Kind.SOFT_SHRINK, 1),
        Activation.fromKeras("soft_shrink", Map.of("threshold", 1)));
    assertEquals(
        Activation.of(Kind.THRESHOLD, 0.1, 20),
        Activation.fromPyTorch("nn.Threshold", Map.of("threshold", 0.1, "value", 20)));
    assertEquals(
        Activation.of(Kind.GUMBEL_SOFTMAX, 0.5),
        Activation.fromPyTorch("F.gumbel_softmax", Map.of("tau", 0.5, "hard", false)));
    Map<String, Object> none = new HashMap<>();
    none.put("max_value", null);
    assertEquals(Activation.of(Kind.RELU), Activation.fromKeras("relu", none));
  }

  @Test
  void anArgumentMayChooseTheKind() {
    Activation tanh = Activation.of(Kind.GELU_TANH);
    assertEquals(tanh, Activation.fromOnnx("Gelu", Map.of("approximate", "tanh")));
    assertEquals(tanh, Activation.fromPyTorch("nn.GELU", Map.of("approximate", "tanh")));
    assertEquals(tanh, Activation.fromKeras("gelu", Map.of("approximate", true)));
    assertEquals(
        Activation.of(Kind.GELU), Activation.fromKeras("gelu", Map.of("approximate", false)));
  }

  @Test
  void everyNameIsFoundByItsKind() {
    assertEquals(List.of("LeakyRelu(alpha=0.01)"), Vocabulary.ONNX.namesOf(Kind.LEAKY_RELU));
    assertEquals(List.of("GELU(approximate=none)"), Vocabulary.PYTORCH.namesOf(Kind.GELU));
    assertEquals(List.of("gelu(approximate=true)"), Vocabulary.KERAS.namesOf(Kind.GELU_TANH));
    assertEquals(List.of("silu", "swish"), Vocabulary.KERAS.namesOf(Kind.SILU));
    assertEquals(
        List.of("Threshold(threshold, value)"), Vocabulary.PYTORCH.namesOf(Kind.THRESHOLD));
    assertEquals(List.of("Softplus(beta=1.0)"), Vocabulary.PYTORCH.namesOf(Kind.SOFTPLUS));
    assertEquals(List.of(), Vocabulary.ONNX.namesOf(Kind.LISHT));
    for (Vocabulary vocabulary : Vocabulary.values()) {
      Set<String> found = new HashSet<>();
      for (Kind kind : Kind.values()) {
        vocabulary.namesOf(kind).forEach(name -> found.add(name.replaceFirst("\\(.*", "")));
      }
      assertEquals(Set.copyOf(vocabulary.names()), found);
    }
  }

  @Test
  void seluOfOnnxIsTheSameFunction() {
    // The specification writes down floats with all their digits.
    assertEquals(
        Activation.of(Kind.SELU).floats()[0], Activation.fromOnnx("Selu", Map.of()).floats()[0]);
    assertEquals(
        Activation.of(Kind.SELU).floats()[1], Activation.fromOnnx("Selu", Map.of()).floats()[1]);
  }

  @Test
  void mistakesAreNamed() {
    assertRefused("did you mean LeakyRelu?", () -> Activation.fromOnnx("LeakyReul", Map.of()));
    assertRefused(
        "Gelu: approximate=erf is not supported; only none or tanh is",
        () -> Activation.fromOnnx("Gelu", Map.of("approximate", "erf")));
    assertRefused(
        "Threshold needs the argument 'value', which has no default",
        () -> Activation.fromPyTorch("Threshold", Map.of("threshold", 1)));
    assertRefused(
        "softplus: threshold=5 is not supported; only 20.0 is",
        () -> Activation.fromPyTorch("softplus", Map.of("threshold", 5)));
    assertRefused(
        "Elu has no argument 'slope' here; it has [alpha]",
        () -> Activation.fromOnnx("Elu", Map.of("slope", 1)));
    assertRefused(
        "Elu: expected a number as alpha, got 'one'",
        () -> Activation.fromOnnx("Elu", Map.of("alpha", "one")));
    assertRefused(
        "parameter alpha must be in", () -> Activation.fromOnnx("Celu", Map.of("alpha", 0)));
    assertRefused(
        "hard_tanh: parameter min must be below max, got 1.0 and 1.0",
        () -> Activation.fromPyTorch("Hardtanh", Map.of("min_val", 1)));
  }

  private static void assertRefused(String message, Executable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
