package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.verify.Checks.Notes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Holds a device against the {@link Definition}, bit for bit, through the same API that any program
 * uses. Needs nothing but the library, so anybody can run it on any machine.
 *
 * <p>Every kind and direction is compared on special patterns, on every branch edge, on random bits
 * and where data lives, with several parameters; over sizes around every block size; on slices that
 * start anywhere, in place, between guard words that must survive; on host buffers of every sort;
 * and softmax over every sort of row and geometry.
 *
 * <p>What is wrong is reported as data, never thrown. A device with a caveat is expected to fail.
 */
public final class Conformance {
  /** Sizes around the widths of vectors, warps and work groups, and one beyond a chunk. */
  private static final int[] SIZES = {0, 1, 3, 31, 32, 33, 255, 257, 1021, (1 << 20) + 7};

  /** Marks elements that no pass may touch. */
  private static final float GUARD = Float.intBitsToFloat(0x5EEDBEEF);

  /** How many guards stand on either side; odd, so that slices start at no alignment. */
  private static final int GUARDS = 37;

  private final Session session;
  private final Checks checks;

  private Conformance(Session session, Checks checks) {
    this.session = session;
    this.checks = checks;
  }

  /**
   * Runs all checks on a device. Blocks for some seconds on a CPU.
   *
   * @return what each check found, in the order in which they ran
   */
  public static List<Check> run(Device device) {
    return run(device, List.of(Kind.values()), check -> {});
  }

  /**
   * Runs the checks of some kinds on a device. Blocks for some seconds on a CPU.
   *
   * @param kinds the kinds to check
   * @param listener is given each check once it is done
   * @return what each check found, in the order in which they ran
   */
  public static List<Check> run(Device device, Collection<Kind> kinds, Consumer<Check> listener) {
    Checks checks = new Checks(listener);
    try (Session session = device.open()) {
      new Conformance(session, checks).run(kinds);
    } catch (RuntimeException e) {
      checks.check("session", notes -> notes.problem("threw " + e));
    }
    return checks.done();
  }

  /**
   * Holds the definition against the true values: the special points of the table to the bit,
   * everything else within the published bound of the kind. Touches no device.
   *
   * @return what each check found
   */
  public static List<Check> runDefinition() {
    return DefinitionChecks.run();
  }

  private void run(Collection<Kind> kinds) {
    for (Kind kind : kinds) {
      for (Direction direction : Direction.values()) {
        if (kind.supports(direction)) {
          String name = kind.stem() + " " + direction.stem();
          switch (kind.shape()) {
            case POINTWISE -> {
              checks.check(name + ": values", notes -> values(kind, direction, notes));
              checks.check(name + ": special points", notes -> points(kind, direction, notes));
            }
            case OVER_AXIS -> checks.check(name + ": rows", notes -> rows(kind, direction, notes));
          }
          checks.check(name + ": sizes and slices", notes -> sizes(kind, direction, notes));
          checks.check(name + ": host buffers", notes -> hostBuffers(kind, direction, notes));
        }
      }
    }
    checks.check("order of the queue", notes -> order(kinds, notes));
    if (kinds.contains(Kind.SIGMOID)) {
      checks.check("host data beyond one stage, pointwise", this::largeHostData);
    }
    if (kinds.contains(Kind.SOFTMAX)) {
      checks.check("host data beyond one stage, over an axis", this::largeHostRows);
    }
  }

  /** What a pass gets and what it must give. */
  private record Pass(
      Op op, Direction direction, float[] saved, float[] gradient, float[] expected) {

    static Pass of(Op op, Direction direction, float[] saved, float[] gradient) {
      return new Pass(
          op, direction, saved, gradient, Definition.run(op, direction, saved, gradient));
    }

    /** The first elements, repeated as often as needed; for a pointwise op. */
    Pass cycled(int count) {
      return new Pass(
          op,
          direction,
          Samples.cycle(saved, count),
          Samples.cycle(gradient, count),
          Samples.cycle(expected, count));
    }

    int count() {
      return saved.length;
    }

    boolean isBackward() {
      return direction == Direction.BACKWARD;
    }

    @Override
    public String toString() {
      return "%s %s of %d".formatted(op, direction.stem(), count());
    }
  }

  private void values(Kind kind, Direction direction, Notes notes) {
    for (Activation activation : Samples.activations(kind)) {
      float[] inputs =
          Samples.join(
              Samples.patterns(),
              Edges.of(activation),
              Samples.bits(1 << 16),
              Samples.uniform(1 << 16, 20),
              Samples.uniform(1 << 14, 1));
      float[] gradient =
          Samples.cycle(Samples.join(Samples.uniform(777, 3), Samples.patterns()), inputs.length);
      Pass pass = Pass.of(Op.of(activation), direction, inputs, gradient);
      notes.compare(pass.toString(), inputs, pass.expected, onDevice(pass, notes, Place.APART));
    }
  }

  private void points(Kind kind, Direction direction, Notes notes) {
    float[] points = Samples.specialPoints(kind);
    float[] inputs = Samples.join(points, new float[] {Float.NaN});
    float[] ones = Samples.cycle(new float[] {1}, inputs.length);
    float[] expected = new float[inputs.length];
    for (int i = 0; i < points.length; i++) {
      expected[i] =
          direction == Direction.FORWARD
              ? kind.specialPoints().get(i).forward()
              : kind.specialPoints().get(i).derivative();
    }
    expected[points.length] = Float.intBitsToFloat(Definition.NAN);
    Pass pass = new Pass(Op.of(kind), direction, inputs, ones, expected);
    notes.compare(pass.toString(), inputs, expected, onDevice(pass, notes, Place.APART));
  }

  private void sizes(Kind kind, Direction direction, Notes notes) {
    boolean pointwise = kind.shape() == Kind.Shape.POINTWISE;
    float[] data = Samples.uniform(4099, 6);
    float[] gradient = Samples.uniform(4099, 2);
    Pass whole = Pass.of(Op.of(kind), direction, data, gradient);
    for (int size : SIZES) {
      Pass pass =
          pointwise
              ? whole.cycled(size)
              : Pass.of(
                  whole.op, direction, Samples.cycle(data, size), Samples.cycle(gradient, size));
      for (Place place : Place.values()) {
        if (pass.isBackward() || place != Place.OVER_GRADIENT) {
          notes.compare(
              pass + " " + place, pass.saved, pass.expected, onDevice(pass, notes, place));
        }
      }
    }
  }

  private void rows(Kind kind, Direction direction, Notes notes) {
    for (Rows rows : Rows.all()) {
      Op op = Op.of(kind).over(rows.geometry());
      float[] x = rows.values();
      float[] saved =
          direction == Direction.FORWARD ? x : Definition.run(op, Direction.FORWARD, x, x);
      Pass pass = Pass.of(op, direction, saved, rows.gradient());
      notes.compare(pass.toString(), saved, pass.expected, onDevice(pass, notes, Place.APART));
      notes.compare(
          pass + " in place", saved, pass.expected, onDevice(pass, notes, Place.OVER_INPUT));
    }
  }

  /** Where the output goes. */
  private enum Place {
    APART,
    OVER_INPUT,
    OVER_GRADIENT;

    @Override
    public String toString() {
      return switch (this) {
        case APART -> "out of place";
        case OVER_INPUT -> "in place of the input";
        case OVER_GRADIENT -> "in place of the gradient";
      };
    }
  }

  /** Runs a pass on slices of device memory and returns its result; complains about the rest. */
  private float[] onDevice(Pass pass, Notes notes, Place place) {
    int count = pass.count();
    float[] guards = new float[count + 2 * GUARDS];
    Arrays.fill(guards, GUARD);
    try (DeviceBuffer saved = session.upload(guarded(pass.saved));
        DeviceBuffer gradient = session.upload(guarded(pass.gradient));
        DeviceBuffer apart = session.upload(guards)) {
      DeviceBuffer out =
          switch (place) {
            case APART -> apart;
            case OVER_INPUT -> saved;
            case OVER_GRADIENT -> gradient;
          };
      DeviceBuffer in = saved.slice(GUARDS, count);
      DeviceBuffer to = out.slice(GUARDS, count);
      switch (pass.direction) {
        case FORWARD -> session.forward(pass.op, in, to);
        case DERIVATIVE -> session.derivative(pass.op, in, to);
        case BACKWARD -> session.backward(pass.op, in, gradient.slice(GUARDS, count), to);
      }
      float[] result = session.download(out);
      checkGuards(pass + " " + place, result, GUARDS, count, notes);
      if (saved != out) {
        notes.compare(
            pass + ": the input afterwards",
            new float[0],
            guarded(pass.saved),
            session.download(saved));
      }
      return Arrays.copyOfRange(result, GUARDS, GUARDS + count);
    }
  }

  private static float[] guarded(float[] values) {
    float[] guarded = new float[values.length + 2 * GUARDS];
    Arrays.fill(guarded, GUARD);
    System.arraycopy(values, 0, guarded, GUARDS, values.length);
    return guarded;
  }

  private static void checkGuards(String where, float[] all, int from, int count, Notes notes) {
    for (int i = 0; i < all.length; i++) {
      if ((i < from || i >= from + count)
          && Float.floatToRawIntBits(all[i]) != Float.floatToRawIntBits(GUARD)) {
        notes.problem(
            "%s: wrote outside its %d elements, at [%d]: %s"
                .formatted(where, count, i - from, Notes.text(all[i])));
        return;
      }
    }
  }

  /** Ways to hold floats in the host's memory. */
  private enum Host {
    HEAP(FloatBuffer::allocate),
    DIRECT(count -> bytes(count).order(ByteOrder.nativeOrder()).asFloatBuffer()),
    DIRECT_LITTLE_ENDIAN(count -> bytes(count).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()),
    DIRECT_BIG_ENDIAN(count -> bytes(count).order(ByteOrder.BIG_ENDIAN).asFloatBuffer()),
    HEAP_BYTES(count -> ByteBuffer.allocate(4 * count).asFloatBuffer());

    private final IntFunction<FloatBuffer> maker;

    Host(IntFunction<FloatBuffer> maker) {
      this.maker = maker;
    }

    private static ByteBuffer bytes(int count) {
      return ByteBuffer.allocateDirect(4 * count);
    }

    /** A buffer whose elements from position to limit are the values, between guards. */
    FloatBuffer of(float[] values) {
      FloatBuffer buffer = maker.apply(values.length + 2 * GUARDS);
      buffer.put(guarded(values));
      return buffer.limit(GUARDS + values.length).position(GUARDS);
    }
  }

  private void hostBuffers(Kind kind, Direction direction, Notes notes) {
    Pass pass =
        Pass.of(
            Op.of(kind),
            direction,
            Samples.join(Samples.uniform(1021, 6), Samples.specialPoints(kind)),
            Samples.uniform(1021 + kind.specialPoints().size(), 2));
    for (Host from : Host.values()) {
      for (Host to : Host.values()) {
        onHost(pass, notes, from.of(pass.saved).asReadOnlyBuffer(), to.of(pass.saved), from, to);
      }
      FloatBuffer both = from.of(pass.saved);
      onHost(pass, notes, both, both, from, from);
    }
    float[] result =
        switch (direction) {
          case FORWARD -> session.forward(pass.op, pass.saved);
          case DERIVATIVE -> session.derivative(pass.op, pass.saved);
          case BACKWARD -> session.backward(pass.op, pass.saved, pass.gradient);
        };
    notes.compare(pass + " on arrays", pass.saved, pass.expected, result);
  }

  private void onHost(Pass pass, Notes notes, FloatBuffer in, FloatBuffer out, Host from, Host to) {
    String where = "%s from %s to %s%s".formatted(pass, from, to, in == out ? " in place" : "");
    int count = pass.count();
    switch (pass.direction) {
      case FORWARD -> session.forward(pass.op, in, out);
      case DERIVATIVE -> session.derivative(pass.op, in, out);
      case BACKWARD -> session.backward(pass.op, in, from.of(pass.gradient), out);
    }
    if (out.position() != GUARDS || out.limit() != GUARDS + count || in.remaining() != count) {
      notes.problem("%s: moved a position or a limit".formatted(where));
      return;
    }
    float[] all = new float[count + 2 * GUARDS];
    out.clear().get(all);
    checkGuards(where, all, GUARDS, count, notes);
    notes.compare(
        where, pass.saved, pass.expected, Arrays.copyOfRange(all, GUARDS, GUARDS + count));
  }

  /** Host data that a session has to move in several pieces. */
  private void largeHostData(Notes notes) {
    int count = (1 << 22) + 12_347;
    float[] data = Samples.uniform(4099, 6);
    Pass pass =
        Pass.of(Op.of(Kind.SIGMOID), Direction.BACKWARD, data, Samples.uniform(4099, 2))
            .cycled(count);
    notes.compare(
        pass.toString(),
        pass.saved,
        pass.expected,
        session.backward(pass.op, pass.saved, pass.gradient));
  }

  /** Rows that fit no whole number of times into the pieces in which a session moves them. */
  private void largeHostRows(Notes notes) {
    Geometry rows = new Geometry(1031, 13, 313);
    Op softmax = Op.of(Kind.SOFTMAX).over(rows);
    float[] x = Samples.cycle(Samples.uniform(4099, 6), (int) rows.count());
    notes.compare(
        softmax.toString(),
        x,
        Definition.run(softmax, Direction.FORWARD, x, x),
        session.forward(softmax, x));
  }

  /** Passes that feed each other, enqueued without waiting in between. */
  private void order(Collection<Kind> kinds, Notes notes) {
    float[] x = Samples.uniform(100_003, 8);
    float[] expected = x;
    try (DeviceBuffer a = session.upload(x);
        DeviceBuffer b = session.upload(new float[x.length])) {
      DeviceBuffer in = a;
      DeviceBuffer out = b;
      for (Kind kind : kinds) {
        Op op = Op.of(kind);
        session.forward(op, in, out);
        expected = Definition.run(op, Direction.FORWARD, expected, expected);
        session.backward(op, out, out, out);
        expected = Definition.run(op, Direction.BACKWARD, expected, expected);
        DeviceBuffer swap = in;
        in = out;
        out = swap;
      }
      notes.compare("kinds in a chain", x, expected, session.download(in));
    }
  }
}
