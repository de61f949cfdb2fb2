package dev.activations.examples;

import dev.activations.Choice;
import dev.activations.Devices;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;

/** A chain of passes that stays on the device. */
public final class Chain {

  private Chain() {}

  /** Runs a forward and a backward pass on the best device and prints what ran where. */
  public static void main(String[] args) {
    float[] values = new float[64 * 1000];
    float[] gradient = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 101 - 50) / 10f;
      gradient[i] = (i % 7 - 3) / 3f;
    }

    Choice choice = Devices.best();
    try (Session session = choice.open()) {
      DeviceBuffer x = session.upload(values);
      DeviceBuffer dy = session.upload(gradient);
      DeviceBuffer y = session.allocate(Dtype.F32, values.length);

      Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.rows(64, 1000));
      session.forward(softmax, x, y); // enqueues
      session.backward(softmax, y, dy, dy); // dx takes the place of dy
      session.fence().thenRun(() -> System.out.println("done")); // asynchronous
      float[] dx = session.download(dy); // waits

      System.out.println(dx[0] + " on " + choice);
    }
  }
}
