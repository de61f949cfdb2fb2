package dev.activations.files;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Reads elements that lie in a file as they do in memory, of any {@link Layout}. */
final class ElementReader implements TensorReader {
  private static final int CHUNK = 1 << 16;

  private final Input in;
  private final Layout layout;
  private final Optional<String> name;
  private final Dtype dtype;
  private final long after;
  private final long count;
  private ColumnMajor columns;
  private long done;

  /**
   * Reads from where the input stands.
   *
   * @param name the tensor's name, where the format gives one
   * @param as the type to convert the elements to, if not their own
   * @param after how many bytes follow the elements
   * @throws InputException if the input is known to be shorter or longer, or its elements are no
   *     floating-point numbers and are not asked for as such
   */
  ElementReader(Input in, Layout layout, Optional<String> name, Optional<Dtype> as, long after)
      throws IOException {
    this.in = in;
    this.layout = layout;
    this.name = name;
    this.after = after;
    dtype =
        as.or(layout.type()::dtype)
            .orElseThrow(
                () ->
                    in.wrong(
                        "expected dtype float16, bfloat16, float32 or float64, got %s;"
                            + " convert it with --as float32",
                        layout.type().label()));
    count = layout.count();
    checkLength();
    if (count == 0) {
      checkEnd();
    }
  }

  @Override
  public Optional<String> name() {
    return name;
  }

  @Override
  public long[] shape() {
    return layout.shape().clone();
  }

  @Override
  public Dtype dtype() {
    return dtype;
  }

  @Override
  public void read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return;
    }
    if (layout.type().dtype().equals(Optional.of(dtype))) {
      stored(target);
    } else {
      converted(target.duplicate().order(ByteOrder.nativeOrder()));
    }
    done += target.remaining() / dtype.bytes();
    if (done == count) {
      checkEnd();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Fills the target with elements as they are stored, but in the native byte order. */
  private void stored(ByteBuffer target) throws IOException {
    if (layout.columnMajor()) {
      if (columns == null) {
        columns = new ColumnMajor(in, layout);
      }
      columns.read(target);
    } else if (!in.fill(target.duplicate())) {
      throw truncated(in.position());
    }
    if (layout.order() != ByteOrder.nativeOrder()) {
      ByteOrders.reverse(target, layout.type().bytes());
    }
  }

  private void converted(ByteBuffer target) throws IOException {
    int bytes = layout.type().bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.nativeOrder());
    while (target.hasRemaining()) {
      int elements = Math.min(CHUNK / bytes, target.remaining() / dtype.bytes());
      stored(chunk.clear().limit(elements * bytes));
      for (int at = 0; at < chunk.limit(); at += bytes) {
        if (dtype == Dtype.F32) {
          target.putFloat(layout.type().toFloat(chunk, at));
        } else {
          target.putDouble(layout.type().toDouble(chunk, at));
        }
      }
    }
  }

  private void checkLength() {
    if (in.remaining().isEmpty()) {
      return;
    }
    long there = in.remaining().getAsLong() - after;
    if (there < layout.bytes()) {
      throw truncated(in.position() + in.remaining().getAsLong());
    }
    if (there > layout.bytes()) {
      throw trailing("got " + there);
    }
  }

  /** Those that come through a pipe have no length before. */
  private void checkEnd() throws IOException {
    if (layout.columnMajor() && count > 0) {
      return;
    }
    if (!in.skip(after)) {
      throw truncated(in.position());
    }
    if (in.fill(ByteBuffer.allocate(1))) {
      throw trailing("got more");
    }
  }

  private InputException trailing(String came) {
    return in.wrong(
        "trailing bytes: expected %d bytes of elements, as its shape says, %s",
        layout.bytes(), came);
  }

  private InputException truncated(long there) {
    return in.wrong(
        "truncated: expected %d elements of %d bytes, as its shape says, but the file has %d bytes",
        count, layout.type().bytes(), there);
  }
}
