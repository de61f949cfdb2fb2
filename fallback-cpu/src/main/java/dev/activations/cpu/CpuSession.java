package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.Runs;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import java.nio.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A session on the host's own processor. Works in the host's memory, without copies. */
final class CpuSession extends Session {
  /** Elements of an array in {@link HostMemory}: 256 MiB. */
  static final int SEGMENT = 1 << 26;

  private final Arithmetic<float[]> floats;
  private final Arithmetic<double[]> doubles;
  private final int segment;
  private final Pool pool;
  private final Scratch[] scratch;
  private final WorkQueue queue = new WorkQueue();

  CpuSession(CpuDevice device, Loops loops, int threads, int segment) {
    super(device);
    this.floats = Arithmetic.ofFloats(loops);
    this.doubles = Arithmetic.ofDoubles(loops);
    this.segment = segment;
    this.pool = new Pool(threads);
    this.scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
  }

  @Override
  protected Memory allocateMemory(Dtype dtype, long count) {
    return new HostMemory(dtype, count, segment, this::afterPendingWork);
  }

  private void afterPendingWork(Runnable work) {
    if (queue.isIdle()) {
      work.run();
    } else {
      queue.execute(work);
    }
  }

  @Override
  protected void writeMemory(Buffer from, Slice to) {
    queue.await();
    write(((HostMemory) to.memory()).storage(), from, to);
  }

  @Override
  protected void readMemory(Slice from, Buffer to) {
    queue.await();
    read(((HostMemory) from.memory()).storage(), from, to);
  }

  private <A> void write(Storage<A> storage, Buffer from, Slice to) {
    copy(storage, storage.of(from), elements(storage, to), from.remaining());
  }

  private <A> void read(Storage<A> storage, Slice from, Buffer to) {
    copy(storage, elements(storage, from), storage.of(to), to.remaining());
  }

  private <A> void copy(Storage<A> storage, Elements<A> from, Elements<A> to, long count) {
    pool.run(
        (count + Scratch.TILE - 1) / Scratch.TILE,
        (worker, part) -> {
          long at = part * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - at);
          A array = from.array(at, length);
          if (array != null) {
            to.put(at, array, from.position(at), length);
          } else {
            A tile = scratch[worker].first(storage);
            from.get(at, tile, 0, length);
            to.put(at, tile, 0, length);
          }
        });
  }

  @Override
  protected void enqueue(Launch launch) {
    queue.execute(
        () -> {
          if (launch.dtype() == Dtype.F64) {
            compute(
                doubles,
                launch.op(),
                launch.direction(),
                elements(Storage.DOUBLES, launch.inputs()),
                elements(Storage.DOUBLES, launch.outputs()),
                launch.count(),
                launch.runs(),
                channels(Storage.DOUBLES, launch.biases()));
          } else {
            compute(
                floats,
                launch.op(),
                launch.direction(),
                elements(Storage.FLOATS, launch.inputs()),
                elements(Storage.FLOATS, launch.outputs()),
                launch.count(),
                launch.runs(),
                channels(Storage.FLOATS, launch.biases()));
          }
        });
  }

  @Override
  protected void enqueue(StoragePass pass) {
    queue.execute(() -> new StorageLoops(pass).run(pool, scratch));
  }

  @Override
  protected void enqueue(Fused pass) {
    queue.execute(
        () -> {
          if (pass.dtype() == Dtype.F64) {
            fused(doubles, pass);
          } else {
            fused(floats, pass);
          }
        });
  }

  private <A> void fused(Arithmetic<A> arithmetic, Fused pass) {
    Storage<A> storage = arithmetic.storage();
    new FusedPass<>(
            arithmetic,
            pass.op(),
            pass.direction(),
            elements(storage, pass.x()),
            pass.dy().map(slice -> elements(storage, slice)),
            pass.bias().map(each -> channels(storage, each)),
            pass.weight().map(each -> channels(storage, each)),
            pass.residual().map(slice -> elements(storage, slice)),
            elements(storage, pass.out()))
        .run(pool, scratch, pass.count());
  }

  private static <A> List<Channels<A>> channels(Storage<A> storage, List<Fused.Channels> channels) {
    return channels.stream().map(each -> channels(storage, each)).toList();
  }

  private static <A> Channels<A> channels(Storage<A> storage, Fused.Channels channels) {
    return new Channels<>(elements(storage, channels.values()), channels.count(), channels.inner());
  }

  @Override
  protected void enqueue(ChannelSum sum) {
    queue.execute(
        () -> {
          if (sum.dtype() == Dtype.F64) {
            sum(doubles, sum);
          } else {
            sum(floats, sum);
          }
        });
  }

  private <A> void sum(Arithmetic<A> arithmetic, ChannelSum sum) {
    Storage<A> storage = arithmetic.storage();
    Elements<A> x = elements(storage, sum.x());
    Elements<A> dy = sum.dy().map(slice -> elements(storage, slice)).orElse(x);
    Operands<A> operands = new Operands<>(storage, x, dy, elements(storage, sum.out()));
    new ChannelPass<>(arithmetic, sum, operands).run(pool, scratch);
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return queue.fence();
  }

  @Override
  protected void runHost(
      Pass pass, Dtype dtype, List<? extends Buffer> inputs, List<? extends Buffer> outputs) {
    if (dtype.isStorage()) {
      super.runHost(pass, dtype, inputs, outputs);
      return;
    }
    queue.await();
    // On the caller's own thread: handing over to the queue would only cost time.
    if (dtype == Dtype.F64) {
      compute(
          doubles,
          pass.op(),
          pass.direction(),
          Storage.DOUBLES.of(pass.inputs(inputs, CpuSession::from)),
          Storage.DOUBLES.of(pass.outputs(outputs, CpuSession::from)),
          pass.count(),
          pass.runs(),
          List.of());
    } else {
      compute(
          floats,
          pass.op(),
          pass.direction(),
          Storage.FLOATS.of(pass.inputs(inputs, CpuSession::from)),
          Storage.FLOATS.of(pass.outputs(outputs, CpuSession::from)),
          pass.count(),
          pass.runs(),
          List.of());
    }
  }

  private static Buffer from(Buffer buffer, long offset) {
    return buffer.slice((int) offset, buffer.limit() - (int) offset);
  }

  private <A> void compute(
      Arithmetic<A> arithmetic,
      Op op,
      Direction direction,
      List<Elements<A>> inputs,
      List<Elements<A>> outputs,
      long count,
      Runs runs,
      List<Channels<A>> biases) {
    Elements<A> out = outputs.get(0);
    if (op.isFused()) {
      fused(arithmetic, op, direction, inputs, out).run(pool, scratch, count);
      return;
    }
    switch (op.formula().shape()) {
      case POINTWISE ->
          new PointwisePass<>(arithmetic.steps(op, direction, inputs, outputs))
              .run(pool, scratch, count);
      case OVER_AXIS ->
          new RowPass<>(
                  arithmetic.rows().apply(op.formula(), direction),
                  op.activation().doubles(),
                  rowOperands(arithmetic, op, direction, inputs, out),
                  op.rows(count))
              .run(pool, scratch);
      case GATED ->
          new GatedPass<>(arithmetic, op.activation(), runs, biases)
              .run(pool, scratch, direction, inputs, outputs, count);
      case PIECES -> {
        if (op.formula() == Kind.MAXOUT) {
          new MaxoutPass<>(arithmetic, runs).run(pool, scratch, direction, inputs, out, count);
        } else {
          new CreluPass<>(arithmetic, runs).run(pool, scratch, direction, inputs, out, count);
        }
      }
    }
  }

  /** The second stream of a pass over rows may be drawn. */
  private static <A> Operands<A> rowOperands(
      Arithmetic<A> arithmetic,
      Op op,
      Direction direction,
      List<Elements<A>> inputs,
      Elements<A> out) {
    if (!op.drawsNoise() || direction != Direction.FORWARD) {
      return arithmetic.operands(inputs, out);
    }
    Draws<A> noise = new Draws<>(arithmetic.drawing(), op.fusion());
    return new Operands<>(arithmetic.storage(), inputs.get(0), noise, out);
  }

  /** A pass that reads nothing but its input and gradient. */
  private static <A> FusedPass<A> fused(
      Arithmetic<A> arithmetic,
      Op op,
      Direction direction,
      List<Elements<A>> inputs,
      Elements<A> out) {
    return new FusedPass<>(
        arithmetic,
        op,
        direction,
        inputs.get(0),
        inputs.stream().skip(1).findFirst(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        out);
  }

  private static <A> List<Elements<A>> elements(Storage<A> storage, List<Slice> slices) {
    return slices.stream().map(slice -> elements(storage, slice)).toList();
  }

  private static <A> Elements<A> elements(Storage<A> storage, Slice slice) {
    return ((HostMemory) slice.memory()).from(slice.offset(), storage);
  }

  @Override
  protected void release() {
    queue.close();
    pool.close();
  }
}
