package dev.activations.cli.bench;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.spi.Pass;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A pass to measure.
 *
 * @param elements of its input, about: activations over an axis take whole rows
 */
record Case(Activation activation, Direction direction, Dtype dtype, Place place, long elements) {
  /** The length of a row, for activations over an axis. */
  static final long ROW = 1024;

  /** Returns the identity on as many bytes, which is how a device copies. */
  static Case copy(Dtype dtype, Place place, long elements) {
    long floats = Math.max(1, elements * dtype.bytes() / Float.BYTES);
    return new Case(Activation.of(Kind.LINEAR), Direction.FORWARD, Dtype.F32, place, floats);
  }

  /** Returns the activation's name, with its parameters where they are not the default. */
  String name() {
    Formula formula = activation.formula();
    return activation.equals(Activation.of(formula)) ? formula.stem() : activation.toString();
  }

  /** Returns what to run. */
  Op op() {
    Op op = Op.of(activation);
    if (op.drawsNoise()) {
      op = op.seeded(1);
    }
    if (activation.formula().shape() == Formula.Shape.POINTWISE) {
      return op;
    }
    long pieces = op.piecesIn();
    long columns = Math.max(1, Math.min(ROW, elements) / pieces) * pieces;
    return op.over(Geometry.rows(Math.max(1, elements / columns), columns));
  }

  /** Returns how many elements the input has. */
  long count() {
    return op().geometry().map(Geometry::count).orElse(elements);
  }

  /** Returns what is read and written. */
  Pass pass() {
    return Pass.of(op(), direction, count(), false);
  }

  /** Returns the sizes of what is read and then of what is written, in bytes. */
  LongStream bytes() {
    Pass pass = pass();
    return Stream.concat(pass.inputs().stream(), pass.outputs().stream())
        .mapToLong(operand -> operand.count() * dtype.bytes());
  }

  /** Returns what it is called in a report. */
  Row.Key on(String device) {
    return new Row.Key(device, name(), direction.stem(), dtype.label(), place.label(), count());
  }

  /** Returns why a device does not run it, if it does not. */
  Optional<String> obstacle(Device device) {
    Formula formula = activation.formula();
    if (!formula.supports(direction)) {
      return Optional.of("it has no %s pass".formatted(direction.stem()));
    }
    if (!formula.supports(dtype)) {
      return Optional.of("it is not computed in " + dtype.label());
    }
    return device.obstacle(dtype).or(() -> device.obstacle(formula)).map(Finding::reason);
  }
}
