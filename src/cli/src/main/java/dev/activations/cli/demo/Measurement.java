package dev.activations.cli.demo;

import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.bench.Timing;

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
      double identity = seconds(session, Op.of(Kind.LINEAR), x, y, timing);
      double gelu = seconds(session, Network.GELU, x, y, timing);
      return new Measurement(gelu, identity, Digest.of(session.download(y)));
    }
  }

  private static double seconds(
      Session session, Op op, DeviceBuffer x, DeviceBuffer y, Timing timing) {
    return timing.of(() -> session.forward(op, x, y), session::finish).median();
  }
}
