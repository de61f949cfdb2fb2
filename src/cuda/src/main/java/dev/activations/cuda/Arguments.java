package dev.activations.cuda;

import dev.activations.api.Dtype;
import dev.activations.spi.Slice;
import java.nio.ByteBuffer;
import java.util.List;
import jcuda.Pointer;

/**
 * The arguments of a launch, in memory that the driver reads while it takes the launch: a table of
 * addresses, and the values they point to. Written in place, so that a launch costs half a
 * microsecond where JCuda's nested pointers cost six.
 */
final class Arguments {
  private static final int SLOTS = 32;
  private static final int VALUES = SLOTS * Long.BYTES;

  private final HostMemory memory;
  private final ByteBuffer bytes;
  private int next;

  private Arguments(HostMemory memory) {
    this.memory = memory;
    this.bytes = memory.bytes(2 * VALUES);
    for (int slot = 0; slot < SLOTS; slot++) {
      bytes.putLong(slot * Long.BYTES, memory.address() + at(slot));
    }
  }

  /** Allocates room for the arguments of one launch at a time, in the current context. */
  static Arguments allocate() {
    return new Arguments(HostMemory.allocate(2 * VALUES));
  }

  /** Begins anew with the buffers of a pass, each with its offset: inputs, then outputs. */
  Arguments slices(List<Slice> slices) {
    next = 0;
    slices.forEach(this::add);
    return this;
  }

  Arguments add(long[] values) {
    for (long value : values) {
      add(value);
    }
    return this;
  }

  Arguments add(long value) {
    bytes.putLong(at(next++), value);
    return this;
  }

  /** Adds numbers, rounded to a type. */
  Arguments add(Dtype dtype, double[] values) {
    for (double value : values) {
      add(dtype, value);
    }
    return this;
  }

  private Arguments add(Dtype dtype, double value) {
    if (dtype == Dtype.F64) {
      bytes.putDouble(at(next++), value);
    } else {
      bytes.putFloat(at(next++), (float) value);
    }
    return this;
  }

  /** Returns what {@code cuLaunchKernel} takes. */
  Pointer table() {
    return memory;
  }

  /** Gives the room back to the current context. */
  void release() {
    memory.release();
  }

  private Arguments add(Slice slice) {
    return add(((DeviceMemory) slice.memory()).address()).add(slice.offset());
  }

  private static int at(int slot) {
    return VALUES + slot * Long.BYTES;
  }
}
