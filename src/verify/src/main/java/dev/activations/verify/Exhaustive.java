package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;

/**
 * A function at every one of the 2^32 floats, on any device: its {@link Digest}, to be compared
 * with the one that the library carries ({@link ExhaustiveTable}), and on demand its largest error.
 *
 * <p>A kind over an axis has more inputs than can be tried. Its digest and its error are those of a
 * fixed set of rows: all sorts that {@link Conformance} knows, and for the error rows of numbers
 * with up to 30,011 elements of eight distributions. Nor can all pairs of inputs be tried that a
 * gated kind takes; a fixed set of some 260,000 stands for them.
 */
public final class Exhaustive {
  /** Inputs that a worker takes at a time; 2^32 in all. */
  static final int CHUNK = 1 << 18;

  private static final int CHUNKS = 1 << 14;

  /** Steps through all bit patterns evenly; odd, so that no pattern comes twice. */
  private static final int SAMPLE_STEP = 16_381;

  private static final int SAMPLES = 1 << 18;

  private final Device device;
  private final Kind kind;
  private final Direction direction;
  private final boolean measured;
  private final int chunks;

  private Exhaustive(Device device, Kind kind, Direction direction, boolean measured, int chunks) {
    this.device = device;
    this.kind = kind;
    this.direction = direction;
    this.measured = measured;
    this.chunks = chunks;
  }

  /**
   * What a run found.
   *
   * @param kind the kind, at its default parameters
   * @param direction one of the {@link #directions}
   * @param digest the digest of all values
   * @param sample the digest of a sample, which takes no time to repeat; see {@link #sample}
   * @param measurement the errors, if they were measured
   */
  public record Result(
      Kind kind,
      Direction direction,
      long digest,
      long sample,
      Optional<Measurement> measurement) {}

  /**
   * Returns the directions that a kind has digests for: those that stand on their own. Backward
   * from the output stands for the derivative as a function of the output, where that rounds and
   * does not only choose.
   */
  public static List<Direction> directions(Kind kind) {
    List<Direction> directions = new ArrayList<>();
    directions.add(Direction.FORWARD);
    directions.add(
        kind.shape() == Kind.Shape.POINTWISE ? Direction.DERIVATIVE : Direction.BACKWARD);
    if (kind.fromOutput().filter(how -> how.bound() > 0).isPresent()) {
      directions.add(Direction.BACKWARD_FROM_OUTPUT);
    }
    return directions;
  }

  /**
   * Runs a pointwise op in one of its {@link #directions}. The derivative as a function of the
   * output is the backward pass of ones.
   */
  static void pass(Session session, Op op, Direction direction, FloatBuffer in, FloatBuffer out) {
    switch (direction) {
      case FORWARD -> session.forward(op, in, out);
      case DERIVATIVE -> session.derivative(op, in, out);
      case BACKWARD_FROM_OUTPUT -> {
        float[] ones = new float[in.remaining()];
        Arrays.fill(ones, 1);
        session.backward(op.fromOutput(), in, FloatBuffer.wrap(ones), out);
      }
      case BACKWARD -> throw new IllegalArgumentException("a product with dy has no digest");
    }
  }

  /**
   * Takes a function through all inputs, on all processors. Blocks for minutes.
   *
   * @param measured whether to measure the errors as well
   * @param progress is told the share that is done, from 0 to 1, by any thread
   * @throws IllegalArgumentException if the direction is not one of {@link #directions}
   * @throws dev.activations.api.ActivationException if the device fails
   */
  public static Result run(
      Device device, Kind kind, Direction direction, boolean measured, DoubleConsumer progress) {
    return run(device, kind, direction, measured, progress, CHUNKS);
  }

  /** The same for the first chunks of inputs only, in the order of their bits from zero. */
  static Result run(
      Device device,
      Kind kind,
      Direction direction,
      boolean measured,
      DoubleConsumer progress,
      int chunks) {
    if (!directions(kind).contains(direction)) {
      throw new IllegalArgumentException(
          "%s has digests for %s, got %s".formatted(kind.stem(), directions(kind), direction));
    }
    Exhaustive exhaustive = new Exhaustive(device, kind, direction, measured, chunks);
    return switch (kind.shape()) {
      case POINTWISE -> exhaustive.pointwise(progress);
      case OVER_AXIS -> exhaustive.overAxis(progress);
      case GATED, PIECES -> exhaustive.overPieces(progress);
    };
  }

  /**
   * Returns the digest of a sample of the inputs, computed by the {@link Definition}: every
   * 16,381st bit pattern, 2^18 in all. It tells in a moment that a formula has changed since the
   * digest of all inputs was taken. Of a kind that is not pointwise the sample is all there is.
   */
  public static long sample(Kind kind, Direction direction) {
    Digest digest = new Digest();
    if (kind.shape() == Kind.Shape.OVER_AXIS) {
      for (Rows rows : Rows.of(kind)) {
        float[] saved = saved(kind, rows, direction);
        addAll(digest, Definition.run(over(kind, rows), direction, saved, rows.beside(direction)));
      }
      return digest.value();
    }
    if (kind.shape() != Kind.Shape.POINTWISE) {
      addAll(digest, PieceSample.of(Activation.of(kind)).expected(direction));
      return digest.value();
    }
    Definition.Function function = Definition.of(Activation.of(kind), direction);
    for (int i = 0; i < SAMPLES; i++) {
      int bits = i * SAMPLE_STEP;
      digest.add(bits, Float.floatToRawIntBits(function.at(Float.intBitsToFloat(bits))));
    }
    return digest.value();
  }

  private Result pointwise(DoubleConsumer progress) {
    int workers = Runtime.getRuntime().availableProcessors();
    AtomicInteger next = new AtomicInteger();
    Callable<Worker> work =
        () -> {
          try (Worker worker = new Worker()) {
            for (int chunk = next.getAndIncrement();
                chunk < chunks;
                chunk = next.getAndIncrement()) {
              worker.run(chunk * CHUNK);
              progress.accept((chunk + 1.0) / chunks);
            }
            return worker;
          }
        };
    Digest digest = new Digest();
    Accuracy accuracy = new Accuracy();
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      List<Future<Worker>> futures = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        futures.add(pool.submit(work));
      }
      for (Future<Worker> future : futures) {
        Worker worker = future.get();
        digest.merge(worker.digest);
        accuracy.merge(worker.accuracy);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before all inputs were done", e);
    } finally {
      pool.shutdownNow();
    }
    return result(digest, confirmed(accuracy));
  }

  private Result result(Digest digest, Measurement measurement) {
    return new Result(
        kind,
        direction,
        digest.value(),
        sample(kind, direction),
        measured ? Optional.of(measurement) : Optional.empty());
  }

  /** The largest errors once more, against the arbitrarily exact oracle. */
  private Measurement confirmed(Accuracy accuracy) {
    return new Measurement(
        confirmed(accuracy.normal(), accuracy.normalAt()),
        accuracy.normalAt(),
        confirmed(accuracy.subnormal(), accuracy.subnormalAt()),
        accuracy.subnormalAt(),
        accuracy.aboveOne());
  }

  private double confirmed(double error, int bits) {
    if (error == 0 || Double.isInfinite(error)) {
      return error;
    }
    float x = Float.intBitsToFloat(bits);
    try (Session session = device.open()) {
      Op op = Op.of(kind);
      float[] value = new float[1];
      pass(session, op, direction, FloatBuffer.wrap(new float[] {x}), FloatBuffer.wrap(value));
      return new Judge(op.activation(), direction).exactError(bits, value[0]);
    }
  }

  /** Runs chunks on a session of its own. */
  private final class Worker implements AutoCloseable {
    final Digest digest = new Digest();
    final Accuracy accuracy = new Accuracy();
    private final Op op = Op.of(kind);
    private final Session session = device.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(4 * CHUNK);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 * CHUNK);
    // Bits go in and out as integers: a float may lose the payload of a NaN on its way.
    private final IntBuffer inBits = in.order(ByteOrder.nativeOrder()).asIntBuffer();
    private final IntBuffer outBits = out.order(ByteOrder.nativeOrder()).asIntBuffer();
    private final FloatBuffer inFloats = in.asFloatBuffer();
    private final FloatBuffer outFloats = out.asFloatBuffer();
    private final Judge judge = new Judge(op.activation(), direction);

    void run(int first) {
      for (int i = 0; i < CHUNK; i++) {
        inBits.put(i, first + i);
      }
      pass(session, op, direction, inFloats, outFloats);
      for (int i = 0; i < CHUNK; i++) {
        digest.add(first + i, outBits.get(i));
      }
      if (measured) {
        for (int i = 0; i < CHUNK; i++) {
          judge.measure(first + i, Float.intBitsToFloat(outBits.get(i)), accuracy);
        }
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private Result overAxis(DoubleConsumer progress) {
    Digest digest = new Digest();
    Accuracy accuracy = new Accuracy();
    try (Session session = device.open()) {
      for (Rows rows : Rows.of(kind)) {
        float[] saved = saved(kind, rows, direction);
        addAll(digest, run(session, over(kind, rows), direction, saved, rows.beside(direction)));
      }
      progress.accept(0.5);
      if (measured) {
        Op op = Samples.op(kind);
        FiniteRows.measure(
            op, (pass, x, beside) -> run(session, op, pass, x, beside), direction, accuracy);
      }
      progress.accept(1);
    }
    return result(digest, asMet(accuracy));
  }

  /** Runs a pass of a kind over an axis on the host's data. */
  static float[] run(Session session, Op op, Direction direction, float[] saved, float[] beside) {
    if (direction == Direction.BACKWARD) {
      return session.backward(op, saved, beside);
    }
    return op.isMasked() ? session.forward(op, saved, beside) : session.forward(op, saved);
  }

  private Result overPieces(DoubleConsumer progress) {
    PieceSample sample = PieceSample.of(Activation.of(kind));
    Digest digest = new Digest();
    Accuracy accuracy = new Accuracy();
    try (Session session = device.open()) {
      float[] results =
          direction == Direction.FORWARD
              ? session.forward(sample.op(), sample.saved())
              : session.backward(sample.op(), sample.saved(), sample.gradient());
      addAll(digest, results);
      if (measured) {
        sample.measure(direction, results, accuracy);
      }
      progress.accept(1);
    }
    return result(digest, asMet(accuracy));
  }

  private static Measurement asMet(Accuracy accuracy) {
    return new Measurement(
        accuracy.normal(),
        accuracy.normalAt(),
        accuracy.subnormal(),
        accuracy.subnormalAt(),
        accuracy.aboveOne());
  }

  private static float[] saved(Kind kind, Rows rows, Direction direction) {
    float[] x = rows.values();
    return direction == Direction.FORWARD
        ? x
        : Definition.run(over(kind, rows), Direction.FORWARD, x, rows.beside(Direction.FORWARD));
  }

  private static Op over(Kind kind, Rows rows) {
    return Samples.op(kind).over(rows.geometry());
  }

  private static void addAll(Digest digest, float[] values) {
    for (int i = 0; i < values.length; i++) {
      digest.add(i, Float.floatToRawIntBits(values[i]));
    }
  }
}
