package dev.activations.verify;

import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Runs;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import dev.activations.verify.FusedDefinition.Values;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The definition behind the API, in a few lines, and a place to make mistakes on purpose. */
class ToyDevice implements Device {
  @Override
  public String id() {
    return "toy";
  }

  @Override
  public String backend() {
    return "toy";
  }

  @Override
  public String name() {
    return getClass().getSimpleName();
  }

  @Override
  public Type type() {
    return Type.CPU;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public Optional<String> caveat() {
    return Optional.empty();
  }

  @Override
  public Optional<Finding> obstacle(Dtype dtype) {
    return dtype == Dtype.F32
        ? Optional.empty()
        : Optional.of(Finding.unusable("toy", "toy", name(), "A toy has floats.", "Buy another."));
  }

  @Override
  public Session open() {
    return new ToySession();
  }

  /** Computes; mutants override this. */
  float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
    return Definition.run(op, direction, saved, dy);
  }

  /** Computes with what is fused; mutants override this. */
  float[] fused(Op op, Direction direction, float[] x, float[] dy, Values values) {
    return FusedDefinition.run(op, direction, x, dy, values);
  }

  /** Adds up channels; mutants override this. */
  float[] sums(float[] x, Optional<float[]> dy, int channels, int inner) {
    return FusedDefinition.sums(x, dy, channels, inner);
  }

  /** Where a launch reads and writes; mutants override this. */
  int offset(Slice slice) {
    return (int) slice.offset();
  }

  /** Stores a result; mutants override this. */
  void store(float[] result, float[] memory, int offset) {
    System.arraycopy(result, 0, memory, offset, result.length);
  }

  private record ToyMemory(float[] values) implements Memory {
    @Override
    public void free() {}
  }

  private final class ToySession extends Session {
    ToySession() {
      super(ToyDevice.this);
    }

    @Override
    protected Memory allocateMemory(Dtype dtype, long count) {
      return new ToyMemory(new float[(int) count]);
    }

    @Override
    protected void writeMemory(Buffer from, Slice to) {
      ((FloatBuffer) from).get(values(to), (int) to.offset(), from.remaining());
    }

    @Override
    protected void readMemory(Slice from, Buffer to) {
      ((FloatBuffer) to).put(values(from), (int) from.offset(), to.remaining());
    }

    @Override
    protected void enqueue(Launch launch) {
      if (launch.op().formula().shape() == Formula.Shape.GATED
          || launch.op().formula().shape() == Formula.Shape.PIECES) {
        pieces(launch);
        return;
      }
      float[] saved = read(launch.inputs().get(0), launch.count());
      float[] last = read(launch.inputs().get(launch.inputs().size() - 1), launch.count());
      float[] result = compute(launch.op(), launch.direction(), saved, last);
      launch.outputs().stream()
          .skip(1)
          .forEach(
              slope ->
                  store(
                      compute(launch.op(), Direction.DERIVATIVE, saved, last),
                      values(slope),
                      offset(slope)));
      Slice out = launch.outputs().get(0);
      store(result, values(out), offset(out));
    }

    /** The pieces of what is packed go one after the other, and the definition does the rest. */
    private void pieces(Launch launch) {
      boolean forward = launch.direction() == Direction.FORWARD;
      Op op = launch.op();
      int in = op.piecesIn();
      int out = op.piecesOut();
      boolean gated = op.formula().shape() == Formula.Shape.GATED;
      List<Slice> inputs = launch.inputs();
      float[] saved =
          gated
              ? side(launch, inputs.get(0), inputs.get(1))
              : side(launch, pieces(inputs.get(0), in, launch));
      for (int i = 0; i < saved.length && !launch.biases().isEmpty(); i++) {
        Fused.Channels bias = launch.biases().get((int) (i / launch.count()));
        int channel = (int) (i % launch.count() / bias.inner() % bias.count());
        saved[i] = Fusing.add(saved[i], read(bias)[channel]);
      }
      float[] dy =
          forward ? saved : side(launch, pieces(inputs.get(inputs.size() - 1), out, launch));
      Op row = Op.of(op.activation()).over(Geometry.rows(1, saved.length));
      float[] result =
          compute(gated ? row.gatedBy(Half.FIRST) : row, launch.direction(), saved, dy);
      Slice first = launch.outputs().get(0);
      Slice[] outputs =
          gated
              ? launch.outputs().toArray(new Slice[0])
              : pieces(first, forward ? out : in, launch);
      int count = (int) launch.count();
      for (int piece = 0; piece < outputs.length; piece++) {
        for (int i = 0; i < count; i++) {
          int place = offset(outputs[piece]) + place(i, launch, outputs.length);
          values(outputs[piece])[place] = result[piece * count + i];
        }
      }
    }

    private Slice[] pieces(Slice packed, int count, Launch launch) {
      Slice[] pieces = new Slice[count];
      Arrays.setAll(pieces, i -> packed.from(i * launch.runs().width()));
      return pieces;
    }

    private float[] side(Launch launch, Slice... pieces) {
      int count = (int) launch.count();
      float[] side = new float[pieces.length * count];
      for (int i = 0; i < side.length; i++) {
        Slice piece = pieces[i / count];
        side[i] = values(piece)[offset(piece) + place(i % count, launch, pieces.length)];
      }
      return side;
    }

    /** What is one piece lies side by side. */
    private int place(int i, Launch launch, int pieces) {
      Runs runs = launch.runs();
      return pieces == 1 ? i : (int) (i / runs.width() * runs.stride() + i % runs.width());
    }

    @Override
    protected void enqueue(StoragePass pass) {
      throw new AssertionError("a toy of float32 only");
    }

    @Override
    protected void enqueue(Fused pass) {
      float[] x = read(pass.x(), pass.count());
      float[] result =
          fused(
              pass.op(),
              pass.direction(),
              x,
              pass.dy().map(dy -> read(dy, pass.count())).orElse(x),
              new Values(
                  pass.bias().map(this::read).orElse(x),
                  pass.weight().map(this::read).orElse(x),
                  pass.residual().map(added -> read(added, pass.count())).orElse(x)));
      store(result, values(pass.out()), offset(pass.out()));
    }

    @Override
    protected void enqueue(ChannelSum sum) {
      long count = sum.terms() * sum.channels();
      float[] result =
          sums(
              read(sum.x(), count),
              sum.dy().map(dy -> read(dy, count)),
              (int) sum.channels(),
              (int) Math.max(1, sum.inner()));
      store(result, values(sum.out()), offset(sum.out()));
    }

    private float[] read(Fused.Channels channels) {
      return read(channels.values(), channels.count());
    }

    @Override
    protected CompletableFuture<Void> enqueueFence() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    protected void release() {}

    private float[] read(Slice slice, long count) {
      float[] copy = new float[(int) count];
      System.arraycopy(values(slice), offset(slice), copy, 0, copy.length);
      return copy;
    }

    private static float[] values(Slice slice) {
      return ((ToyMemory) slice.memory()).values();
    }
  }
}
