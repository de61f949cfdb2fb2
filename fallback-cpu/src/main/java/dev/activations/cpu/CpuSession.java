package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A session on the host's own processor. Works in the host's memory, without copies. */
final class CpuSession extends Session {
  /** Elements of an array in {@link HostMemory}: 256 MiB. */
  static final int SEGMENT = 1 << 26;

  private final Loops loops;
  private final int segment;
  private final Pool pool;
  private final Scratch[] scratch;
  private final WorkQueue queue = new WorkQueue();

  CpuSession(CpuDevice device, Loops loops, int threads, int segment) {
    super(device);
    this.loops = loops;
    this.segment = segment;
    this.pool = new Pool(threads);
    this.scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
  }

  @Override
  protected Memory allocateMemory(Dtype dtype, long count) {
    return new HostMemory(count, segment, this::afterPendingWork);
  }

  private void afterPendingWork(Runnable work) {
    if (queue.isIdle()) {
      work.run();
    } else {
      queue.execute(work);
    }
  }

  @Override
  protected void writeMemory(FloatBuffer from, Slice to) {
    queue.await();
    copy(Floats.of(from), floats(to), from.remaining());
  }

  @Override
  protected void readMemory(Slice from, FloatBuffer to) {
    queue.await();
    copy(floats(from), Floats.of(to), to.remaining());
  }

  private void copy(Floats from, Floats to, long count) {
    pool.run(
        (count + Scratch.TILE - 1) / Scratch.TILE,
        (worker, part) -> {
          long at = part * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - at);
          float[] array = from.array(at, length);
          if (array != null) {
            to.put(at, array, from.position(at), length);
          } else {
            from.get(at, scratch[worker].first, 0, length);
            to.put(at, scratch[worker].first, 0, length);
          }
        });
  }

  @Override
  protected void enqueue(Launch launch) {
    queue.execute(
        () -> {
          if (launch.outputs().size() > 1) {
            computeBoth(launch);
          } else {
            compute(
                launch.op(),
                launch.direction(),
                launch.inputs().stream().map(CpuSession::floats).toList(),
                floats(launch.outputs().get(0)),
                launch.count());
          }
        });
  }

  @Override
  protected void enqueue(Fused pass) {
    queue.execute(
        () ->
            new FusedPass(
                    loops,
                    pass.op(),
                    pass.direction(),
                    floats(pass.x()),
                    pass.dy().map(CpuSession::floats),
                    pass.bias().map(CpuSession::channels),
                    pass.weight().map(CpuSession::channels),
                    pass.residual().map(CpuSession::floats),
                    floats(pass.out()))
                .run(pool, scratch, pass.count()));
  }

  private static FusedPass.Channels channels(Fused.Channels channels) {
    return new FusedPass.Channels(
        floats(channels.values()), channels.count(), channels.inner());
  }

  @Override
  protected void enqueue(ChannelSum sum) {
    queue.execute(
        () -> {
          Floats x = floats(sum.x());
          new ChannelPass(
                  loops.sums(sum.dy().isPresent()),
                  sum,
                  x,
                  sum.dy().map(CpuSession::floats).orElse(x),
                  floats(sum.out()))
              .run(pool, scratch);
        });
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return queue.fence();
  }

  @Override
  protected void runHost(Op op, Direction direction, List<FloatBuffer> inputs, FloatBuffer out) {
    queue.await();
    // On the caller's own thread: handing over to the queue would only cost time.
    compute(
        op, direction, inputs.stream().map(Floats::of).toList(), Floats.of(out), out.remaining());
  }

  private void compute(Op op, Direction direction, List<Floats> inputs, Floats out, long count) {
    if (!op.fusion().isNone()) {
      new FusedPass(
              loops,
              op,
              direction,
              inputs.get(0),
              inputs.stream().skip(1).findFirst(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              out)
          .run(pool, scratch, count);
      return;
    }
    Operands operands = new Operands(inputs.get(0), inputs.get(inputs.size() - 1), out);
    if (op.formula().shape() == Formula.Shape.POINTWISE) {
      Loop loop = loops.pointwise(op.formula(), direction);
      new PointwisePass(List.of(new PointwisePass.Step(loop, operands)), op.activation().floats())
          .run(pool, scratch, count);
    } else {
      RowLoops rows = loops.overAxis(op.formula(), direction);
      new RowPass(rows, op.activation().floats(), operands, op.rows(count)).run(pool, scratch);
    }
  }

  /** Both functions take a chunk before the next one: it is read from memory once. */
  private void computeBoth(Launch launch) {
    Formula formula = launch.op().formula();
    Slice x = launch.inputs().get(0);
    Slice slope = launch.outputs().get(1);
    Floats in = floats(x);
    PointwisePass.Step value =
        new PointwisePass.Step(
            loops.pointwise(formula, Direction.FORWARD),
            new Operands(in, in, floats(launch.outputs().get(0))));
    PointwisePass.Step derivative =
        new PointwisePass.Step(
            loops.pointwise(formula, Direction.DERIVATIVE), new Operands(in, in, floats(slope)));
    // The one that overwrites the input comes last.
    boolean slopeLast = slope.memory() == x.memory() && slope.offset() == x.offset();
    new PointwisePass(
            slopeLast ? List.of(value, derivative) : List.of(derivative, value),
            launch.op().activation().floats())
        .run(pool, scratch, launch.count());
  }

  private static Floats floats(Slice slice) {
    return ((HostMemory) slice.memory()).from(slice.offset());
  }

  @Override
  protected void release() {
    queue.close();
    pool.close();
  }
}
