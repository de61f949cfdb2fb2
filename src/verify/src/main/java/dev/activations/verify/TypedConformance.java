package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.verify.Checks.Notes;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What {@link Conformance} checks of an element type other than float32. Of types of 16 bits all
 * elements are compared, with every formula and direction.
 */
final class TypedConformance {
  /** Sizes around the widths of vectors, warps and work groups, and one beyond a chunk. */
  private static final int[] SIZES = {0, 1, 33, 257, 1021, (1 << 15) + 7};

  /** How many guards stand on either side; odd, so that slices start at no alignment. */
  private static final int GUARDS = 37;

  /** Channels last and in the middle, one, and none. */
  private static final Geometry[] CHANNELS = {
    new Geometry(300, 17, 1),
    new Geometry(19, 40, 17),
    new Geometry(5003, 1, 1),
    new Geometry(2, 2, 1400),
    new Geometry(0, 5, 1),
  };

  /** Longer rows are the matter of float32, through which all of them go. */
  private static final int LONGEST = 10_000;

  private final Session session;
  private final Dtype dtype;

  TypedConformance(Session session, Dtype dtype) {
    this.session = session;
    this.dtype = dtype;
  }

  /** Runs all checks of a function. */
  void check(Formula formula, Direction direction, String name, Checks checks) {
    switch (formula.shape()) {
      case POINTWISE -> {
        checks.check(name + ": values", notes -> values(formula, direction, notes));
        if (direction == Direction.FORWARD) {
          checks.check(name + ": with the derivative", notes -> both(formula, notes));
        }
        if (fused().contains(formula)
            && (direction == Direction.FORWARD || direction == Direction.BACKWARD)) {
          checks.check(name + ": fused", notes -> fused(formula, direction, notes));
        }
        if (formula == Kind.PRELU && direction == Direction.BACKWARD) {
          checks.check(name + ": gradients of biases and weights", this::gradients);
        }
      }
      case OVER_AXIS -> checks.check(name + ": rows", notes -> rows(formula, direction, notes));
      case GATED, PIECES -> {
        checks.check(name + ": pieces", notes -> pieces(formula, direction, notes));
        if (formula.shape() == Formula.Shape.GATED) {
          checks.check(name + ": gate and value apart", notes -> apart(formula, direction, notes));
          checks.check(name + ": biased", notes -> biased(formula, direction, notes));
        }
        return;
      }
    }
    checks.check(name + ": sizes and slices", notes -> sizes(formula, direction, notes));
    checks.check(name + ": host buffers", notes -> hostBuffers(formula, direction, notes));
  }

  /** What a pass gets and what it must give. */
  private record Pass(Op op, Direction direction, Values saved, Values gradient, Values expected) {
    static Pass of(Op op, Direction direction, Values saved, Values gradient) {
      return new Pass(
          op, direction, saved, gradient, Definition.run(op, direction, saved, gradient));
    }

    int count() {
      return saved.count();
    }

    boolean hasTwoInputs() {
      return direction.isBackward() || op.isMasked();
    }

    @Override
    public String toString() {
      return "%s %s of %d %s".formatted(op, direction.stem(), count(), saved.dtype().label());
    }
  }

  private void values(Formula formula, Direction direction, Notes notes) {
    List<Activation> activations =
        Samples.activations(formula).stream().filter(each -> each.supports(direction)).toList();
    for (Activation activation : activations) {
      Values x = dtype.isStorage() ? elements(activation) : doubles(activation);
      Pass pass = Pass.of(Op.of(activation), direction, x, gradients(x.count()));
      notes.compare(pass.toString(), x, pass.expected, onDevice(pass, notes, Place.APART));
    }
  }

  /**
   * All elements of a type of 16 bits. Where only the parameters are others the storage is not: one
   * in every 17 goes through all exponents.
   */
  private Values elements(Activation activation) {
    Values all = Values.all(dtype);
    if (activation.equals(Activation.of(activation.formula()))) {
      return all;
    }
    return new Values(
        dtype, IntStream.range(0, all.count() / 17).mapToLong(i -> all.bits()[17 * i]).toArray());
  }

  private static Values doubles(Activation activation) {
    return Values.of(
        Samples.join(
            Samples.doublePatterns(),
            Edges.ofDoubles(activation),
            Samples.doubleBits(1 << 13),
            Samples.uniformDoubles(1 << 13, 40),
            Samples.uniformDoubles(1 << 11, 1)));
  }

  /** Function and derivative in one pass, out of place and in place of either. */
  private void both(Formula formula, Notes notes) {
    Op op = Op.of(formula);
    Values x = numbers(1021);
    Values y = Definition.run(op, Direction.FORWARD, x, x);
    Values slope = Definition.run(op, Direction.DERIVATIVE, x, x);
    for (int place = 0; place < 3; place++) {
      try (DeviceBuffer a = x.guarded(GUARDS).upload(session);
          DeviceBuffer b = x.guarded(GUARDS).upload(session);
          DeviceBuffer c = x.guarded(GUARDS).upload(session)) {
        DeviceBuffer first = place == 1 ? a : b;
        DeviceBuffer second = place == 2 ? a : c;
        session.forwardWithDerivative(
            op, part(a, x.count()), part(first, x.count()), part(second, x.count()));
        String where =
            "%s with its derivative, %s"
                .formatted(
                    op,
                    List.of("out of place", "over the input", "derivative over the input")
                        .get(place));
        notes.compare(where, x, y.guarded(GUARDS), Values.download(session, first));
        notes.compare(
            where + ", derivative", x, slope.guarded(GUARDS), Values.download(session, second));
      }
    }
  }

  private void sizes(Formula formula, Direction direction, Notes notes) {
    for (int size : SIZES) {
      Pass pass =
          Pass.of(Samples.op(formula), direction, numbers(size), beside(formula, direction, size));
      for (Place place : Place.values()) {
        if (pass.hasTwoInputs() || place != Place.OVER_GRADIENT) {
          notes.compare(
              pass + " " + place, pass.saved, pass.expected, onDevice(pass, notes, place));
        }
      }
    }
  }

  private void rows(Formula formula, Direction direction, Notes notes) {
    Rows.of(formula).stream()
        .filter(rows -> rows.geometry().axis() <= LONGEST)
        .forEach(rows -> rows(Samples.op(formula), rows, direction, notes));
    Samples.activations(formula).stream()
        .skip(1)
        .forEach(activation -> rows(Samples.op(activation), Rows.MANY, direction, notes));
  }

  private void rows(Op op, Rows rows, Direction direction, Notes notes) {
    Op over = op.over(rows.geometry());
    Values x = values(rows.values());
    Values mask = values(rows.beside(Direction.FORWARD));
    Values saved =
        direction == Direction.FORWARD ? x : Definition.run(over, Direction.FORWARD, x, mask);
    Pass pass = Pass.of(over, direction, saved, values(rows.beside(direction)));
    notes.compare(pass.toString(), saved, pass.expected, onDevice(pass, notes, Place.APART));
  }

  private Values values(float[] row) {
    return dtype == Dtype.F64 ? Values.of(Rows.widened(row)) : Values.of(dtype, row);
  }

  /** Packed arrays, of which the output may have more elements or fewer. */
  private void pieces(Formula formula, Direction direction, Notes notes) {
    for (Activation activation : Samples.activations(formula)) {
      Op op = Op.of(activation);
      for (long[] runs : new long[][] {{5, 7}, {1, 4099}, {257, 1}}) {
        pieces(op.over(new Geometry(runs[0], 6L * op.piecesIn(), runs[1])), direction, notes);
      }
    }
  }

  private void pieces(Op op, Direction direction, Notes notes) {
    Values x = pieces((int) op.geometry().orElseThrow().count());
    Values y = Definition.run(op, Direction.FORWARD, x, x);
    Values dy = gradients(y.count());
    boolean forward = direction == Direction.FORWARD;
    pieces(op, direction, x, dy, forward ? y : Definition.run(op, direction, x, dy), notes);
  }

  private void pieces(
      Op op, Direction direction, Values x, Values dy, Values expected, Notes notes) {
    int count = x.count();
    String where = "%s %s".formatted(op, direction.stem());
    try (DeviceBuffer saved = x.guarded(GUARDS).upload(session);
        DeviceBuffer gradient = dy.upload(session);
        DeviceBuffer result =
            new Values(dtype, new long[expected.count()]).guarded(GUARDS).upload(session)) {
      DeviceBuffer in = part(saved, count);
      DeviceBuffer out = part(result, expected.count());
      if (direction == Direction.FORWARD) {
        session.forward(op, in, out);
      } else {
        session.backward(op, in, gradient, out);
        session.backward(op, in, gradient, in);
        compare(where + " in place", expected, saved, notes);
      }
      compare(where, expected, result, notes);
    }
  }

  private void compare(String where, Values expected, DeviceBuffer guarded, Notes notes) {
    notes.compare(
        where,
        new Values(dtype, new long[0]),
        expected.guarded(GUARDS),
        Values.download(session, guarded));
  }

  /** All sorts of inputs, side by side with each other. */
  private Values pieces(int count) {
    return dtype == Dtype.F64
        ? Values.of(
                Samples.join(
                    Samples.doublePatterns(),
                    Samples.doubleBits(997),
                    Samples.uniformDoubles(4099, 6)))
            .cycled(count)
        : numbers(count);
  }

  /** A bias: the bits of a pass without one, over what had it added before. */
  private void biased(Formula formula, Direction direction, Notes notes) {
    Op op = Op.of(formula).over(new Geometry(5, 12, 7));
    Values x = pieces(5 * 12 * 7);
    Values bias = pieces(12);
    Values dy = gradients(x.count() / 2);
    Values expected = Definition.run(op, direction, biased(x, bias, 7), dy);
    try (DeviceBuffer added = bias.upload(session)) {
      pieces(op.withBias(added), direction, x, dy, rounded(expected), notes);
    }
  }

  /** The sums with a bias, in the type of the arithmetic. */
  private Values biased(Values x, Values bias, int inner) {
    if (dtype == Dtype.F64) {
      double[] sums = new double[x.count()];
      Arrays.setAll(sums, i -> Fusing.add(x.number(i), bias.number(i / inner % bias.count())));
      return Values.of(sums);
    }
    float[] sums = x.floats();
    float[] biases = bias.floats();
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Fusing.add(sums[i], biases[i / inner % biases.length]);
    }
    return Values.of(Dtype.F32, sums);
  }

  /** Elements in the type of the arithmetic. */
  private Values wide(Values elements) {
    return dtype == Dtype.F64 ? elements : Values.of(Dtype.F32, elements.floats());
  }

  private Values rounded(Values results) {
    return dtype == Dtype.F64 ? results : Values.of(dtype, results.floats());
  }

  /** The sums over channels, by themselves and of what a weight's gradient consists of. */
  private void gradients(Notes notes) {
    for (Geometry layout : CHANNELS) {
      Values x = terms(layout, 2);
      Values dy = terms(layout, 3);
      Values biases = uniform((int) layout.axis(), 1);
      try (DeviceBuffer saved = x.upload(session);
          DeviceBuffer gradient = dy.upload(session);
          DeviceBuffer bias = biases.upload(session);
          DeviceBuffer result = biases.guarded(GUARDS).upload(session)) {
        DeviceBuffer out = part(result, biases.count());
        Op prelu = Op.of(Kind.PRELU).withWeight(bias, layout);
        Op all = prelu.withBias(bias, layout).withDropout(0.5, 3).startingAt(17);
        session.biasGradient(all, gradient, out);
        compare("biases over " + layout, sums(dy, Optional.empty(), layout), result, notes);

        session.weightGradient(prelu, saved, gradient, out);
        Values expected = sums(x, Optional.of(dy), layout);
        compare("weights over " + layout, expected, result, notes);

        session.weightGradient(all, saved, gradient, out);
        Op dropping = Op.of(Kind.LINEAR).withDropout(0.5, 3).startingAt(17);
        Values z = biased(x, biases, (int) layout.inner());
        Values g = Definition.run(dropping, Direction.FORWARD, wide(dy), wide(dy));
        String where = "weights with bias and dropout over " + layout;
        compare(where, sums(z, Optional.of(g), layout), result, notes);
      }
    }
  }

  private Values terms(Geometry layout, long seed) {
    return dtype == Dtype.F64
        ? Values.of(FusedChecks.terms(layout, seed, 1e308, 1e-320))
        : Values.of(dtype, FusedChecks.terms(layout, seed));
  }

  private Values sums(Values x, Optional<Values> dy, Geometry layout) {
    int channels = (int) layout.axis();
    int inner = (int) layout.inner();
    return dtype == Dtype.F64
        ? Values.of(FusedDefinition.sums(x.numbers(), dy.map(Values::numbers), channels, inner))
        : Values.of(
            dtype, FusedDefinition.sums(x.floats(), dy.map(Values::floats), channels, inner));
  }

  /** Kinds whose fused passes are compared. For those of 16 bits there are no kernels. */
  private Set<Formula> fused() {
    return dtype == Dtype.F64 ? FusedChecks.EVERYWHERE : Set.of(Kind.PRELU, Kind.RRELU);
  }

  /** Every part of a fusion by itself, and all of them together; kinds stand in the same text. */
  private void fused(Formula formula, Direction direction, Notes notes) {
    Geometry layout = new Geometry(2, dtype == Dtype.F64 ? 4103 : 131, 3);
    int count = (int) layout.count();
    Values x = pieces(count);
    Values dy = gradients(count);
    Values biases = uniform((int) layout.axis(), 2);
    Values added = uniform(count, 5);
    try (DeviceBuffer bias = biases.upload(session);
        DeviceBuffer residual = added.upload(session)) {
      Op plain = Op.of(formula);
      Op all = plain.withBias(bias, layout).withResidual(residual).withDropout(0.3, 0x5EED);
      List<Op> ops =
          new ArrayList<>(
              List.of(
                  plain.withBias(bias, layout),
                  plain.withResidual(residual),
                  plain.withDropout(0.9, -1).startingAt(FusedChecks.BEFORE_CARRY),
                  all));
      if (formula == Kind.PRELU) {
        ops.add(all.withWeight(bias, layout));
      }
      if (formula == Kind.RRELU) {
        ops.add(plain.seeded(Long.MIN_VALUE).startingAt(FusedChecks.BEFORE_CARRY));
      }
      for (Op op : ops) {
        pieces(op, direction, x, dy, expected(op, direction, x, dy, biases, added), notes);
      }
    }
  }

  private Values expected(
      Op op, Direction direction, Values x, Values dy, Values channels, Values residual) {
    if (dtype == Dtype.F64) {
      double[] each = channels.numbers();
      return Values.of(
          FusedDefinition.run(
              op,
              direction,
              x.numbers(),
              dy.numbers(),
              new FusedDefinition.Doubles(each, each, residual.numbers())));
    }
    float[] each = channels.floats();
    return Values.of(
        dtype,
        FusedDefinition.run(
            op,
            direction,
            x.floats(),
            dy.floats(),
            new FusedDefinition.Values(each, each, residual.floats())));
  }

  private Values uniform(int count, int scale) {
    return dtype == Dtype.F64
        ? Values.of(Samples.uniformDoubles(count, scale))
        : Values.of(dtype, Samples.uniform(count, scale));
  }

  /** Gate and value apart: the bits of a packed one. */
  private void apart(Formula formula, Direction direction, Notes notes) {
    int count = 1021;
    Op op = Op.of(formula);
    Values packed = numbers(2 * count);
    Values dy = gradients(count);
    Values expected = Definition.run(op.gatedBy(Half.FIRST), direction, packed, dy);
    try (DeviceBuffer both = packed.upload(session);
        DeviceBuffer gradient = dy.upload(session);
        DeviceBuffer out = session.allocate(dtype, expected.count())) {
      DeviceBuffer gate = both.slice(0, count);
      DeviceBuffer value = both.slice(count, count);
      if (direction == Direction.FORWARD) {
        session.forward(op, gate, value, out);
      } else {
        session.backward(op, gate, value, gradient, out.slice(0, count), out.slice(count, count));
      }
      notes.compare(
          "%s %s apart".formatted(op, direction.stem()),
          packed,
          expected,
          Values.download(session, out));
    }
  }

  private void hostBuffers(Formula formula, Direction direction, Notes notes) {
    Pass pass =
        Pass.of(Samples.op(formula), direction, numbers(1021), beside(formula, direction, 1021));
    for (ByteOrder from : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      for (ByteOrder to : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        Buffer in = pass.saved.guarded(GUARDS).buffer(from, GUARDS);
        Buffer dy = pass.gradient.guarded(GUARDS).buffer(from, GUARDS);
        Buffer out = pass.saved.guarded(GUARDS).buffer(to, GUARDS);
        run(pass, in, dy, out);
        String where = "%s from %s to %s".formatted(pass, from, to);
        notes.compare(where, pass.saved, pass.expected.guarded(GUARDS), Values.of(dtype, out));
      }
      Buffer both = pass.saved.guarded(GUARDS).buffer(from, GUARDS);
      run(pass, both, pass.gradient.buffer(from, 0), both);
      notes.compare(
          pass + " in place of " + from,
          pass.saved,
          pass.expected.guarded(GUARDS),
          Values.of(dtype, both));
    }
  }

  private void run(Pass pass, Buffer in, Buffer dy, Buffer out) {
    if (dtype == Dtype.F64) {
      DoubleBuffer from = (DoubleBuffer) in;
      DoubleBuffer to = (DoubleBuffer) out;
      switch (pass.direction) {
        case FORWARD -> {
          if (pass.op.isMasked()) {
            session.forward(pass.op, from, (DoubleBuffer) dy, to);
          } else {
            session.forward(pass.op, from, to);
          }
        }
        case DERIVATIVE -> session.derivative(pass.op, from, to);
        case BACKWARD -> session.backward(pass.op, from, (DoubleBuffer) dy, to);
        case BACKWARD_FROM_OUTPUT ->
            session.backward(pass.op.fromOutput(), from, (DoubleBuffer) dy, to);
      }
    } else {
      ShortBuffer from = (ShortBuffer) in;
      ShortBuffer to = (ShortBuffer) out;
      switch (pass.direction) {
        case FORWARD -> {
          if (pass.op.isMasked()) {
            session.forward(pass.op, dtype, from, (ShortBuffer) dy, to);
          } else {
            session.forward(pass.op, dtype, from, to);
          }
        }
        case DERIVATIVE -> session.derivative(pass.op, dtype, from, to);
        case BACKWARD -> session.backward(pass.op, dtype, from, (ShortBuffer) dy, to);
        case BACKWARD_FROM_OUTPUT ->
            session.backward(pass.op.fromOutput(), dtype, from, (ShortBuffer) dy, to);
      }
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
  private Values onDevice(Pass pass, Notes notes, Place place) {
    int count = pass.count();
    try (DeviceBuffer saved = pass.saved.guarded(GUARDS).upload(session);
        DeviceBuffer gradient = pass.gradient.guarded(GUARDS).upload(session);
        DeviceBuffer apart = pass.gradient.guarded(GUARDS).upload(session)) {
      DeviceBuffer out =
          switch (place) {
            case APART -> apart;
            case OVER_INPUT -> saved;
            case OVER_GRADIENT -> gradient;
          };
      DeviceBuffer in = part(saved, count);
      DeviceBuffer to = part(out, count);
      switch (pass.direction) {
        case FORWARD -> {
          if (pass.op.isMasked()) {
            session.forward(pass.op, in, part(gradient, count), to);
          } else {
            session.forward(pass.op, in, to);
          }
        }
        case DERIVATIVE -> session.derivative(pass.op, in, to);
        case BACKWARD -> session.backward(pass.op, in, part(gradient, count), to);
        case BACKWARD_FROM_OUTPUT ->
            session.backward(pass.op.fromOutput(), in, part(gradient, count), to);
      }
      Values result = Values.download(session, out);
      if (!result.isGuarded(GUARDS)) {
        notes.problem("%s %s: wrote outside its elements".formatted(pass, place));
      }
      if (saved != out) {
        notes.compare(
            pass + ": the input afterwards",
            new Values(dtype, new long[0]),
            pass.saved.guarded(GUARDS),
            Values.download(session, saved));
      }
      return result.slice(GUARDS, count);
    }
  }

  private static DeviceBuffer part(DeviceBuffer guarded, int count) {
    return guarded.slice(GUARDS, count);
  }

  /** Inputs where data lives. */
  private Values numbers(int count) {
    return Values.of(dtype, Samples.cycle(Samples.uniform(4099, 6), count));
  }

  /** The mask of a pass that takes one, and else incoming gradients. */
  private Values beside(Formula formula, Direction direction, int count) {
    boolean masked = direction == Direction.FORWARD && Op.of(formula).isMasked();
    return masked ? Values.of(dtype, Samples.mask(count)) : gradients(count);
  }

  /** Incoming gradients: where data lives, infinities and NaN among them. */
  private Values gradients(int count) {
    float[] special = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0, -0f, 1e-7f};
    return Values.of(dtype, Samples.cycle(Samples.join(Samples.uniform(4099, 2), special), count));
  }
}
