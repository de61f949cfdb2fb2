package dev.activations.examples;

import dev.activations.Devices;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;

/** Bias, activation, dropout and residual in one pass, and the gradients of all of them. */
public final class FusedLayer {
  private FusedLayer() {}

  public static void main(String[] args) {
    int batch = 64;
    int channels = 256;
    float[] values = new float[batch * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 1000 - 500) * 0.01f;
    }
    try (Session session = Devices.best().open()) {
      DeviceBuffer x = session.upload(values);
      DeviceBuffer shortcut = session.upload(values);
      DeviceBuffer dy = session.upload(values);
      DeviceBuffer bias = session.upload(new float[channels]);
      DeviceBuffer y = session.allocate(Dtype.F32, values.length);
      DeviceBuffer dbias = session.allocate(Dtype.F32, channels);

      Op layer = Op.of(Kind.GELU).withBias(bias).withDropout(0.1, 42).withResidual(shortcut);
      session.forward(layer, x, y); // y = dropout(gelu(x + bias)) + shortcut
      session.backward(layer, x, dy, y); // dx, with the same elements dropped
      session.biasGradient(layer, y, dbias); // the gradient of the shortcut is dy

      System.out.println("dbias[0] = " + session.download(dbias)[0]);
    }
  }
}
