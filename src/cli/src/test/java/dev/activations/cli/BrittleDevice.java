package dev.activations.cli;

import dev.activations.api.Device;
import dev.activations.api.DeviceException;
import dev.activations.api.Dtype;
import dev.activations.api.Session;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device that copies its input, and breaks at a given pass.
 *
 * @param passes the number of passes that it survives
 * @param caveat its caveat
 * @param fences how often it was waited for
 */
public record BrittleDevice(int passes, Optional<String> caveat, AtomicInteger fences)
    implements Device {

  /** A device that nobody has waited for. */
  public BrittleDevice(int passes, Optional<String> caveat) {
    this(passes, caveat, new AtomicInteger());
  }

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
    return "glass";
  }

  @Override
  public Type type() {
    return Type.ACCELERATOR;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of("memory", "none");
  }

  @Override
  public Session open() {
    return new Copying(this);
  }

  private static final class Copying extends Session {
    private final AtomicInteger fences;
    private int left;

    Copying(BrittleDevice device) {
      super(device);
      fences = device.fences();
      left = device.passes();
    }

    private record Cells(float[] values) implements Memory {
      @Override
      public void free() {
        // The garbage collector does.
      }
    }

    private static FloatBuffer at(Slice slice, long count) {
      return FloatBuffer.wrap(((Cells) slice.memory()).values(), (int) slice.offset(), (int) count);
    }

    @Override
    protected Memory allocateMemory(Dtype dtype, long count) {
      return new Cells(new float[Math.toIntExact(count)]);
    }

    @Override
    protected void writeMemory(Buffer from, Slice to) {
      at(to, from.remaining()).put((FloatBuffer) from);
    }

    @Override
    protected void readMemory(Slice from, Buffer to) {
      ((FloatBuffer) to).put(at(from, to.remaining()));
    }

    @Override
    protected void enqueue(Launch launch) {
      bear();
      at(launch.outputs().get(0), launch.count()).put(at(launch.inputs().get(0), launch.count()));
    }

    private void bear() {
      if (left-- == 0) {
        throw new DeviceException("shatter", -5, "OUT_OF_GLASS", "use steel");
      }
    }

    @Override
    protected void enqueue(StoragePass pass) {
      throw new AssertionError("only float32 is tried");
    }

    @Override
    protected void enqueue(Fused pass) {
      bear();
      throw new UnsupportedOperationException("it can break, but not fuse");
    }

    @Override
    protected void enqueue(ChannelSum sum) {
      throw new UnsupportedOperationException("it sums nothing");
    }

    @Override
    protected CompletableFuture<Void> enqueueFence() {
      fences.incrementAndGet();
      return CompletableFuture.completedFuture(null);
    }

    @Override
    protected void release() {
      // Nothing is held.
    }
  }
}
