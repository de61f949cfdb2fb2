package dev.activations.files;

import dev.activations.api.Dtype;
import dev.activations.cpu.scalar.SmallFloats;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes a matrix as lines of numbers separated by commas, and a vector as one number a line. Each
 * number is a decimal that reads back as the same bits; NaN and infinities are {@code NaN}, {@code
 * Infinity} and {@code -Infinity}.
 */
final class CsvWriter implements TensorWriter {
  private final BufferedWriter to;
  private final Dtype dtype;
  private final long columns;
  private long column;

  CsvWriter(WritableByteChannel to, String file, Tensor tensor) {
    long[] shape = tensor.shape();
    if (shape.length > 2) {
      throw InputException.in(
          file,
          "a .csv holds a vector or a matrix, got an array of %d axes; write a .npy",
          shape.length);
    }
    this.to = new BufferedWriter(Channels.newWriter(to, StandardCharsets.UTF_8));
    this.dtype = tensor.dtype();
    this.columns = shape.length == 2 ? shape[1] : 1;
  }

  @Override
  public void write(ByteBuffer elements) throws IOException {
    ByteBuffer bytes = elements.duplicate().order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      to.write(
          switch (dtype) {
            case F32 -> Float.toString(bytes.getFloat());
            case F64 -> Double.toString(bytes.getDouble());
            case F16 -> Float.toString(SmallFloats.widenFloat16(bytes.getShort()));
            case BF16 -> Float.toString(SmallFloats.widenBfloat16(bytes.getShort()));
          });
      column++;
      to.write(column == columns ? '\n' : ',');
      if (column == columns) {
        column = 0;
      }
    }
  }

  @Override
  public void finish() throws IOException {
    to.flush();
  }
}
