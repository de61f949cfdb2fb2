package dev.activations.cpu;

import dev.activations.api.Dtype;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What the host keeps elements in. All that moves elements is written once, for arrays {@code A};
 * only loops look inside.
 *
 * @param arrays the class of the arrays
 * @param allocate makes an array of a length
 * @param view shows the elements of a buffer that has no array
 * @param copy copies a few elements, one by one: a call of System.arraycopy would take longer
 * @param strided copies elements that do not lie side by side
 */
record Storage<A>(
    Class<A> arrays,
    IntFunction<A> allocate,
    Function<Buffer, Elements<A>> view,
    Copy<A> copy,
    Strided<A> strided) {

  /** Copies elements between arrays. */
  interface Copy<A> {
    void run(A from, int fromAt, A to, int toAt, int count);
  }

  /** Copies {@code count} elements, each some places after the one before. */
  interface Strided<A> {
    void run(A from, int fromAt, int fromStep, A to, int toAt, int toStep, int count);
  }

  static final Storage<float[]> FLOATS =
      new Storage<>(
          float[].class,
          float[]::new,
          buffer -> {
            FloatBuffer floats = (FloatBuffer) buffer;
            boolean isNative = floats.isDirect() && floats.order() == ByteOrder.nativeOrder();
            return new Elements.OfBuffer<>(floats::get, floats::put, isNative ? floats : null);
          },
          (from, fromAt, to, toAt, count) -> {
            for (int i = 0; i < count; i++) {
              to[toAt + i] = from[fromAt + i];
            }
          },
          (from, fromAt, fromStep, to, toAt, toStep, count) -> {
            for (int i = 0; i < count; i++) {
              to[toAt + i * toStep] = from[fromAt + i * fromStep];
            }
          });

  static final Storage<double[]> DOUBLES =
      new Storage<>(
          double[].class,
          double[]::new,
          buffer -> {
            DoubleBuffer doubles = (DoubleBuffer) buffer;
            return new Elements.OfBuffer<>(doubles::get, doubles::put, null);
          },
          (from, fromAt, to, toAt, count) -> {
            for (int i = 0; i < count; i++) {
              to[toAt + i] = from[fromAt + i];
            }
          },
          (from, fromAt, fromStep, to, toAt, toStep, count) -> {
            for (int i = 0; i < count; i++) {
              to[toAt + i * toStep] = from[fromAt + i * fromStep];
            }
          });

  static final Storage<short[]> SHORTS =
      new Storage<>(
          short[].class,
          short[]::new,
          buffer -> {
            ShortBuffer shorts = (ShortBuffer) buffer;
            return new Elements.OfBuffer<>(shorts::get, shorts::put, null);
          },
          System::arraycopy,
          (from, fromAt, fromStep, to, toAt, toStep, count) -> {
            for (int i = 0; i < count; i++) {
              to[toAt + i * toStep] = from[fromAt + i * fromStep];
            }
          });

  /** Returns what holds elements of a type. */
  static Storage<?> of(Dtype dtype) {
    return switch (dtype) {
      case F32 -> FLOATS;
      case F64 -> DOUBLES;
      case F16, BF16 -> SHORTS;
    };
  }

  /** Returns the elements of a buffer, from 0 to its limit. */
  Elements<A> of(Buffer buffer) {
    return buffer.hasArray()
        ? new Elements.OfArray<>(arrays.cast(buffer.array()), buffer.arrayOffset())
        : view.apply(buffer);
  }

  /** Returns the elements of each buffer. */
  List<Elements<A>> of(List<? extends Buffer> buffers) {
    List<Elements<A>> elements = new ArrayList<>(buffers.size());
    for (Buffer buffer : buffers) {
      elements.add(of(buffer));
    }
    return elements;
  }
}
