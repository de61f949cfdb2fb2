package dev.activations;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** An open session, by the clock. Keeps the data of the last workload. Not for several threads. */
final class SessionMachine implements Machine, AutoCloseable {
  private final Session session;
  private final boolean apart;
  private Workload prepared;
  private final List<Buffer> inputs = new ArrayList<>();
  private final List<DeviceBuffer> onDevice = new ArrayList<>();
  private Buffer output;

  /**
   * A machine.
   *
   * @param apart whether the device has a memory of its own
   */
  SessionMachine(Session session, boolean apart) {
    this.session = session;
    this.apart = apart;
  }

  @Override
  public double pass(Workload workload) {
    prepare(workload);
    return seconds(() -> run(workload));
  }

  @Override
  public double copyIn(Workload workload) {
    prepare(workload);
    return apart
        ? seconds(
            () -> {
              for (int i = 0; i < inputs.size(); i++) {
                write(inputs.get(i), onDevice.get(i));
              }
            })
        : 0;
  }

  @Override
  public double copyOut(Workload workload) {
    prepare(workload);
    return apart ? seconds(() -> read(onDevice.get(inputs.size()), output)) : 0;
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private void prepare(Workload workload) {
    if (workload.equals(prepared)) {
      return;
    }
    close();
    Dtype dtype = workload.dtype();
    long results = workload.op().results(workload.count()).count();
    boolean backward = workload.direction().isBackward();
    inputs.add(buffer(workload, workload.count()));
    if (backward) {
      inputs.add(buffer(workload, results));
    }
    output = buffer(workload, workload.bytesOut() / dtype.bytes());
    if (apart) {
      inputs.forEach(input -> onDevice.add(session.allocate(dtype, input.capacity())));
      onDevice.add(session.allocate(dtype, output.capacity()));
    }
    prepared = workload;
  }

  /** Numbers of the usual size; what arithmetic does with others may take another time. */
  private static Buffer buffer(Workload workload, long elements) {
    int count = Math.toIntExact(elements);
    if (workload.dtype() == Dtype.F64) {
      DoubleBuffer doubles =
          workload.direct()
              ? bytes(count, Double.BYTES).asDoubleBuffer()
              : DoubleBuffer.allocate(count);
      for (int i = 0; i < count; i++) {
        doubles.put(i, usual(i));
      }
      return doubles;
    }
    FloatBuffer floats =
        workload.direct() ? bytes(count, Float.BYTES).asFloatBuffer() : FloatBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      floats.put(i, usual(i));
    }
    return floats;
  }

  private static float usual(int i) {
    return (i % 127 - 63) / 16f;
  }

  private static ByteBuffer bytes(int count, int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, size))
        .order(ByteOrder.nativeOrder());
  }

  private void run(Workload workload) {
    Op op = workload.op();
    Direction direction = workload.direction();
    if (output instanceof FloatBuffer out) {
      FloatBuffer in = (FloatBuffer) inputs.get(0);
      switch (direction) {
        case FORWARD -> session.forward(op, in, out);
        case DERIVATIVE -> session.derivative(op, in, out);
        default -> session.backward(op, in, (FloatBuffer) inputs.get(1), out);
      }
    } else {
      DoubleBuffer in = (DoubleBuffer) inputs.get(0);
      DoubleBuffer out = (DoubleBuffer) output;
      switch (direction) {
        case FORWARD -> session.forward(op, in, out);
        case DERIVATIVE -> session.derivative(op, in, out);
        default -> session.backward(op, in, (DoubleBuffer) inputs.get(1), out);
      }
    }
  }

  private void write(Buffer from, DeviceBuffer to) {
    if (from instanceof FloatBuffer floats) {
      session.write(floats, to);
    } else {
      session.write((DoubleBuffer) from, to);
    }
  }

  private void read(DeviceBuffer from, Buffer to) {
    if (to instanceof FloatBuffer floats) {
      session.read(from, floats);
    } else {
      session.read(from, (DoubleBuffer) to);
    }
  }

  /** Frees the data; the session stays open. */
  @Override
  public void close() {
    onDevice.forEach(DeviceBuffer::close);
    onDevice.clear();
    inputs.clear();
    prepared = null;
  }
}
