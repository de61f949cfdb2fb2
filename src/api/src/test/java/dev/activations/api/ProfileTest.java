package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {
  @Test
  void thePolicyOfThisLibraryHasNoDifferences() {
    assertTrue(Profile.MATH.differences().isEmpty());
    for (Kind kind : Kind.values()) {
      assertTrue(Activation.of(kind).kinks().isEmpty());
    }
  }

  @Test
  void everyOtherProfileStatesItsDifferencesAndTheirSources() {
    for (Profile profile : Profile.values()) {
      assertEquals(profile == Profile.MATH, profile.differences().isEmpty());
      for (Profile.Difference difference : profile.differences()) {
        assertFalse(difference.source().isBlank());
        assertNotEquals(difference.here(), difference.there());
      }
    }
  }

  @Test
  void noFormulaHasMoreKinksThanKernelsTake() {
    for (Profile profile : Profile.values()) {
      for (Kind kind : Kind.values()) {
        int kinks = Activation.of(kind, profile).kinks().size();
        assertTrue(kinks <= Activation.MAX_KINKS, kind + " " + profile);
      }
    }
  }

  @Test
  void kinksFollowTheParameters() {
    Activation hardTanh = Activation.of(Kind.HARD_TANH, -2, 3).under(Profile.JAX);
    assertEquals(List.of(new Kink(-2, 1), new Kink(3, 1)), hardTanh.kinks());
    Activation selu = Activation.of(Kind.SELU, 2, 3).under(Profile.TENSORFLOW);
    assertEquals(List.of(new Kink(0, 2)), selu.kinks());
  }

  @Test
  void kernelsGetParametersAndThenKinksOfWhichUnusedOnesAreNaN() {
    assertArrayEquals(
        new float[] {0.5f, 0, 1, Float.NaN, Float.NaN},
        Activation.of(Kind.LEAKY_RELU, 0.5).under(Profile.JAX).floatsWithKinks());
    assertArrayEquals(
        new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN},
        Activation.of(Kind.RELU).floatsWithKinks());
  }

  @Test
  void defaultsAreThoseOfTheProfile() {
    assertEquals(0.2, Activation.of(Kind.LEAKY_RELU, Profile.TENSORFLOW).parameter("slope"));
    assertEquals(0.01, Activation.of(Kind.LEAKY_RELU, Profile.PYTORCH).parameter("slope"));
    assertEquals(0.01, Activation.of(Kind.LEAKY_RELU).under(Profile.TENSORFLOW).parameter("slope"));
  }

  @Test
  void theProfileIsPartOfTheTextAndOfTheValue() {
    Activation activation = Activation.of(Kind.HARD_TANH, -2, 3).under(Profile.JAX);
    assertEquals("hard_tanh(min=-2.0, max=3.0)@jax", activation.toString());
    assertEquals(activation, Activation.parse(activation.toString()));
    assertEquals(activation.hashCode(), Activation.parse(activation.toString()).hashCode());
    assertNotEquals(activation, activation.under(Profile.MATH));
    assertEquals(0.2, Activation.parse("leaky_relu@TensorFlow").parameter("slope"));
    assertEquals(Profile.JAX, activation.with("max", 4).profile());
  }

  @Test
  void anUnknownProfileIsRefusedWithTheNearest() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Activation.parse("relu@pytorc"))
            .getMessage();
    assertTrue(message.contains("did you mean pytorch?"), message);
  }
}
