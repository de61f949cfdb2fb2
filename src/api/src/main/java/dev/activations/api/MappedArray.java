package dev.activations.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.channels.FileChannel;

/**
 * Elements in a file, which are mapped as they are looked at.
 *
 * @param position where in the file they begin, in bytes
 */
record MappedArray(
    FileChannel file, FileChannel.MapMode mode, long position, Dtype dtype, long... shape)
    implements HostArray {

  @Override
  public Buffer elements(long from, int count) {
    long size = dtype.bytes();
    try {
      return HostArray.view(dtype, file.map(mode, position + from * size, count * size));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
