package dev.activations.api;

import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Records what reaches the back end; its only arithmetic is to negate what it is given. */
class Recorded extends Session {
  final List<Launch> launches = new ArrayList<>();
  final List<StoragePass> passes = new ArrayList<>();
  final List<Fused> fused = new ArrayList<>();
  final List<ChannelSum> sums = new ArrayList<>();
  int allocated;
  int freed;
  int released;

  Recorded() {
    super(new NoDevice());
  }

  record Cells(float[] values, Runnable onFree) implements Memory {
    @Override
    public void free() {
      onFree.run();
    }
  }

  @Override
  protected Memory allocateMemory(Dtype dtype, long count) {
    allocated++;
    return new Cells(new float[Math.toIntExact(count)], () -> freed++);
  }

  @Override
  protected void writeMemory(Buffer from, Slice to) {
    if (from instanceof FloatBuffer floats) {
      floats.get(((Cells) to.memory()).values(), (int) to.offset(), from.remaining());
    }
  }

  @Override
  protected void readMemory(Slice from, Buffer to) {
    if (to instanceof FloatBuffer floats) {
      floats.put(((Cells) from.memory()).values(), (int) from.offset(), to.remaining());
    }
  }

  @Override
  protected void enqueue(Launch launch) {
    launches.add(launch);
    if (launch.dtype() != Dtype.F32) {
      return;
    }
    Slice in = launch.inputs().get(0);
    Slice out = launch.outputs().get(0);
    for (long i = 0; i < launch.count(); i++) {
      ((Cells) out.memory()).values()[(int) (out.offset() + i)] =
          -((Cells) in.memory()).values()[(int) (in.offset() + i)];
    }
  }

  @Override
  protected void enqueue(StoragePass pass) {
    passes.add(pass);
  }

  @Override
  protected void enqueue(Fused pass) {
    fused.add(pass);
  }

  @Override
  protected void enqueue(ChannelSum sum) {
    sums.add(sum);
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  protected void release() {
    released++;
  }

  private record NoDevice() implements Device {
    @Override
    public String id() {
      return "test:0";
    }

    @Override
    public String backend() {
      return "test";
    }

    @Override
    public String name() {
      return "nothing";
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
    public Session open() {
      throw new UnsupportedOperationException();
    }
  }
}
