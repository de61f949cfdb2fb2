package dev.activations.api;

import dev.activations.api.Formula.Saved;
import dev.activations.api.Fusion.PerChannel;
import java.util.Optional;

/**
 * What a session runs: an activation, the geometry it runs over, what is fused with it, and what
 * its backward pass reads. Immutable.
 *
 * @param activation the function
 * @param geometry the rows, for a formula over an axis or over pieces along one; empty means all
 *     elements are one row
 * @param gatedBy the half of a packed array that is the gate of a gated kind; empty means {@link
 *     Kind#gatedBy}
 * @param fusion what the same pass does besides, for a pointwise formula or a gated kind
 * @param saved what the backward pass reads besides the incoming gradient
 */
public record Op(
    Activation activation,
    Optional<Geometry> geometry,
    Optional<Half> gatedBy,
    Fusion fusion,
    Saved saved) {

  /**
   * Checks that the parameters go together, that geometry and fusion fit the formula, and that the
   * backward pass can do with what is saved.
   *
   * @throws IllegalArgumentException if they do not, if a pointwise kind is given a geometry, or
   *     one that is not gated a half
   */
  public Op {
    activation.checkTogether();
    Formula formula = activation.formula();
    if (saved == Saved.INPUT && formula.saved() == Saved.OUTPUT) {
      throw new IllegalArgumentException(
          "the backward pass of %s reads the output, not the input".formatted(formula.stem()));
    }
    if (saved != formula.saved()) {
      activation.checkFromOutput();
    }
    if (geometry.isPresent() && formula.shape() == Formula.Shape.POINTWISE) {
      throw new IllegalArgumentException(
          "%s is pointwise and takes no geometry, got %s"
              .formatted(formula.stem(), geometry.get()));
    }
    if (gatedBy.isPresent() && formula.shape() != Formula.Shape.GATED) {
      throw new IllegalArgumentException(
          "%s is not gated, so neither half gates".formatted(formula.stem()));
    }
    if (!fusion.isNone()) {
      checkFused(formula, saved, fusion);
      if (geometry.isPresent() && formula.shape() == Formula.Shape.GATED) {
        fusion = fusion.withBias(alongAxis(fusion.bias().orElseThrow(), geometry.get()));
      }
    }
  }

  /** The bias of a gated kind has the axis that is cut as its channels. */
  private static PerChannel alongAxis(PerChannel bias, Geometry rows) {
    if (bias.geometry().filter(channels -> !channels.equals(rows)).isPresent()) {
      throw new IllegalArgumentException(
          "the channels of a gate's bias are the axis that is cut, over %s, got %s; leave one out"
              .formatted(rows, bias.geometry().get()));
    }
    return new PerChannel(bias.values(), Optional.of(rows));
  }

  private static void checkFused(Formula formula, Saved saved, Fusion fusion) {
    if (formula.shape() == Formula.Shape.GATED) {
      if (!fusion.isBias()) {
        throw new IllegalArgumentException(
            "%s takes a bias and no other part of other passes, got%s; run them one after the other"
                .formatted(formula.stem(), fusion));
      }
      return;
    }
    boolean draws = formula == Kind.RRELU || isDrawn(formula) || fusion.dropout().isPresent();
    if (fusion.seed().isPresent() && !draws) {
      throw new IllegalArgumentException(
          "%s draws no random numbers and takes no seed; rrelu, gumbel_softmax and dropout do"
              .formatted(formula.stem()));
    }
    boolean onlyNoise = isDrawn(formula) && fusion.isSeedAlone();
    if (!onlyNoise && (formula.shape() != Formula.Shape.POINTWISE || saved != Saved.INPUT)) {
      throw new IllegalArgumentException(
          "%s%s takes no part of other passes, got%s; run them one after the other"
              .formatted(formula.stem(), suffix(formula, saved), fusion));
    }
    if (fusion.weight().isPresent() && formula != Kind.PRELU) {
      throw new IllegalArgumentException(
          "%s has no weight by channel; prelu has".formatted(formula.stem()));
    }
  }

  /** The formula with its default parameters. */
  public static Op of(Formula formula) {
    return of(Activation.of(formula));
  }

  /** The activation, over all elements as one row where it works over an axis. */
  public static Op of(Activation activation) {
    return new Op(
        activation, Optional.empty(), Optional.empty(), Fusion.NONE, activation.formula().saved());
  }

  /** Returns this op over the rows of a geometry. */
  public Op over(Geometry rows) {
    return new Op(activation, Optional.of(rows), gatedBy, fusion, saved);
  }

  /**
   * Returns this op with a backward pass that reads the output of the forward pass and not its
   * input, which may then be overwritten, or was: {@code session.backward(op.fromOutput(), y, dy,
   * dx)}. {@link Formula#fromOutput} says what accuracy that gives. The forward pass is the same.
   *
   * @throws IllegalArgumentException if the output does not tell the derivative: for this formula,
   *     for these parameters, or because the profile has a derivative of its own at a kink
   */
  public Op fromOutput() {
    return new Op(activation, geometry, gatedBy, fusion, Saved.OUTPUT);
  }

  /**
   * Returns this op with the gate in one half of a packed array, and the value in the other.
   *
   * @throws IllegalArgumentException if the kind is not gated
   */
  public Op gatedBy(Half half) {
    return new Op(activation, geometry, Optional.of(half), fusion, saved);
  }

  /**
   * Returns this op with a bias: it computes f(x + bias). The channels are the last axis of the
   * data: element i has channel i mod the number of values.
   *
   * <p>A gated kind computes f(gate + bias)·(value + bias). Its channels are the axis of the packed
   * array, both halves of it, so that the bias has a half for the gate and one for the value, the
   * gate's where {@link #gate} says; without a geometry of the op they are its last axis. Gate and
   * value apart take the bias that they would packed.
   *
   * @param bias a value for each channel; read when the op runs
   */
  public Op withBias(DeviceBuffer bias) {
    return with(fusion.withBias(new PerChannel(bias, Optional.empty())));
  }

  /**
   * Returns this op with a bias: it computes f(x + bias).
   *
   * @param bias a value for each channel; read when the op runs
   * @param channels the channels as the axis of the data; of a gated kind the axis of the packed
   *     array, also where gate and value are apart
   * @throws IllegalArgumentException if the axis has another length than the bias, or is not the
   *     one that the op cuts
   */
  public Op withBias(DeviceBuffer bias, Geometry channels) {
    return with(fusion.withBias(new PerChannel(bias, Optional.of(channels))));
  }

  /**
   * Returns this op, a {@link Kind#PRELU}, with a weight for each channel in place of its
   * parameter. The channels are the last axis of the data; one value serves all elements.
   *
   * @param weight a value for each channel; read when the op runs
   */
  public Op withWeight(DeviceBuffer weight) {
    return with(fusion.withWeight(new PerChannel(weight, Optional.empty())));
  }

  /**
   * Returns this op, a {@link Kind#PRELU}, with a weight for each channel in place of its
   * parameter.
   *
   * @param weight a value for each channel; read when the op runs
   * @param channels the channels as the axis of the data
   * @throws IllegalArgumentException if the axis has another length than the weight
   */
  public Op withWeight(DeviceBuffer weight, Geometry channels) {
    return with(fusion.withWeight(new PerChannel(weight, Optional.of(channels))));
  }

  /**
   * Returns this op with a residual, which a forward pass adds to the result.
   *
   * @param residual as many elements as the input; read when the op runs, and may be the output
   */
  public Op withResidual(DeviceBuffer residual) {
    return with(fusion.withResidual(residual));
  }

  /**
   * Returns this op with dropout: a result becomes 0 with some probability, whatever it was, and is
   * multiplied by 1/(1 - p) otherwise. The backward pass with the same op drops the same elements.
   *
   * @param probability of an element to become 0
   * @param seed of the random numbers; another one for each step of a training
   * @throws IllegalArgumentException if the probability is not in [0, 1)
   */
  public Op withDropout(double probability, long seed) {
    return with(fusion.withDropout(probability, seed));
  }

  /**
   * Returns this op with a seed, which makes {@link Kind#RRELU} draw a slope for each element, as
   * in training, and {@link Kind#GUMBEL_SOFTMAX} its noise. The backward pass of rrelu with the
   * same op applies the same slopes; that of gumbel_softmax needs no noise.
   *
   * @param seed of the random numbers; another one for each step of a training
   */
  public Op seeded(long seed) {
    return with(fusion.seeded(seed));
  }

  /**
   * Returns this op for a piece of the data, so that the pieces draw the random numbers that the
   * whole would.
   *
   * @param first the index of the piece's first element in the whole
   */
  public Op startingAt(long first) {
    return with(fusion.startingAt(first));
  }

  Op with(Fusion fused) {
    return new Op(activation, geometry, gatedBy, fused, saved);
  }

  /** Returns whether the pass draws a slope for each element. */
  public boolean drawsSlopes() {
    return formula() == Kind.RRELU && fusion.seed().isPresent();
  }

  /** Returns whether a forward pass takes a mask as its second input. */
  public boolean isMasked() {
    return formula() instanceof Kind kind && kind.isMasked();
  }

  /** Returns whether a forward pass over an axis draws a random number for each element. */
  public boolean drawsNoise() {
    return isDrawn(formula());
  }

  private static boolean isDrawn(Formula formula) {
    return formula instanceof Kind kind && kind.isDrawn();
  }

  /** Returns whether the pass is that of a pointwise formula with what is fused with it. */
  public boolean isFused() {
    return !fusion.isNone() && formula().shape() == Formula.Shape.POINTWISE;
  }

  /** Returns the formula of the activation. */
  public Formula formula() {
    return activation.formula();
  }

  /** Returns how {@link Session#backward} goes. */
  Direction backward() {
    return saved == formula().saved() ? Direction.BACKWARD : Direction.BACKWARD_FROM_OUTPUT;
  }

  /**
   * Returns the half of a packed array that gates.
   *
   * @throws IllegalArgumentException if the kind is not gated
   */
  public Half gate() {
    return gatedBy.orElseGet(() -> activation.kind().gatedBy());
  }

  /** Returns into how many equal pieces the axis of an input is cut; 1 where it is not. */
  public int piecesIn() {
    return activation.piecesIn();
  }

  /** Returns of how many equal pieces the axis of a result is made; 1 where of one. */
  public int piecesOut() {
    return activation.piecesOut();
  }

  /**
   * Returns the rows that {@code count} elements form.
   *
   * @throws IllegalArgumentException if the geometry asks for another number of elements
   */
  public Geometry rows(long count) {
    Geometry rows =
        geometry.or(() -> channelsOfGate(count)).orElseGet(() -> Geometry.rows(1, count));
    if (rows.count() != count) {
      throw new IllegalArgumentException(
          "%s over %s needs %d elements, got %d"
              .formatted(formula().stem(), rows, rows.count(), count));
    }
    return rows;
  }

  /** The axis that is cut is that of the channels. */
  private Optional<Geometry> channelsOfGate(long count) {
    if (formula().shape() != Formula.Shape.GATED) {
      return Optional.empty();
    }
    return fusion
        .bias()
        .map(
            bias -> {
              bias.check("bias", count);
              long channels = bias.values().count();
              return bias.geometry().orElseGet(() -> Geometry.rows(count / channels, channels));
            });
  }

  private static String suffix(Formula formula, Saved saved) {
    return saved == formula.saved() ? "" : " from its output";
  }

  /**
   * Returns the rows of the results of a forward pass over {@code count} elements: those of the
   * input, but where the kind joins pieces along the axis or makes some.
   *
   * @throws IllegalArgumentException if the geometry asks for another number of elements, or its
   *     axis cannot be cut into equal pieces
   */
  public Geometry results(long count) {
    Geometry rows = rows(count);
    if (rows.axis() % piecesIn() != 0) {
      throw new IllegalArgumentException(
          "%s cuts its axis into %d equal pieces, which %d elements do not make"
              .formatted(formula().stem(), piecesIn(), rows.axis()));
    }
    return new Geometry(rows.outer(), rows.axis() / piecesIn() * piecesOut(), rows.inner());
  }

  @Override
  public String toString() {
    String text =
        gatedBy
            .map(half -> "%s gated by the %s half".formatted(activation, half.stem()))
            .orElseGet(activation::toString);
    return geometry
            .map(g -> "%s over (%d, %d, %d)".formatted(text, g.outer(), g.axis(), g.inner()))
            .orElse(text)
        + suffix(formula(), saved)
        + fusion;
  }
}
