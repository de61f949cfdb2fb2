package dev.activations.verify;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.verify.Checks.Notes;
import dev.activations.verify.FusedDefinition.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Fused passes and sums over channels of one session, against their definitions. */
final class FusedChecks {
  /**
   * Layouts of channels: last, first and in the middle, one, and more than a chunk of a CPU has.
   */
  private static final Geometry[] LAYOUTS = {
    new Geometry(7, 5, 1),
    new Geometry(1, 1, 1),
    new Geometry(1, 3, 37),
    new Geometry(3, 4, 9),
    new Geometry(29, 1, 11),
    new Geometry(2, 4103, 1),
    new Geometry(300, 17, 1),
    new Geometry(2, 2, 1400),
  };

  /** Kinds of every number of parameters, and those that take one by channel or draw it. */
  static final Set<Formula> EVERYWHERE = Set.of(Kind.SIGMOID, Kind.PRELU, Kind.RRELU, Kind.XIELU);

  /** Sums also of many terms, of long runs, and of none. */
  private static final Geometry[] SUMS = {
    new Geometry(100_003, 1, 1),
    new Geometry(1, 1, 100_003),
    new Geometry(1021, 97, 1),
    new Geometry(257, 33, 2),
    new Geometry(19, 40, 17),
    new Geometry(3, 2, 17_000),
    new Geometry(0, 5, 1),
    new Geometry(3, 5, 0),
  };

  /** The last index whose upper word is 0 lies among the elements of a pass that begins here. */
  static final long BEFORE_CARRY = 0xFFFF_FFF0L;

  private final Session session;

  FusedChecks(Session session) {
    this.session = session;
  }

  /** What a pass gets. */
  private record Input(float[] x, float[] dy, Values values) {
    static Input of(Geometry layout) {
      SplittableRandom random = new SplittableRandom(layout.hashCode());
      int count = (int) layout.count();
      int channels = (int) layout.axis();
      float[] all = Samples.join(Samples.uniform(random, 4099, 6), Samples.patterns());
      return new Input(
          Samples.cycle(all, count),
          Samples.cycle(Samples.join(Samples.uniform(random, 777, 3), Samples.patterns()), count),
          new Values(
              Samples.uniform(random, channels, 2),
              Samples.cycle(
                  Samples.join(Samples.uniform(random, 91, 1), new float[] {0, -0f, Float.NaN}),
                  channels),
              Samples.cycle(
                  Samples.join(Samples.uniform(random, 1009, 5), Samples.patterns()), count)));
    }
  }

  /**
   * Every part by itself, and all of them together. All kinds stand in the same text, so that one
   * layout is enough for most.
   */
  void passes(Formula formula, Direction direction, Notes notes) {
    for (Geometry layout : EVERYWHERE.contains(formula) ? List.of(LAYOUTS) : List.of(LAYOUTS[5])) {
      Input input = Input.of(layout);
      try (DeviceBuffer bias = session.upload(input.values.bias());
          DeviceBuffer weight = session.upload(input.values.weight());
          DeviceBuffer residual = session.upload(Guards.around(input.values.residual()))) {
        DeviceBuffer added = residual.slice(Guards.COUNT, input.x.length);
        Op plain = Op.of(formula);
        Op all = plain.withBias(bias, layout).withResidual(added).withDropout(0.3, 0x5EED);
        List<Op> ops =
            new ArrayList<>(
                List.of(
                    plain.withBias(bias, layout),
                    plain.withResidual(added),
                    plain.withDropout(0, 1),
                    plain.withDropout(0.9, -1).startingAt(BEFORE_CARRY),
                    all));
        if (layout.inner() == 1) {
          ops.add(plain.withBias(bias));
        }
        if (formula == Kind.PRELU) {
          ops.add(plain.withWeight(weight, layout));
          ops.add(all.withWeight(weight, layout));
        }
        if (formula == Kind.RRELU) {
          ops.add(plain.seeded(7));
          ops.add(plain.seeded(Long.MIN_VALUE).startingAt(BEFORE_CARRY));
        }
        for (Op op : ops) {
          places(op, direction, input, residual, notes);
        }
      }
    }
  }

  /** Out of place, over the input, and over what else may be overwritten. */
  private void places(Op op, Direction direction, Input input, DeviceBuffer residual, Notes notes) {
    boolean backward = direction == Direction.BACKWARD;
    int count = input.x.length;
    float[] expected = FusedDefinition.run(op, direction, input.x, input.dy, input.values);
    for (int place = 0; place < 3; place++) {
      try (DeviceBuffer x = session.upload(Guards.around(input.x));
          DeviceBuffer dy = session.upload(Guards.around(input.dy));
          DeviceBuffer apart = session.upload(Guards.around(new float[count]))) {
        DeviceBuffer out =
            switch (place) {
              case 0 -> apart;
              case 1 -> x;
              default -> backward ? dy : op.fusion().residual().isPresent() ? residual : apart;
            };
        DeviceBuffer in = x.slice(Guards.COUNT, count);
        DeviceBuffer to = out.slice(Guards.COUNT, count);
        if (backward) {
          session.backward(op, in, dy.slice(Guards.COUNT, count), to);
        } else {
          session.forward(op, in, to);
        }
        String where = "%s %s of %d, place %d".formatted(op, direction.stem(), count, place);
        notes.compare(where, new float[0], Guards.around(expected), session.download(out));
        if (out == residual) {
          session.write(
              java.nio.FloatBuffer.wrap(Guards.around(input.values.residual())), residual);
        }
      }
    }
  }

  /** Host data beyond one stage of a session draws the numbers that its pieces would. */
  void largeHostData(Notes notes) {
    int count = (1 << 22) + 12_347;
    Op op = Op.of(Kind.RRELU).withDropout(0.25, 99).startingAt(BEFORE_CARRY);
    float[] x = Samples.cycle(Samples.uniform(4099, 6), count);
    notes.compare(
        op.toString(),
        x,
        FusedDefinition.run(op, Direction.FORWARD, x, x, Values.NONE),
        session.forward(op, x));
    float[] few = Arrays.copyOf(x, 10_007);
    notes.compare(
        op + " backward",
        few,
        FusedDefinition.run(op, Direction.BACKWARD, few, x, Values.NONE),
        session.backward(op, few, Arrays.copyOf(x, few.length)));
  }

  /** Sums of every sort of terms: each channel has another. */
  void sums(Notes notes) {
    for (Geometry layout : layouts()) {
      float[] terms = terms(layout, 1);
      int channels = (int) layout.axis();
      try (DeviceBuffer in = session.upload(Guards.around(terms));
          DeviceBuffer out = session.upload(Guards.around(new float[channels]))) {
        DeviceBuffer to = out.slice(Guards.COUNT, channels);
        session.channelSum(in.slice(Guards.COUNT, terms.length), to, layout);
        float[] expected = FusedDefinition.sums(terms, channels, Math.max(1, (int) layout.inner()));
        notes.compare(
            "sums over %s".formatted(layout),
            new float[0],
            Guards.around(expected),
            session.download(out));
      }
    }
  }

  /** The gradients of bias and weight, of an op that has everything. */
  void gradients(Notes notes) {
    for (Geometry layout : layouts()) {
      float[] x = terms(layout, 2);
      float[] gradient = terms(layout, 3);
      int channels = (int) layout.axis();
      int inner = Math.max(1, (int) layout.inner());
      float[] biases = Samples.uniform(channels, 1);
      try (DeviceBuffer saved = session.upload(x);
          DeviceBuffer dy = session.upload(gradient);
          DeviceBuffer bias = session.upload(biases);
          DeviceBuffer weight = session.upload(biases);
          DeviceBuffer out = session.upload(new float[channels])) {
        Op op = Op.of(Kind.PRELU).withWeight(weight, layout);
        session.weightGradient(op, saved, dy, out);
        notes.compare(
            "gradient of weights over %s".formatted(layout),
            new float[0],
            FusedDefinition.weightGradient(x, gradient, channels, inner),
            session.download(out));

        Op all = op.withBias(bias, layout).withDropout(0.5, 3).startingAt(17);
        session.weightGradient(all, saved, dy, out);
        Op line = Op.of(Kind.LINEAR);
        Values values = new Values(biases, new float[0], new float[0]);
        float[] z =
            FusedDefinition.run(line.withBias(bias, layout), Direction.FORWARD, x, x, values);
        Op dropping = line.withDropout(0.5, 3).startingAt(17);
        float[] g = FusedDefinition.run(dropping, Direction.FORWARD, gradient, x, values);
        notes.compare(
            "gradient of weights with bias and dropout over %s".formatted(layout),
            new float[0],
            FusedDefinition.weightGradient(z, g, channels, inner),
            session.download(out));

        session.biasGradient(all, dy, out);
        notes.compare(
            "gradient of biases over %s".formatted(layout),
            new float[0],
            FusedDefinition.sums(gradient, channels, inner),
            session.download(out));
      }
    }
  }

  private static List<Geometry> layouts() {
    List<Geometry> all = new ArrayList<>(List.of(LAYOUTS));
    all.addAll(List.of(SUMS));
    return all;
  }

  static float[] terms(Geometry layout, long seed) {
    double[] wide = terms(layout, seed, 1e38, 1e-41);
    float[] terms = new float[wide.length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = (float) wide[i];
    }
    return terms;
  }

  /**
   * Terms of every sort.
   *
   * @param large about as large as there are
   * @param tiny subnormal
   */
  static double[] terms(Geometry layout, long seed, double large, double tiny) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] terms = new double[(int) layout.count()];
    for (int i = 0; i < terms.length; i++) {
      double u = random.nextDouble() * 2 - 1;
      int channel = (int) (i / layout.inner() % layout.axis());
      terms[i] =
          switch (channel % 11) {
            case 1 -> u * large;
            case 2 -> u * tiny;
            case 3 -> i % 2 == 0 ? u * 1e-9 : u;
            case 4 -> 0.1;
            // What is left where large terms cancel.
            case 5 -> i % 3 == 0 ? 1e20 : i % 3 == 1 ? -1e20 : u;
            case 6 -> i % 100 == 99 ? Double.POSITIVE_INFINITY : u;
            case 7 -> i % 100 == 98 ? Double.longBitsToDouble(0xFFF82468A0000000L) : u;
            case 8 -> -0.0;
            case 9 -> u * 1e-20;
            default -> u;
          };
    }
    return terms;
  }
}
