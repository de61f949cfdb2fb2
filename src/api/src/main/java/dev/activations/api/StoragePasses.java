package dev.activations.api;

import dev.activations.spi.Launch;
import dev.activations.spi.Pass;
import dev.activations.spi.Runs;
import dev.activations.spi.StoragePass;
import dev.activations.spi.StoragePass.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Passes over elements of 16 bits on one session, in terms of float32: what an activation makes of
 * such an element is what it makes of the same number in float32, rounded. A pointwise function has
 * 65,536 values, so the device computes them once and then looks them up; all else, with what is
 * fused with it, is widened, computed with and narrowed.
 *
 * <p>Used under the session's lock.
 */
final class StoragePasses {
  /** The number of elements there are. */
  private static final int VALUES = 1 << Short.SIZE;

  /** Tables that a session keeps: up to 256 KiB each. */
  private static final int MOST = 64;

  private final Session session;
  private final Map<Dtype, DeviceBuffer> arguments = new EnumMap<>(Dtype.class);
  private final Map<Key, DeviceBuffer> tables = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * What a table holds.
   *
   * @param dtype the type of the elements that are looked up
   * @param rounded whether the values have that type too, or are float32
   */
  private record Key(Activation activation, Direction direction, Dtype dtype, boolean rounded) {}

  StoragePasses(Session session) {
    this.session = session;
  }

  /** Enqueues a checked pass. */
  void run(Pass pass, Dtype dtype, List<DeviceBuffer> inputs, List<DeviceBuffer> outputs) {
    if (pass.op().formula().shape() == Formula.Shape.POINTWISE
        && pass.direction() != Direction.BACKWARD_FROM_OUTPUT) {
      lookUp(pass.op().activation(), pass.direction(), dtype, inputs, outputs);
    } else {
      throughFloats(
          outputs,
          (floats, results) ->
              session.launch(pass.with(floats.of(pass.op())), floats.of(inputs), results));
    }
  }

  /** Enqueues the widening of elements to float32, or the narrowing of float32 to elements. */
  void convert(DeviceBuffer from, DeviceBuffer to) {
    boolean narrow = to.dtype().isStorage();
    session.enqueue(
        new StoragePass(
            narrow ? Step.NARROW : Step.WIDEN,
            narrow ? to.dtype() : from.dtype(),
            List.of(from.toSlice(), to.toSlice()),
            to.count()));
  }

  private void lookUp(
      Activation activation,
      Direction direction,
      Dtype dtype,
      List<DeviceBuffer> inputs,
      List<DeviceBuffer> outputs) {
    Step step;
    List<DeviceBuffer> looked;
    if (direction == Direction.BACKWARD) {
      step = Step.LOOKUP_BACKWARD;
      looked = List.of(table(new Key(activation, Direction.DERIVATIVE, dtype, false)));
    } else if (outputs.size() > 1) {
      step = Step.LOOKUP_BOTH;
      looked =
          List.of(
              table(new Key(activation, Direction.FORWARD, dtype, true)),
              table(new Key(activation, Direction.DERIVATIVE, dtype, true)));
    } else {
      step = Step.LOOKUP;
      looked = List.of(table(new Key(activation, direction, dtype, true)));
    }
    session.enqueue(
        new StoragePass(
            step,
            dtype,
            Stream.of(inputs, looked, outputs)
                .flatMap(List::stream)
                .map(DeviceBuffer::toSlice)
                .toList(),
            outputs.get(0).count()));
  }

  private DeviceBuffer table(Key key) {
    DeviceBuffer table = tables.get(key);
    if (table == null) {
      table = build(key);
      tables.put(key, table);
      if (tables.size() > MOST) {
        // The one that was not used for longest.
        tables.remove(tables.keySet().iterator().next()).close();
      }
    }
    return table;
  }

  private DeviceBuffer build(Key key) {
    DeviceBuffer floats = session.allocate(Dtype.F32, VALUES);
    session.enqueue(
        new Launch(
            Op.of(key.activation()),
            key.direction(),
            Dtype.F32,
            List.of(arguments(key.dtype()).toSlice()),
            List.of(floats.toSlice()),
            VALUES,
            Runs.contiguous(VALUES),
            List.of()));
    if (!key.rounded()) {
      return floats;
    }
    try (floats) {
      DeviceBuffer rounded = session.allocate(key.dtype(), VALUES);
      convert(floats, rounded);
      return rounded;
    }
  }

  /** Returns all elements of a type, as float32. */
  private DeviceBuffer arguments(Dtype dtype) {
    DeviceBuffer floats = arguments.get(dtype);
    if (floats == null) {
      short[] bits = new short[VALUES];
      for (int i = 0; i < VALUES; i++) {
        bits[i] = (short) i;
      }
      try (DeviceBuffer elements = session.upload(dtype, bits)) {
        floats = session.allocate(Dtype.F32, VALUES);
        convert(elements, floats);
      }
      arguments.put(dtype, floats);
    }
    return floats;
  }

  /** A pass in float32. */
  interface Task {
    /** Enqueues it; its inputs, and what is fused with it, are to come from {@code floats}. */
    void run(Floats floats, List<DeviceBuffer> outputs);
  }

  /**
   * Enqueues a pass in float32 in place of one over elements of 16 bits, and rounds what it gives.
   */
  void throughFloats(List<DeviceBuffer> outputs, Task task) {
    try (Floats floats = new Floats()) {
      List<DeviceBuffer> results = outputs.stream().map(floats::allocate).toList();
      task.run(floats, results);
      for (int i = 0; i < results.size(); i++) {
        session.convert(results.get(i), outputs.get(i));
      }
    }
  }

  /** Memory for float32 in the place of elements of 16 bits, for the time of a pass. */
  final class Floats implements AutoCloseable {
    private final List<DeviceBuffer> all = new ArrayList<>();

    private Floats() {}

    /** Returns a copy of elements in float32. */
    DeviceBuffer of(DeviceBuffer elements) {
      DeviceBuffer floats = allocate(elements);
      session.convert(elements, floats);
      return floats;
    }

    /** Returns copies of all of them. */
    List<DeviceBuffer> of(List<DeviceBuffer> buffers) {
      return buffers.stream().map(this::of).toList();
    }

    /** Returns an op that reads such copies of what is fused with it. */
    Op of(Op op) {
      return op.with(op.fusion().replacing(this::of));
    }

    private DeviceBuffer allocate(DeviceBuffer elements) {
      DeviceBuffer floats = session.allocate(Dtype.F32, elements.count());
      all.add(floats);
      return floats;
    }

    @Override
    public void close() {
      all.forEach(DeviceBuffer::close);
    }
  }
}
