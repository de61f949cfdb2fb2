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
 * 65,536 values, so the device computes them once and then looks them up; over an axis elements are
 * widened, computed with and narrowed, and so are the pieces of gated kinds.
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
      throughFloats(pass, inputs, outputs);
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

  private void throughFloats(Pass pass, List<DeviceBuffer> inputs, List<DeviceBuffer> outputs) {
    List<DeviceBuffer> read = new ArrayList<>();
    List<DeviceBuffer> written = new ArrayList<>();
    try {
      for (DeviceBuffer input : inputs) {
        read.add(session.allocate(Dtype.F32, input.count()));
        convert(input, read.get(read.size() - 1));
      }
      for (DeviceBuffer output : outputs) {
        written.add(session.allocate(Dtype.F32, output.count()));
      }
      session.enqueue(
          Session.launch(
              pass, Dtype.F32, Session.slices(read), Session.slices(written), List.of()));
      for (int i = 0; i < outputs.size(); i++) {
        convert(written.get(i), outputs.get(i));
      }
    } finally {
      read.forEach(DeviceBuffer::close);
      written.forEach(DeviceBuffer::close);
    }
  }
}
