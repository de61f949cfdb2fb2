package dev.activations.files;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Nothing but elements, row-major. */
final class Raw {
  private Raw() {}

  static TensorReader reader(Input in, ReadOptions options) throws IOException {
    RawLayout raw =
        options
            .raw()
            .orElseThrow(
                () -> in.wrong("a raw file does not say what it holds; give --dtype and --shape"));
    List<BigInteger> sizes = LongStream.of(raw.shape()).mapToObj(BigInteger::valueOf).toList();
    long[] shape = Layout.shape(in, sizes, raw.type());
    Layout layout = new Layout(shape, raw.type(), raw.order(), false);
    return new ElementReader(in, layout, Optional.empty(), options.as(), 0);
  }

  static TensorWriter writer(WritableByteChannel to, String file, Tensor tensor)
      throws IOException {
    return new ElementWriter(to, new byte[0], tensor, tensor.order());
  }
}
