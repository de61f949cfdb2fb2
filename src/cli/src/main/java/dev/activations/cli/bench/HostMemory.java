package dev.activations.cli.bench;

import dev.activations.api.Dtype;
import dev.activations.api.HostArray;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Direct buffers for the data of one pass after the other. */
final class HostMemory {
  /** What a direct buffer can hold. */
  static final long MOST = Integer.MAX_VALUE;

  private final List<ByteBuffer> buffers = new ArrayList<>();

  /**
   * An array in such a buffer.
   *
   * @param bytes from the first element to the last
   */
  record Elements(Dtype dtype, ByteBuffer bytes) implements HostArray {
    @Override
    public long[] shape() {
      return new long[] {bytes.capacity() / dtype.bytes()};
    }

    @Override
    public Buffer elements(long from, int count) {
      int size = dtype.bytes();
      return HostArray.view(dtype, bytes.slice((int) from * size, count * size));
    }
  }

  /** Returns bytes that are used until this is called again. What is in them is undefined. */
  List<ByteBuffer> bytes(LongStream sizes) {
    List<ByteBuffer> taken = new ArrayList<>();
    for (long size : sizes.toArray()) {
      int at = taken.size();
      if (at == buffers.size()) {
        buffers.add(ByteBuffer.allocateDirect(0));
      }
      if (buffers.get(at).capacity() < size) {
        buffers.set(at, ByteBuffer.allocateDirect(Math.toIntExact(size)));
      }
      taken.add(buffers.get(at).slice(0, (int) size));
    }
    return taken;
  }
}
