package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.Runs;
import dev.activations.spi.Slice;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
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
        () ->
            compute(
                launch.op(),
                launch.direction(),
                launch.inputs().stream().map(CpuSession::floats).toList(),
                launch.outputs().stream().map(CpuSession::floats).toList(),
                launch.count(),
                launch.runs()));
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return queue.fence();
  }

  @Override
  protected void runHost(Pass pass, List<FloatBuffer> inputs, List<FloatBuffer> outputs) {
    queue.await();
    // On the caller's own thread: handing over to the queue would only cost time.
    compute(
        pass.op(),
        pass.direction(),
        pass.inputs(inputs, CpuSession::from).stream().map(Floats::of).toList(),
        pass.outputs(outputs, CpuSession::from).stream().map(Floats::of).toList(),
        pass.count(),
        pass.runs());
  }

  private static FloatBuffer from(FloatBuffer buffer, long offset) {
    return buffer.slice((int) offset, buffer.limit() - (int) offset);
  }

  private void compute(
      Op op,
      Direction direction,
      List<Floats> inputs,
      List<Floats> outputs,
      long count,
      Runs runs) {
    Formula formula = op.formula();
    switch (formula.shape()) {
      case POINTWISE -> pointwise(op, direction, inputs, outputs, count);
      case OVER_AXIS -> {
        if (formula != Kind.SOFTMAX) {
          throw new AssertionError("no loops over an axis for " + formula);
        }
        new RowPass(loops.softmax(direction), operands(inputs, outputs.get(0)), op.rows(count))
            .run(pool, scratch);
      }
      case GATED -> {
        boolean backward = direction == Direction.BACKWARD;
        List<Floats> in = new ArrayList<>(inputs);
        in.replaceAll(each -> new InRuns(each, 0, runs));
        if (backward) {
          in.set(2, inputs.get(2));
        }
        List<Floats> out = new ArrayList<>(outputs);
        if (backward) {
          out.replaceAll(each -> new InRuns(each, 0, runs));
        }
        new GatedPass(loops, op.activation().kind(), op.activation().floats())
            .run(pool, scratch, direction, in, out, count);
      }
      case PIECES -> {
        Floats out = outputs.get(0);
        if (formula == Kind.MAXOUT) {
          new MaxoutPass(loops, runs).run(pool, scratch, direction, inputs, out, count);
        } else {
          new CreluPass(loops, runs).run(pool, scratch, direction, inputs, out, count);
        }
      }
    }
  }

  /** Both functions of one pass take a chunk before the next one: it is read from memory once. */
  private void pointwise(
      Op op, Direction direction, List<Floats> inputs, List<Floats> outputs, long count) {
    List<PointwisePass.Step> steps = new ArrayList<>();
    steps.add(
        new PointwisePass.Step(
            loops.pointwise(op.formula(), direction), operands(inputs, outputs.get(0))));
    if (outputs.size() > 1) {
      Operands slope = operands(inputs, outputs.get(1));
      // The one that overwrites the input comes last.
      steps.add(
          slope.out().equals(slope.first()) ? 1 : 0,
          new PointwisePass.Step(loops.pointwise(op.formula(), Direction.DERIVATIVE), slope));
    }
    new PointwisePass(steps, op.activation().floats()).run(pool, scratch, count);
  }

  private static Operands operands(List<Floats> inputs, Floats out) {
    return new Operands(inputs.get(0), inputs.get(inputs.size() - 1), out);
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
