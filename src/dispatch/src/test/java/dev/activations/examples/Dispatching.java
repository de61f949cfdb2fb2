package dev.activations.examples;

import dev.activations.Dispatcher;
import dev.activations.Workload;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.nio.FloatBuffer;

/** Data in the host's memory, where it is worked on soonest. */
public final class Dispatching {

  private Dispatching() {}

  /** Runs a batch, and prints where a large one would go, and why. */
  public static void main(String[] args) {
    FloatBuffer x = FloatBuffer.wrap(new float[100_000]);
    FloatBuffer y = FloatBuffer.allocate(x.remaining());
    Op gelu = Op.of(Kind.GELU);

    try (Dispatcher dispatcher = Dispatcher.open()) {
      dispatcher.forward(gelu, x, y); // on the CPU, until another device was measured
      dispatcher.measure(Workload.of(gelu, Direction.FORWARD, 10_000_000)); // now, not in a while
      System.out.println(dispatcher.explain(gelu, Direction.FORWARD, 10_000_000));
    }
  }
}
