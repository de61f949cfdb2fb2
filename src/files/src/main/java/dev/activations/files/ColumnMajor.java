package dev.activations.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Takes elements that lie in a file in column-major (Fortran) order out of it in row-major order.
 * The file is mapped: the system keeps of it what fits the memory.
 */
final class ColumnMajor {
  /** A power of two, so that no element lies across two maps. */
  private static final long MAP = 1L << 30;

  private final Input in;
  private final MappedByteBuffer[] maps;
  private final long[] shape;
  private final long[] strides;
  private final long[] index;
  private final int bytes;
  private long at;

  /** Maps all elements, from where the input stands. */
  ColumnMajor(Input in, Layout layout) throws IOException {
    this.in = in;
    shape = layout.shape();
    index = new long[shape.length];
    bytes = layout.type().bytes();
    strides = new long[shape.length];
    long stride = bytes;
    for (int axis = 0; axis < shape.length; axis++) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    try (FileChannel channel = FileChannel.open(in.file(), StandardOpenOption.READ)) {
      if (channel.size() - in.position() != layout.bytes()) {
        throw in.wrong(
            "expected %d bytes of elements, as its shape says, got %d",
            layout.bytes(), channel.size() - in.position());
      }
      maps = new MappedByteBuffer[(int) ((layout.bytes() + MAP - 1) / MAP)];
      for (int i = 0; i < maps.length; i++) {
        long from = i * MAP;
        long length = Math.min(MAP, layout.bytes() - from);
        maps[i] = channel.map(FileChannel.MapMode.READ_ONLY, in.position() + from, length);
        maps[i].order(ByteOrder.nativeOrder());
      }
    }
  }

  /** Fills the target from position to limit, and moves neither. */
  void read(ByteBuffer target) {
    ByteBuffer to = target.duplicate().order(ByteOrder.nativeOrder());
    try {
      while (to.hasRemaining()) {
        ByteBuffer map = maps[(int) (at / MAP)];
        int place = (int) (at % MAP);
        switch (bytes) {
          case 1 -> to.put(map.get(place));
          case 2 -> to.putShort(map.getShort(place));
          case 4 -> to.putInt(map.getInt(place));
          default -> to.putLong(map.getLong(place));
        }
        step();
      }
    } catch (InternalError e) {
      // What Java makes of a page that is no longer in the file.
      throw in.wrong("changed while it was read: bytes are missing");
    }
  }

  /** Goes to the next element in row-major order, which is along the last axis. */
  private void step() {
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) {
        return;
      }
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
