package dev.activations.cli.bench;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.bench.HostMemory.Elements;
import dev.activations.cli.bench.Row.Key;
import dev.activations.files.InputException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Measures what a device takes for passes, and for copies of as many bytes. */
final class Bench {
  /** Seconds of a warm-up where only the number of elements is new. */
  private static final double SHORT = 0.05;

  /** How many different numbers there are in the data. */
  private static final int PERIOD = 127;

  /** The elements that are written to a device at a time. */
  private static final int PIECE = PERIOD << 10;

  private static final float[] FLOATS = new float[PIECE];
  private static final double[] DOUBLES = new double[PIECE];

  static {
    for (int i = 0; i < PIECE; i++) {
      FLOATS[i] = (i % PERIOD - PERIOD / 2) / 16f;
      DOUBLES[i] = FLOATS[i];
    }
  }

  private final Plan plan;
  private final double warmUp;
  private final Runnable measured;
  private final HostMemory memory = new HostMemory();

  /**
   * A benchmark.
   *
   * @param warmUp that of {@link Timing}, for what is new
   * @param measured called after each pass, and for each that cannot be measured
   */
  Bench(Plan plan, double warmUp, Runnable measured) {
    this.plan = plan;
    this.warmUp = warmUp;
    this.measured = measured;
  }

  /**
   * Takes as much memory as the largest pass needs, and gives it back.
   *
   * @throws InputException if there is not as much
   */
  void check(Device device) {
    try (Session session = device.open()) {
      for (Place place : plan.places()) {
        plan.groups().stream()
            .filter(group -> group.place() == place)
            .flatMap(group -> group.cases().stream())
            .filter(each -> each.obstacle(device).isEmpty())
            .max(Comparator.comparing(each -> each.bytes().sum()))
            .ifPresent(each -> check(session, each));
      }
    }
  }

  private void check(Session session, Case largest) {
    try {
      if (largest.place() == Place.HOST) {
        if (largest.bytes().max().orElseThrow() > HostMemory.MOST) {
          throw new InputException(
              "--size: %d elements of %s do not fit into a direct buffer of 2^31 - 1 bytes; take"
                      .formatted(largest.elements(), largest.dtype().label())
                  + " fewer, or --data device");
        }
        memory.bytes(largest.bytes());
      } else {
        buffers(session, largest).forEach(DeviceBuffer::close);
      }
    } catch (ActivationException | OutOfMemoryError e) {
      throw new InputException(
          "--size: %s %s of %d elements of %s needs %d bytes, which %s has not (%s)"
                  .formatted(
                      largest.name(),
                      largest.direction().stem(),
                      largest.elements(),
                      largest.dtype().label(),
                      largest.bytes().sum(),
                      largest.place() == Place.HOST ? "the host" : session.device().id(),
                      e.getMessage())
              + "; take fewer, or other devices");
    }
  }

  /**
   * Measures everything on one device. Blocks.
   *
   * @param rows take what is measured
   * @param notes take what cannot be measured, and why
   * @throws ActivationException if the device fails
   */
  void measure(Device device, Consumer<Row> rows, Consumer<String> notes) {
    Set<Case> warm = new HashSet<>();
    Set<String> obstacles = new HashSet<>();
    try (Session session = device.open()) {
      for (Plan.Group group : plan.groups()) {
        List<Case> cases = new ArrayList<>();
        for (Case each : group.cases()) {
          Optional<String> obstacle = each.obstacle(device);
          if (obstacle.isEmpty()) {
            cases.add(each);
            continue;
          }
          String note =
              "%s %s in %s is not measured on %s: %s"
                  .formatted(
                      each.name(),
                      each.direction().stem(),
                      each.dtype().label(),
                      device.id(),
                      obstacle.get());
          if (obstacles.add(note)) {
            notes.accept(note);
          }
          measured.run();
        }
        if (!cases.isEmpty()) {
          measure(session, group, cases, warm).forEach(rows);
        }
      }
    }
  }

  /** Copies before and after, because a machine that others use is not always as fast. */
  private List<Row> measure(Session session, Plan.Group group, List<Case> cases, Set<Case> warm) {
    Case copy = Case.copy(group.dtype(), group.place(), group.elements());
    Times before = copy(session, copy, warm);
    Map<Case, Times> times = new LinkedHashMap<>();
    for (Case each : cases) {
      Timing timing = timing(each, warm);
      times.put(
          each,
          each.place() == Place.DEVICE
              ? onDevice(session, each, timing)
              : onHost(session, each, timing));
      measured.run();
    }
    Times copying = before.and(copy(session, copy, warm));
    double speed = copy.bytes().sum() / copying.median();
    String id = session.device().id();
    Key key =
        new Key(
            id,
            Row.COPY,
            Direction.FORWARD.stem(),
            group.dtype().label(),
            group.place().label(),
            group.elements());
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(key, copy.bytes().sum(), copying, speed));
    times.forEach(
        (each, taken) -> rows.add(new Row(each.on(id), each.bytes().sum(), taken, speed)));
    return rows;
  }

  private Timing timing(Case each, Set<Case> warm) {
    boolean isNew =
        warm.add(new Case(each.activation(), each.direction(), each.dtype(), each.place(), 0));
    return new Timing(isNew ? warmUp : Math.min(warmUp, SHORT));
  }

  private Times copy(Session session, Case copy, Set<Case> warm) {
    Timing timing = timing(copy, warm);
    if (copy.place() == Place.DEVICE) {
      return onDevice(session, copy, timing);
    }
    List<ByteBuffer> bytes = memory.bytes(copy.bytes());
    ByteBuffer from = bytes.get(0);
    return timing.of(() -> bytes.get(1).put(0, from, 0, from.capacity()));
  }

  private Times onDevice(Session session, Case each, Timing timing) {
    List<DeviceBuffer> buffers = buffers(session, each);
    try {
      inputs(each, buffers).forEach(buffer -> fill(session, buffer));
      return timing.of(
          pass(
              each,
              buffers,
              session::forward,
              session::forward,
              session::derivative,
              session::backward),
          session::finish);
    } finally {
      buffers.forEach(DeviceBuffer::close);
    }
  }

  private Times onHost(Session session, Case each, Timing timing) {
    List<ByteBuffer> bytes = memory.bytes(each.bytes());
    ByteBuffer some = numbers(session, each.dtype());
    inputs(each, bytes).forEach(buffer -> repeat(some, buffer));
    List<HostArray> arrays = new ArrayList<>();
    bytes.forEach(buffer -> arrays.add(new Elements(each.dtype(), buffer)));
    return timing.of(
        pass(
            each,
            arrays,
            session::forward,
            session::forward,
            session::derivative,
            session::backward));
  }

  private static <T> List<T> inputs(Case each, List<T> data) {
    return data.subList(0, each.pass().inputs().size());
  }

  /** A pass with one input. */
  private interface OneIn<T> {
    void run(Op op, T in, T out);
  }

  /** A pass with two inputs. */
  private interface TwoIn<T> {
    void run(Op op, T first, T second, T out);
  }

  private static <T> Runnable pass(
      Case each,
      List<T> data,
      OneIn<T> forward,
      TwoIn<T> forwardOfTwo,
      OneIn<T> derivative,
      TwoIn<T> backward) {
    Op op = each.op();
    T first = data.get(0);
    T second = data.get(1);
    if (data.size() == 2) {
      OneIn<T> pass = each.direction() == Direction.FORWARD ? forward : derivative;
      return () -> pass.run(op, first, second);
    }
    T out = data.get(2);
    TwoIn<T> pass = each.direction() == Direction.FORWARD ? forwardOfTwo : backward;
    return () -> pass.run(op, first, second, out);
  }

  private static List<DeviceBuffer> buffers(Session session, Case each) {
    List<DeviceBuffer> buffers = new ArrayList<>();
    try {
      each.bytes()
          .map(bytes -> bytes / each.dtype().bytes())
          .forEach(count -> buffers.add(session.allocate(each.dtype(), count)));
      return buffers;
    } catch (ActivationException e) {
      buffers.forEach(DeviceBuffer::close);
      throw e;
    }
  }

  /** Writes numbers of the usual size; what arithmetic does with others may take another time. */
  private static void fill(Session session, DeviceBuffer buffer) {
    for (long at = 0; at < buffer.count(); at += PIECE) {
      int count = (int) Math.min(PIECE, buffer.count() - at);
      DeviceBuffer piece = buffer.slice(at, count);
      if (buffer.dtype() == Dtype.F64) {
        session.write(DoubleBuffer.wrap(DOUBLES, 0, count), piece);
      } else {
        session.write(FloatBuffer.wrap(FLOATS, 0, count), piece);
      }
    }
  }

  /** Returns the same numbers in the host's memory. */
  private static ByteBuffer numbers(Session session, Dtype dtype) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE * dtype.bytes());
    Buffer view = HostArray.view(dtype, bytes);
    try (DeviceBuffer buffer = session.allocate(dtype, PIECE)) {
      fill(session, buffer);
      switch (dtype) {
        case F32 -> session.read(buffer, (FloatBuffer) view);
        case F64 -> session.read(buffer, (DoubleBuffer) view);
        case F16, BF16 -> session.read(buffer, (ShortBuffer) view);
      }
    }
    return bytes;
  }

  private static void repeat(ByteBuffer some, ByteBuffer all) {
    for (long at = 0; at < all.capacity(); at += some.capacity()) {
      int count = (int) Math.min(some.capacity(), all.capacity() - at);
      all.put((int) at, some, 0, count);
    }
  }
}
