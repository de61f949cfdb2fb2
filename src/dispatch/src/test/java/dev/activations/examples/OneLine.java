package dev.activations.examples;

import dev.activations.Activations;
import dev.activations.api.Kind;
import java.util.Arrays;

/** The shortest program. */
public final class OneLine {

  private OneLine() {}

  /** Prints the GELU of three numbers and which device computed it. */
  public static void main(String[] args) {
    float[] x = {-1, 0, 1};
    float[] y = Activations.forward(Kind.GELU, x);
    System.out.println(Arrays.toString(y));
    System.out.println(Activations.choice());
  }
}
