package dev.activations.examples;

import dev.activations.Devices;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;

/**
 * A bias and the gate behind it in one pass, as between the two matrices of a feed-forward layer.
 */
public final class GatedLayer {
  private GatedLayer() {}

  public static void main(String[] args) {
    int batch = 64;
    int channels = 256;
    float[] values = new float[batch * 2 * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 1000 - 500) * 0.01f;
    }
    try (Session session = Devices.best().open()) {
      DeviceBuffer x = session.upload(values);
      DeviceBuffer bias = session.upload(new float[2 * channels]);
      DeviceBuffer y = session.allocate(Dtype.F32, values.length / 2);
      DeviceBuffer dbias = session.allocate(Dtype.F32, 2 * channels);

      Op gated = Op.of(Kind.SWIGLU).withBias(bias); // each row of x and bias: a gate, then a value
      session.forward(gated, x, y); // y = silu(gate + its bias)·(value + its bias)
      session.backward(gated, x, y, x); // with y as dy, and dx in the place of x
      session.biasGradient(gated, x, dbias); // both halves

      System.out.println("dbias[0] = " + session.download(dbias)[0]);
    }
  }
}
