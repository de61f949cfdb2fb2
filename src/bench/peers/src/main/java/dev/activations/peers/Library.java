package dev.activations.peers;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/** The libraries that are compared. */
public enum Library {
  /** This one, on the CPU with SIMD. */
  ACTIVATIONS(Ours::new),
  /** PyTorch's C++ library, its functions that write into a given tensor. */
  LIBTORCH(Libtorch::new),
  /** ONNX Runtime, a graph of one node, which writes into a given tensor. Has no backward. */
  ONNXRUNTIME(OnnxRuntime::new);

  private final IntFunction<Peer> maker;

  Library(IntFunction<Peer> maker) {
    this.maker = maker;
  }

  /** Loads the library, which is to use so many threads. */
  Peer open(int threads) {
    return maker.apply(threads);
  }

  /** A library that was loaded. */
  interface Peer extends AutoCloseable {
    /**
     * Prepares a pass over direct buffers in the native order, out of place.
     *
     * @param x the input
     * @param dy the gradient, read by a backward pass
     * @return the pass; each run computes all of {@code out}
     * @throws UnsupportedOperationException if the library has no such pass
     */
    Runnable pass(Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out);

    @Override
    void close();

    /** What to throw where there is no such pass. */
    static UnsupportedOperationException unsupported(Kind kind, Direction direction) {
      return new UnsupportedOperationException(
          "has no %s %s".formatted(kind.stem(), direction.stem()));
    }
  }
}
