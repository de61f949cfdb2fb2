package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Profile;
import dev.activations.api.SpecialPoint;
import dev.activations.verify.Checks.Notes;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** Holds the {@link Definition} against the true values. */
final class DefinitionChecks {
  private DefinitionChecks() {}

  static List<Check> run() {
    Checks checks = new Checks(check -> {});
    checks.check("conversions: true values", DefinitionChecks::conversions);
    for (Kind kind : Kind.values()) {
      for (Direction direction : directions(kind)) {
        String name = kind.stem() + " " + direction.stem();
        if (kind.shape() == Kind.Shape.OVER_AXIS) {
          for (Activation activation : Samples.activations(kind)) {
            checks.check(
                activation + " " + direction.stem() + ": true values",
                notes -> rows(activation, direction, notes));
          }
          continue;
        }
        if (kind.shape() != Kind.Shape.POINTWISE) {
          for (Activation activation : Samples.activations(kind)) {
            checks.check(
                activation + " " + direction.stem() + ": true values",
                notes -> pieces(activation, direction, notes));
          }
          continue;
        }
        List<Activation> activations =
            Samples.activations(kind).stream()
                .filter(activation -> activation.supports(direction))
                .toList();
        for (Activation activation : activations) {
          checks.check(
              activation + " " + direction.stem() + ": true values",
              notes -> values(activation, direction, notes));
        }
        if (direction == Direction.BACKWARD_FROM_OUTPUT) {
          cost(kind, activations, checks);
        } else {
          checks.check(name + ": special points", notes -> points(kind, direction, notes));
        }
        if (direction == Direction.DERIVATIVE) {
          for (Activation activation : Samples.profiled(kind)) {
            checks.check(activation + ": kinks", notes -> kinks(activation, notes));
          }
        }
      }
    }
    return checks.done();
  }

  private static void conversions(Notes notes) {
    for (Conversions type : Conversions.ALL) {
      Values all = Values.all(type.dtype());
      notes.compare("to float32", all, type.widened(), Values.of(Dtype.F32, all.floats()));
      float[] inputs = type.inputs();
      notes.compare(
          "from float32",
          Values.of(Dtype.F32, inputs),
          type.narrowed(inputs),
          Values.of(type.dtype(), inputs));
    }
  }

  /** Those that stand on their own, of which each has its own true values. */
  private static List<Direction> directions(Kind kind) {
    Direction gradient =
        kind.shape() == Kind.Shape.POINTWISE ? Direction.DERIVATIVE : Direction.BACKWARD;
    return Stream.of(Direction.FORWARD, gradient, Direction.BACKWARD_FROM_OUTPUT)
        .filter(kind::supports)
        .toList();
  }

  private static void points(Kind kind, Direction direction, Notes notes) {
    Definition.Function function = Definition.of(Activation.of(kind), direction);
    for (SpecialPoint point : kind.specialPoints()) {
      float expected = direction == Direction.FORWARD ? point.forward() : point.derivative();
      notes.compare(
          kind.stem(),
          new float[] {point.x()},
          new float[] {expected},
          new float[] {function.at(point.x())});
    }
    for (float x : Samples.patterns()) {
      if (x != x) {
        notes.compare(
            kind.stem(),
            new float[] {x},
            new float[] {Float.intBitsToFloat(Definition.NAN)},
            new float[] {function.at(x)});
      }
    }
  }

  /** What the rounding of the output costs is what is published. */
  private static void cost(Kind kind, List<Activation> activations, Checks checks) {
    double published = kind.fromOutput().orElseThrow().error();
    if (published == 0) {
      for (Activation activation : activations) {
        checks.check(
            activation + " from its output: the same bits", notes -> same(activation, notes));
      }
      return;
    }
    checks.check(
        kind.stem() + " from its output: distance from f'(x)",
        notes -> {
          OutputCost cost = OutputCost.ofSample(kind);
          notes.compared(cost.compared());
          // A sample comes near the largest one; much less would mean that too much is published.
          if (cost.error() > published || cost.error() < published / 2) {
            notes.problem(
                "%s at %s, where %s is published"
                    .formatted(cost.error(), Notes.text(cost.at()), published));
          }
        });
  }

  private static void same(Activation activation, Notes notes) {
    Definition.Function function = Definition.of(activation, Direction.FORWARD);
    Definition.Function derivative = Definition.of(activation, Direction.DERIVATIVE);
    Definition.Function fromOutput = Definition.of(activation, Direction.BACKWARD_FROM_OUTPUT);
    float[] inputs =
        Samples.join(
            Samples.patterns(),
            Edges.of(activation),
            Samples.bits(1 << 16),
            Samples.uniform(1 << 16, 20));
    float[] expected = new float[inputs.length];
    float[] found = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      expected[i] = derivative.at(inputs[i]);
      found[i] = fromOutput.at(function.at(inputs[i]));
    }
    notes.compare(activation.toString(), inputs, expected, found);
  }

  /** At kinks the profile's slope, to the bit, and next to them the formula's. */
  private static void kinks(Activation activation, Notes notes) {
    Definition.Function function = Definition.of(activation, Direction.DERIVATIVE);
    Definition.Function formula =
        Definition.of(activation.under(Profile.MATH), Direction.DERIVATIVE);
    float[] inputs = Samples.kinks(activation);
    float[] expected = new float[inputs.length];
    float[] found = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      // A kink, then its neighbours.
      expected[i] =
          i % 3 == 0 ? (float) activation.kinks().get(i / 3).slope() : formula.at(inputs[i]);
      found[i] = function.at(inputs[i]);
    }
    notes.compare(activation.toString(), inputs, expected, found);
  }

  private static void values(Activation activation, Direction direction, Notes notes) {
    Definition.Function function = Definition.of(activation, direction);
    DoubleUnaryOperator truth = FastOracle.of(activation, direction);
    float[] inputs =
        Samples.join(
            Samples.patterns(),
            Edges.of(activation),
            Samples.outputs(activation, direction),
            Samples.bits(1 << 16),
            Samples.uniform(1 << 17, 20),
            Samples.uniform(1 << 14, 1));
    Accuracy accuracy = new Accuracy();
    for (float x : inputs) {
      accuracy.add(Float.floatToRawIntBits(x), function.at(x), truth.applyAsDouble(x));
    }
    notes.compared(inputs.length);
    double bound = activation.kind().bound(direction);
    if (accuracy.worst() > bound) {
      float x = Float.intBitsToFloat(accuracy.worstAt());
      notes.problem(
          "%s units in the last place at %s, above the bound of %s: got %s, true value %s"
              .formatted(
                  accuracy.worst(),
                  Notes.text(x),
                  bound,
                  Notes.text(function.at(x)),
                  truth.applyAsDouble(x)));
    }
  }

  private static void pieces(Activation activation, Direction direction, Notes notes) {
    Accuracy accuracy = new Accuracy();
    PieceSample sample = PieceSample.of(activation);
    notes.compared(sample.measure(direction, sample.expected(direction), accuracy));
    double bound = activation.kind().bound(direction);
    if (accuracy.worst() > bound) {
      notes.problem(
          "%s units in the last place at [%d], above the bound of %s"
              .formatted(accuracy.worst(), accuracy.worstAt(), bound));
    }
  }

  private static void rows(Activation activation, Direction direction, Notes notes) {
    Op op = Samples.op(activation);
    Accuracy accuracy = new Accuracy();
    notes.compared(
        FiniteRows.measure(
            op,
            (pass, saved, beside) -> Definition.run(op, pass, saved, beside),
            direction,
            accuracy));
    double bound = activation.kind().bound(direction);
    if (accuracy.worst() > bound) {
      notes.problem(
          "%s units in the last place, above the bound of %s".formatted(accuracy.worst(), bound));
    }
  }
}
