package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.GateGradients;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.verify.Checks.Notes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Holds a kind over pieces of an axis, gated ones included, against the {@link Definition}: packed
 * along axes of every sort, by either half, with gate and value apart, in every place that is
 * allowed, between guards, on the device and on the host.
 */
final class PieceChecks {
  /** Elements of a run, and runs: even and odd, one, around the sizes of groups and chunks. */
  private static final long[][] RUNS = {
    {1, 1},
    {3, 1},
    {1, 1021},
    {1, 16_411},
    {2, 257},
    {31, 3},
    {33, 33},
    {255, 5},
    {2500, 7},
    {16_387, 2},
    {70_001, 1},
    {5, 0},
    {0, 5},
  };

  /** What is 1 in a run may be the axis, or what lies behind it. */
  private static final long[] INNER = {1, 3, 17};

  /** Axes whose halves have channels: last, first and in the middle, short and beyond a chunk. */
  private static final Geometry[] CHANNELS = {
    new Geometry(7, 10, 1),
    new Geometry(1, 2, 1),
    new Geometry(1, 6, 37),
    new Geometry(3, 8, 9),
    new Geometry(2, 8206, 1),
    new Geometry(257, 34, 1),
    new Geometry(2, 4, 1400),
  };

  private final Session session;
  private final Formula formula;
  private final Direction direction;
  private final Notes notes;

  PieceChecks(Session session, Formula formula, Direction direction, Notes notes) {
    this.session = session;
    this.formula = formula;
    this.direction = direction;
    this.notes = notes;
  }

  /** All sorts of inputs, with several parameters. */
  void values() {
    for (Activation activation : Samples.activations(formula)) {
      PieceSample sample = PieceSample.of(activation);
      packed(sample.op(), sample.saved(), sample.gradient());
    }
  }

  /**
   * Axes of all sorts, and both halves. All gated kinds stand in the same text, so that one sort is
   * enough for those whose factors are like another's.
   */
  void geometries() {
    long[][] sorts = isOwnSort() ? RUNS : new long[][] {{51, 33}};
    // Other parameters matter where they are a number of pieces.
    List<Activation> activations =
        formula == Kind.MAXOUT ? Samples.activations(formula) : List.of(Activation.of(formula));
    for (Activation activation : activations) {
      Op op = Op.of(activation);
      for (long[] runs : sorts) {
        for (long inner : INNER) {
          if (runs[0] % inner == 0) {
            long axis = runs[0] / inner * op.piecesIn();
            Op over = op.over(new Geometry(runs[1], axis, inner));
            for (Op each : halves(over)) {
              int count = (int) (runs[1] * axis * inner);
              packed(each, input(count), gradient((int) each.results(count).count()));
            }
          }
        }
      }
    }
  }

  private boolean isOwnSort() {
    return formula.shape() == Formula.Shape.PIECES
        || formula == Kind.GLU
        || formula == Kind.SWIGLU_CLAMPED;
  }

  private static List<Op> halves(Op op) {
    return op.formula().shape() == Formula.Shape.GATED
        ? List.of(op, op.gatedBy(Half.FIRST), op.gatedBy(Half.SECOND))
        : List.of(op);
  }

  private static float[] input(int count) {
    float[] some = Samples.join(Samples.uniform(4099, 6), Samples.patterns());
    return Samples.cycle(some, count);
  }

  private static float[] gradient(int count) {
    return Samples.cycle(Samples.uniform(4097, 2), count);
  }

  private void packed(Op op, float[] saved, float[] dy) {
    float[] expected = Definition.run(op, direction, saved, dy);
    packed(op, saved, dy, expected);
    notes.compare(
        "%s %s of %d on arrays".formatted(op, direction.stem(), saved.length),
        new float[0],
        expected,
        direction == Direction.FORWARD
            ? session.forward(op, saved)
            : session.backward(op, saved, dy));
  }

  private void packed(Op op, float[] saved, float[] dy, float[] expected) {
    try (DeviceBuffer in = session.upload(Guards.around(saved));
        DeviceBuffer gradient = session.upload(Guards.around(dy));
        DeviceBuffer out = session.upload(Guards.around(new float[expected.length]))) {
      String where = "%s %s of %d".formatted(op, direction.stem(), saved.length);
      if (direction == Direction.FORWARD) {
        session.forward(op, Guards.within(in), Guards.within(out));
        compare(where, expected, out);
        compare(where + ": the input afterwards", saved, in);
      } else {
        session.backward(op, Guards.within(in), Guards.within(gradient), Guards.within(out));
        compare(where, expected, out);
        compare(where + ": the gradient afterwards", dy, gradient);
        session.backward(op, Guards.within(in), Guards.within(gradient), Guards.within(in));
        compare(where + " in place", expected, in);
      }
    }
  }

  private void compare(String where, float[] expected, DeviceBuffer actual) {
    notes.compare(where, new float[0], Guards.around(expected), session.download(actual));
  }

  /** Gate and value apart: the bits of a packed array that has them one after the other. */
  void apart() {
    for (int count : new int[] {0, 1, 3, 32, 257, 1021, (1 << 15) + 7}) {
      apart(count);
    }
  }

  private void apart(int count) {
    Op op = Op.of(formula);
    float[] packed = input(2 * count);
    float[] gate = Arrays.copyOf(packed, count);
    float[] value = Arrays.copyOfRange(packed, count, 2 * count);
    float[] dy = gradient(count);
    float[] expected = Definition.run(op.gatedBy(Half.FIRST), direction, packed, dy);
    List<float[]> inputs = new ArrayList<>(List.of(gate, value));
    List<float[]> results = List.of(expected);
    if (direction == Direction.BACKWARD) {
      inputs.add(dy);
      results =
          List.of(Arrays.copyOf(expected, count), Arrays.copyOfRange(expected, count, 2 * count));
    }
    // Each output in the place of each input or apart, but no two in the same place.
    int places = inputs.size() + results.size();
    for (int first = 0; first <= inputs.size(); first++) {
      for (int second = 0; second < places; second++) {
        if (results.size() == 1 && second == 0) {
          apart(op, inputs, results, first);
        } else if (results.size() == 2 && second != first) {
          apart(op, inputs, results, first, second);
        }
      }
    }
    onHost(op, inputs, results);
  }

  private void apart(Op op, List<float[]> inputs, List<float[]> results, int... places) {
    List<DeviceBuffer> buffers = new ArrayList<>();
    try {
      for (float[] input : inputs) {
        buffers.add(session.upload(Guards.around(input)));
      }
      for (float[] result : results) {
        buffers.add(session.upload(Guards.around(new float[result.length])));
      }
      List<DeviceBuffer> in = buffers.stream().map(Guards::within).toList();
      if (direction == Direction.FORWARD) {
        session.forward(op, in.get(0), in.get(1), in.get(places[0]));
      } else {
        session.backward(op, in.get(0), in.get(1), in.get(2), in.get(places[0]), in.get(places[1]));
      }
      for (int i = 0; i < results.size(); i++) {
        compare(
            "%s %s of %d, apart, result %d of places %s"
                .formatted(op, direction.stem(), results.get(i).length, i, Arrays.toString(places)),
            results.get(i),
            buffers.get(places[i]));
      }
    } finally {
      buffers.forEach(DeviceBuffer::close);
    }
  }

  /** Biases: the bits of a pass without one, over what had it added before. */
  void biased() {
    List<Geometry> layouts = List.of(CHANNELS);
    for (Geometry layout : isOwnSort() ? layouts : layouts.subList(3, 4)) {
      int count = (int) layout.count();
      int channels = (int) layout.axis();
      float[] saved = input(count);
      float[] biases =
          Samples.cycle(Samples.join(Samples.uniform(91, 2), Samples.patterns()), channels);
      float[] sums = new float[count];
      for (int i = 0; i < count; i++) {
        sums[i] = Fusing.add(saved[i], biases[(int) (i / layout.inner() % channels)]);
      }
      float[] dy = gradient(count / 2);
      try (DeviceBuffer bias = session.upload(biases)) {
        for (Op plain : halves(Op.of(formula).over(layout))) {
          float[] expected = Definition.run(plain, direction, sums, dy);
          packed(plain.withBias(bias), saved, dy, expected);
          biasedApart(
              Op.of(formula).gatedBy(plain.gate()).withBias(bias, layout),
              layout,
              saved,
              dy,
              expected);
        }
        if (layout.inner() == 1) {
          Op last = Op.of(formula);
          packed(
              last.withBias(bias),
              saved,
              dy,
              Definition.run(last.over(layout), direction, sums, dy));
        }
      }
    }
  }

  private void biasedApart(Op op, Geometry layout, float[] saved, float[] dy, float[] expected) {
    int gate = op.gate() == Half.FIRST ? 0 : 1;
    List<float[]> inputs =
        new ArrayList<>(List.of(half(saved, layout, gate), half(saved, layout, 1 - gate)));
    if (direction == Direction.FORWARD) {
      apart(op, inputs, List.of(expected), 1);
      return;
    }
    inputs.add(dy);
    List<float[]> results = List.of(half(expected, layout, gate), half(expected, layout, 1 - gate));
    apart(op, inputs, results, 1, 0);
    try (DeviceBuffer dgate = session.upload(results.get(0));
        DeviceBuffer dvalue = session.upload(results.get(1));
        DeviceBuffer dx = session.upload(expected);
        DeviceBuffer sums = session.allocate(Dtype.F32, layout.axis());
        DeviceBuffer apart = session.allocate(Dtype.F32, layout.axis())) {
      session.biasGradient(op, dx, sums);
      session.biasGradient(op, dgate, dvalue, apart);
      int inner = (int) layout.inner();
      float[] dbias = FusedDefinition.sums(expected, (int) layout.axis(), inner);
      String where = "%s: the gradient of the bias".formatted(op);
      notes.compare(where, new float[0], dbias, session.download(sums));
      notes.compare(where + ", apart", new float[0], dbias, session.download(apart));
    }
  }

  private static float[] half(float[] packed, Geometry layout, int number) {
    int width = (int) (layout.axis() / 2 * layout.inner());
    float[] half = new float[packed.length / 2];
    for (int run = 0; run < layout.outer(); run++) {
      System.arraycopy(packed, (2 * run + number) * width, half, run * width, width);
    }
    return half;
  }

  private void onHost(Op op, List<float[]> inputs, List<float[]> results) {
    String where =
        "%s %s of %d on the host, apart".formatted(op, direction.stem(), inputs.get(0).length);
    FloatBuffer gate = swapped(inputs.get(0));
    FloatBuffer value = swapped(inputs.get(1));
    if (direction == Direction.FORWARD) {
      notes.compare(
          where, inputs.get(0), results.get(0), session.forward(op, inputs.get(0), inputs.get(1)));
      session.forward(op, gate, value, gate);
      notes.compare(where + " in place", inputs.get(0), results.get(0), array(gate));
    } else {
      GateGradients gradients = session.backward(op, inputs.get(0), inputs.get(1), inputs.get(2));
      notes.compare(where + ", gate", inputs.get(0), results.get(0), gradients.gate());
      notes.compare(where + ", value", inputs.get(0), results.get(1), gradients.value());
      FloatBuffer dy = swapped(inputs.get(2));
      session.backward(op, gate, value, dy, value, gate);
      notes.compare(where + ", gate in place", inputs.get(0), results.get(0), array(value));
      notes.compare(where + ", value in place", inputs.get(0), results.get(1), array(gate));
    }
  }

  /** Values in memory outside of Java's heap, and in the order of bytes that no machine has. */
  private static FloatBuffer swapped(float[] values) {
    ByteOrder order =
        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
            ? ByteOrder.LITTLE_ENDIAN
            : ByteOrder.BIG_ENDIAN;
    return ByteBuffer.allocateDirect(4 * values.length)
        .order(order)
        .asFloatBuffer()
        .put(values)
        .flip();
  }

  private static float[] array(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(0, values);
    return values;
  }

  /** Host data that a session has to move in several pieces, of whole runs. */
  static void largeHostData(Session session, Op op, Notes notes) {
    Geometry rows = new Geometry(1031, 26, 313);
    float[] x = Samples.cycle(Samples.uniform(4099, 6), (int) rows.count());
    Op over = op.over(rows);
    float[] dy = Samples.cycle(Samples.uniform(4097, 2), (int) over.results(x.length).count());
    notes.compare(
        over.toString(),
        new float[0],
        Definition.run(over, Direction.FORWARD, x, x),
        session.forward(over, x));
    notes.compare(
        over + " backward",
        x,
        Definition.run(over, Direction.BACKWARD, x, dy),
        session.backward(over, x, dy));
  }
}
