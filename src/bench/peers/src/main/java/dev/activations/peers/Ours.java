package dev.activations.peers;

import dev.activations.Devices;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.FloatBuffer;

/** This library, through a session on the host's data. */
final class Ours implements Peer {
  private final Session session;

  Ours(int threads) {
    System.setProperty("activations.cpu.threads", Integer.toString(threads));
    session = Devices.choose("cpu:vector").open();
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    Op op =
        kind == Kind.SOFTMAX
            ? Op.of(kind).over(Geometry.rows(x.remaining() / ROW, ROW))
            : Op.of(kind);
    return direction == Direction.FORWARD
        ? () -> session.forward(op, x, out)
        : () -> session.backward(op, x, dy, out);
  }

  @Override
  public void close() {
    session.close();
  }
}
