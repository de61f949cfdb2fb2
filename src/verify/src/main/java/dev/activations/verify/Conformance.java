package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.HostBuffer;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.verify.Checks.Notes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleConsumer;
import java.util.function.IntFunction;

/**
 * Holds a device against the {@link Definition}, bit for bit, through the same API that any program
 * uses. Needs nothing but the library, so anybody can run it on any machine.
 *
 * <p>Every formula and direction is compared on special patterns, on every branch edge, on random
 * bits and where data lives, with several parameters; over sizes around every block size; on slices
 * that start anywhere, in place, between guard words that must survive; on host buffers of every
 * sort; fused with bias, residual and dropout; sums over channels; softmax over every sort of row
 * and geometry; gated kinds and others over pieces packed along every sort of axis and apart. A
 * {@link Scope} asks for more: millions of random inputs and the errors of a sample, or the digests
 * of all 2^32 inputs.
 *
 * <p>What is wrong is reported as data, never thrown. A device with a caveat is expected to fail.
 */
public final class Conformance {
  /** Sizes around the widths of vectors, warps and work groups, and one beyond a chunk. */
  private static final int[] SIZES = {0, 1, 3, 31, 32, 33, 255, 257, 1021, (1 << 17) + 7};

  /** Marks elements that no pass may touch. */
  private static final float GUARD = Guards.GUARD;

  /** How many of them stand on either side. */
  private static final int GUARDS = Guards.COUNT;

  /** Random inputs that are compared at a time. */
  private static final int BLOCK = 1 << 18;

  /** Random inputs among those whose errors are measured. */
  private static final int MEASURED = 1 << 17;

  /** Is told how a run goes on, by the thread that runs it or one of its helpers. */
  public interface Listener {
    /** A listener that does not care. */
    Listener NONE = new Listener() {};

    /** A check is done. */
    default void checked(Check check) {}

    /** A share of all functions is done, from 0 to 1. */
    default void progressed(double share) {}
  }

  private final Device device;
  private final Session session;
  private final Scope scope;
  private final Listener listener;

  private Conformance(Device device, Session session, Scope scope, Listener listener) {
    this.device = device;
    this.session = session;
    this.scope = scope;
    this.listener = listener;
  }

  /** Runs the quick checks of all kinds on a device. Blocks for some seconds on a CPU. */
  public static Verdict run(Device device) {
    return run(device, Scope.quick(), Listener.NONE);
  }

  /**
   * Runs the checks of a scope on a device. Blocks: for some seconds on a CPU where the scope is
   * quick, for a minute with millions of inputs, for tens of minutes where it is exhaustive.
   *
   * @return what was found out; trouble with the device included, which is never thrown
   */
  public static Verdict run(Device device, Scope scope, Listener listener) {
    List<Verdict.Function> functions = new ArrayList<>();
    Checks others = new Checks(listener::checked);
    try (Session session = device.open()) {
      new Conformance(device, session, scope, listener).run(functions, others);
    } catch (RuntimeException e) {
      others.check("session", notes -> notes.problem("threw " + e));
    }
    return new Verdict(device, functions, others.done());
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

  private void run(List<Verdict.Function> functions, Checks others) {
    List<Dtype> dtypes =
        scope.dtypes().stream().filter(dtype -> device.obstacle(dtype).isEmpty()).toList();
    int all = dtypes.size() * scope.formulas().size() * Direction.values().length;
    int done = 0;
    for (Formula formula : scope.formulas()) {
      for (Dtype dtype : dtypes) {
        for (Direction direction : Direction.values()) {
          if (formula.supports(direction) && formula.supports(dtype)) {
            functions.add(
                dtype == Dtype.F32
                    ? function(formula, direction, (double) done / all, 1.0 / all)
                    : function(formula, dtype, direction));
          }
          listener.progressed((double) ++done / all);
        }
      }
    }
    if (dtypes.stream().anyMatch(Dtype::isStorage)) {
      others.check("conversions", notes -> Conversions.check(session, notes));
    }
    if (!dtypes.contains(Dtype.F32)) {
      return;
    }
    List<Formula> formulas = scope.formulas().stream().filter(Conformance::keepsCount).toList();
    others.check("order of the queue", notes -> order(formulas, notes));
    FusedChecks fused = new FusedChecks(session);
    if (formulas.contains(Kind.PRELU)) {
      others.check("sums over channels", fused::sums);
      others.check("gradients of biases and weights", fused::gradients);
    }
    if (formulas.contains(Kind.RRELU)) {
      others.check("host data beyond one stage, with random numbers", fused::largeHostData);
    }
    if (formulas.contains(Kind.SIGMOID)) {
      others.check("host data beyond one stage, pointwise", this::largeHostData);
      others.check("host data in pinned memory", this::pinnedHostData);
    }
    if (formulas.contains(Kind.SOFTMAX)) {
      others.check("host data beyond one stage, over an axis", this::largeHostRows);
    }
    for (Formula formula : scope.formulas()) {
      if (formula == Kind.SWIGLU || formula == Kind.CRELU) {
        others.check(
            "host data beyond one stage, " + formula.stem(),
            notes -> PieceChecks.largeHostData(session, Op.of(formula), notes));
      }
    }
  }

  private Verdict.Function function(
      Formula formula, Direction direction, double before, double share) {
    String name = formula.stem() + " " + direction.stem();
    Checks bits = new Checks(listener::checked);
    switch (formula.shape()) {
      case POINTWISE -> {
        bits.check(name + ": values", notes -> values(formula, direction, notes));
        if (formula instanceof Kind kind && direction != Direction.BACKWARD_FROM_OUTPUT) {
          bits.check(name + ": special points", notes -> points(kind, direction, notes));
        }
        if (scope.inputs() > 0) {
          bits.check(name + ": random inputs", notes -> random(formula, direction, notes));
        }
      }
      case OVER_AXIS -> bits.check(name + ": rows", notes -> rows(formula, direction, notes));
      case GATED, PIECES -> pieces(formula, direction, bits);
    }
    if (direction == Direction.FORWARD && formula.shape() == Formula.Shape.POINTWISE) {
      bits.check(name + ": with the derivative", notes -> both(formula, notes));
    }
    if ((direction == Direction.FORWARD || direction == Direction.BACKWARD)
        && formula.shape() == Formula.Shape.POINTWISE
        && formula.saved() == Formula.Saved.INPUT) {
      bits.check(
          name + ": fused", notes -> new FusedChecks(session).passes(formula, direction, notes));
    }
    if (keepsCount(formula)) {
      bits.check(name + ": sizes and slices", notes -> sizes(formula, direction, notes));
      bits.check(name + ": host buffers", notes -> hostBuffers(formula, direction, notes));
    }

    Checks more = new Checks(listener::checked);
    AtomicReference<Verdict.Errors> errors = new AtomicReference<>();
    AtomicReference<Verdict.Digested> digest = new AtomicReference<>();
    if (formula instanceof Kind kind && Exhaustive.directions(kind).contains(direction)) {
      if (scope.inputs() > 0) {
        more.check(name + ": errors", notes -> errors.set(errors(kind, direction, notes)));
      }
      if (scope.exhaustive()) {
        more.check(
            name + ": all inputs",
            notes ->
                digest.set(
                    digest(
                        kind,
                        direction,
                        part -> listener.progressed(before + part * share),
                        notes)));
      }
    }
    List<Check> checks = new ArrayList<>(bits.done());
    checks.addAll(more.done());
    return new Verdict.Function(
        formula,
        direction,
        Dtype.F32,
        bits.compared(),
        Check.failures(bits.done()).isEmpty(),
        Optional.ofNullable(errors.get()),
        Optional.ofNullable(digest.get()),
        List.copyOf(checks));
  }

  private Verdict.Function function(Formula formula, Dtype dtype, Direction direction) {
    String name = "%s %s %s".formatted(formula.stem(), direction.stem(), dtype.label());
    Checks bits = new Checks(listener::checked);
    new TypedConformance(session, dtype).check(formula, direction, name, bits);
    return new Verdict.Function(
        formula,
        direction,
        dtype,
        bits.compared(),
        Check.failures(bits.done()).isEmpty(),
        Optional.empty(),
        Optional.empty(),
        bits.done());
  }

  /** Whether the output has as many elements as the input. */
  private static boolean keepsCount(Formula formula) {
    return formula.shape() == Formula.Shape.POINTWISE || formula.shape() == Formula.Shape.OVER_AXIS;
  }

  private void pieces(Formula formula, Direction direction, Checks checks) {
    String name = formula.stem() + " " + direction.stem();
    checks.check(name + ": values", notes -> piece(formula, direction, notes).values());
    checks.check(name + ": axes", notes -> piece(formula, direction, notes).geometries());
    if (formula.shape() == Formula.Shape.GATED) {
      checks.check(
          name + ": gate and value apart", notes -> piece(formula, direction, notes).apart());
      checks.check(name + ": biased", notes -> piece(formula, direction, notes).biased());
    }
  }

  private PieceChecks piece(Formula formula, Direction direction, Notes notes) {
    return new PieceChecks(session, formula, direction, notes);
  }

  /** What the device computes for new inputs, block by block: any bits, and where data lives. */
  private void random(Formula formula, Direction direction, Notes notes) {
    SplittableRandom random = new SplittableRandom(formula.stem().hashCode() + direction.ordinal());
    boolean anyBits = true;
    for (long left = scope.inputs(); left > 0; left -= BLOCK) {
      int count = (int) Math.min(left, BLOCK);
      float[] x = anyBits ? Samples.bits(random, count) : Samples.uniform(random, count, 20);
      float[] dy = Samples.uniform(random, count, 2);
      Pass pass = Pass.of(Op.of(formula), direction, x, dy);
      notes.compare(pass.toString(), x, pass.expected, onDevice(pass, notes, Place.APART));
      anyBits = !anyBits;
    }
  }

  /** The errors of what the device computes, against an oracle that shares no formula with it. */
  private Verdict.Errors errors(Kind kind, Direction direction, Notes notes) {
    Accuracy accuracy = new Accuracy();
    Op op = Samples.op(kind);
    long measured;
    if (!keepsCount(kind)) {
      PieceSample sample = PieceSample.of(op.activation());
      float[] result =
          direction == Direction.FORWARD
              ? session.forward(sample.op(), sample.saved())
              : session.backward(sample.op(), sample.saved(), sample.gradient());
      measured = sample.measure(direction, result, accuracy);
    } else if (kind.shape() == Formula.Shape.OVER_AXIS) {
      measured =
          FiniteRows.measure(
              op,
              (pass, x, beside) -> Exhaustive.run(session, op, pass, x, beside),
              direction,
              accuracy);
    } else {
      int random = (int) Math.min(scope.inputs(), MEASURED);
      float[] x =
          Samples.join(
              Samples.patterns(),
              Edges.of(op.activation()),
              Samples.bits(random),
              Samples.uniform(random, 20));
      float[] y = new float[x.length];
      Exhaustive.pass(session, op, direction, FloatBuffer.wrap(x), FloatBuffer.wrap(y));
      Judge judge = new Judge(op.activation(), direction);
      for (int i = 0; i < x.length; i++) {
        judge.measure(Float.floatToRawIntBits(x[i]), y[i], accuracy);
      }
      measured = x.length;
    }
    double bound = kind.bound(direction);
    if (accuracy.worst() > bound) {
      notes.problem(
          "%.4f ULP at %08x, where %s is promised"
              .formatted(accuracy.worst(), accuracy.worstAt(), bound));
    }
    notes.remark("at most %.4f ULP, of %,d values".formatted(accuracy.worst(), measured));
    return new Verdict.Errors(measured, accuracy.worst(), bound);
  }

  private Verdict.Digested digest(
      Kind kind, Direction direction, DoubleConsumer progress, Notes notes) {
    long carried =
        ExhaustiveTable.carried()
            .find(kind, direction)
            .orElseThrow(() -> new IllegalStateException("the library carries no digest"))
            .digest();
    long value = Exhaustive.run(device, kind, direction, false, progress).digest();
    if (value != carried) {
      notes.problem("digest %016x, where %016x is carried".formatted(value, carried));
    }
    notes.remark("digest %016x".formatted(value));
    return new Verdict.Digested(value, carried);
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

    boolean hasTwoInputs() {
      return direction.isBackward() || op.isMasked();
    }

    @Override
    public String toString() {
      return "%s %s of %d".formatted(op, direction.stem(), count());
    }
  }

  private void values(Formula formula, Direction direction, Notes notes) {
    List<Activation> activations = new ArrayList<>(Samples.activations(formula));
    if (direction != Direction.FORWARD) {
      activations.addAll(Samples.profiled(formula));
    }
    activations.removeIf(activation -> !activation.supports(direction));
    for (Activation activation : activations) {
      // Other parameters run the same instructions: fewer random inputs show what they change.
      int random = activation.equals(Activation.of(formula)) ? 1 << 15 : 1 << 12;
      float[] inputs =
          Samples.join(
              Samples.patterns(),
              Edges.of(activation),
              Samples.kinks(activation),
              Samples.outputs(activation, direction),
              Samples.bits(random),
              Samples.uniform(random, 20),
              Samples.uniform(random / 4, 1));
      float[] gradient =
          Samples.cycle(Samples.join(Samples.uniform(777, 3), Samples.patterns()), inputs.length);
      Pass pass = Pass.of(Op.of(activation), direction, inputs, gradient);
      notes.compare(pass.toString(), inputs, pass.expected, onDevice(pass, notes, Place.APART));
    }
  }

  /** Function and derivative in one pass, out of place and in place of either. */
  private void both(Formula formula, Notes notes) {
    for (int size : new int[] {1, 33, 1021, (1 << 15) + 7}) {
      Op op = Op.of(formula);
      float[] x = Samples.cycle(Samples.join(Samples.patterns(), Samples.uniform(4099, 6)), size);
      float[] y = Definition.run(op, Direction.FORWARD, x, x);
      float[] slope = Definition.run(op, Direction.DERIVATIVE, x, x);
      for (int place = 0; place < 3; place++) {
        try (DeviceBuffer a = session.upload(Guards.around(x));
            DeviceBuffer b = session.upload(Guards.around(x));
            DeviceBuffer c = session.upload(Guards.around(x))) {
          DeviceBuffer first = place == 1 ? a : b;
          DeviceBuffer second = place == 2 ? a : c;
          session.forwardWithDerivative(
              op, a.slice(GUARDS, size), first.slice(GUARDS, size), second.slice(GUARDS, size));
          String where =
              "%s with its derivative, of %d, %s"
                  .formatted(
                      op,
                      size,
                      List.of("out of place", "over the input", "derivative over the input")
                          .get(place));
          notes.compare(where, x, Guards.around(y), session.download(first));
          notes.compare(where + ", derivative", x, Guards.around(slope), session.download(second));
        }
      }
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

  private void sizes(Formula formula, Direction direction, Notes notes) {
    boolean pointwise = formula.shape() == Formula.Shape.POINTWISE;
    float[] data = Samples.uniform(4099, 6);
    float[] gradient = Samples.beside(formula, direction, Samples.uniform(4099, 2));
    Pass whole = Pass.of(Samples.op(formula), direction, data, gradient);
    for (int size : SIZES) {
      Pass pass =
          pointwise
              ? whole.cycled(size)
              : Pass.of(
                  whole.op, direction, Samples.cycle(data, size), Samples.cycle(gradient, size));
      for (Place place : Place.values()) {
        if (pass.hasTwoInputs() || place != Place.OVER_GRADIENT) {
          notes.compare(
              pass + " " + place, pass.saved, pass.expected, onDevice(pass, notes, place));
        }
      }
    }
  }

  private void rows(Formula formula, Direction direction, Notes notes) {
    for (Rows rows : Rows.of(formula)) {
      rows(Samples.op(formula), rows, direction, notes);
    }
    Samples.activations(formula).stream()
        .skip(1)
        .forEach(activation -> rows(Samples.op(activation), Rows.MANY, direction, notes));
  }

  private void rows(Op op, Rows rows, Direction direction, Notes notes) {
    Op over = op.over(rows.geometry());
    float[] x = rows.values();
    float[] saved =
        direction == Direction.FORWARD
            ? x
            : Definition.run(over, Direction.FORWARD, x, rows.beside(Direction.FORWARD));
    Pass pass = Pass.of(over, direction, saved, rows.beside(direction));
    notes.compare(pass.toString(), saved, pass.expected, onDevice(pass, notes, Place.APART));
    notes.compare(
        pass + " in place", saved, pass.expected, onDevice(pass, notes, Place.OVER_INPUT));
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
    try (DeviceBuffer saved = session.upload(Guards.around(pass.saved));
        DeviceBuffer gradient = session.upload(Guards.around(pass.gradient));
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
        case FORWARD -> {
          if (pass.op.isMasked()) {
            session.forward(pass.op, in, gradient.slice(GUARDS, count), to);
          } else {
            session.forward(pass.op, in, to);
          }
        }
        case DERIVATIVE -> session.derivative(pass.op, in, to);
        case BACKWARD -> session.backward(pass.op, in, gradient.slice(GUARDS, count), to);
        case BACKWARD_FROM_OUTPUT ->
            session.backward(pass.op.fromOutput(), in, gradient.slice(GUARDS, count), to);
      }
      float[] result = session.download(out);
      checkGuards(pass + " " + place, result, GUARDS, count, notes);
      if (saved != out) {
        notes.compare(
            pass + ": the input afterwards",
            new float[0],
            Guards.around(pass.saved),
            session.download(saved));
      }
      return Arrays.copyOfRange(result, GUARDS, GUARDS + count);
    }
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
      buffer.put(Guards.around(values));
      return buffer.limit(GUARDS + values.length).position(GUARDS);
    }
  }

  private void hostBuffers(Formula formula, Direction direction, Notes notes) {
    Pass pass =
        Pass.of(
            Samples.op(formula),
            direction,
            Samples.join(Samples.uniform(1021, 6), Samples.specialPoints(formula)),
            Samples.beside(
                formula,
                direction,
                Samples.uniform(1021 + Samples.specialPoints(formula).length, 2)));
    for (Host from : Host.values()) {
      for (Host to : Host.values()) {
        onHost(pass, notes, from.of(pass.saved).asReadOnlyBuffer(), to.of(pass.saved), from, to);
      }
      FloatBuffer both = from.of(pass.saved);
      onHost(pass, notes, both, both, from, from);
    }
    float[] result =
        switch (direction) {
          case FORWARD ->
              pass.op.isMasked()
                  ? session.forward(pass.op, pass.saved, pass.gradient)
                  : session.forward(pass.op, pass.saved);
          case DERIVATIVE -> session.derivative(pass.op, pass.saved);
          case BACKWARD -> session.backward(pass.op, pass.saved, pass.gradient);
          case BACKWARD_FROM_OUTPUT ->
              session.backward(pass.op.fromOutput(), pass.saved, pass.gradient);
        };
    notes.compare(pass + " on arrays", pass.saved, pass.expected, result);
  }

  private void onHost(Pass pass, Notes notes, FloatBuffer in, FloatBuffer out, Host from, Host to) {
    String where = "%s from %s to %s%s".formatted(pass, from, to, in == out ? " in place" : "");
    int count = pass.count();
    switch (pass.direction) {
      case FORWARD -> {
        if (pass.op.isMasked()) {
          session.forward(pass.op, in, from.of(pass.gradient), out);
        } else {
          session.forward(pass.op, in, out);
        }
      }
      case DERIVATIVE -> session.derivative(pass.op, in, out);
      case BACKWARD -> session.backward(pass.op, in, from.of(pass.gradient), out);
      case BACKWARD_FROM_OUTPUT ->
          session.backward(pass.op.fromOutput(), in, from.of(pass.gradient), out);
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

  /** More than one stage, in place, not from the start of its memory. */
  private void pinnedHostData(Notes notes) {
    Op sigmoid = Op.of(Kind.SIGMOID);
    float[] x = Samples.cycle(Samples.uniform(4099, 6), (1 << 20) + 12_347);
    float[] result = new float[x.length];
    try (HostBuffer memory = session.allocateHost(Dtype.F32, x.length + 5)) {
      FloatBuffer part = memory.floats().slice(5, x.length).put(0, x);
      session.forward(sigmoid, part, part);
      part.get(0, result);
    }
    notes.compare(sigmoid.toString(), x, Definition.run(sigmoid, Direction.FORWARD, x, x), result);
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
  private void order(List<Formula> formulas, Notes notes) {
    float[] x = Samples.uniform(100_003, 8);
    float[] expected = x;
    try (DeviceBuffer a = session.upload(x);
        DeviceBuffer b = session.upload(new float[x.length])) {
      DeviceBuffer in = a;
      DeviceBuffer out = b;
      for (Formula formula : formulas) {
        Op op = Samples.op(formula);
        if (op.isMasked()) {
          session.forward(op, in, in, out);
        } else {
          session.forward(op, in, out);
        }
        expected = Definition.run(op, Direction.FORWARD, expected, expected);
        session.backward(op, out, out, out);
        expected = Definition.run(op, Direction.BACKWARD, expected, expected);
        DeviceBuffer swap = in;
        in = out;
        out = swap;
      }
      notes.compare("formulas in a chain", x, expected, session.download(in));
    }
  }
}
