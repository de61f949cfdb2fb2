package dev.activations.cli.demo;

import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;

/**
 * What one device does with a large batch that lives on it.
 *
 * @param gelu seconds for gelu
 * @param identity seconds for the identity, which moves the same bytes
 * @param digest the bits of the result of gelu
 */
record Measurement(double gelu, double identity, String digest) {

  /** Runs the device, and blocks as long as the timing takes, twice. */
  static Measurement of(Device device, float[] values, Timing timing) {
    try (Session session = device.open();
        DeviceBuffer x = session.upload(values);
        DeviceBuffer y = session.allocate(Dtype.F32, values.length)) {
      double identity = timing.seconds(pass(session, Op.of(Kind.LINEAR), x, y));
      double gelu = timing.seconds(pass(session, Network.GELU, x, y));
      return new Measurement(gelu, identity, Digest.of(session.download(y)));
    }
  }

  private static Runnable pass(Session session, Op op, DeviceBuffer x, DeviceBuffer y) {
    return () -> {
      session.forward(op, x, y);
      session.finish();
    };
  }
}
