package dev.activations.peers.bytedeco;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.peers.Peer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, on tensors that lie in the buffers. */
public final class Libtorch implements Peer {
  private static final Scalar ZERO = new Scalar(0.0);
  private static final Scalar ONE = new Scalar(1.0);
  private static final Scalar LEAK = new Scalar(0.01);

  /** From here on softplus is the identity. */
  private static final Scalar THRESHOLD = new Scalar(20.0);

  private static final Scalar SELU_ALPHA = new Scalar(1.6732632423543772);
  private static final Scalar SELU_SCALE = new Scalar(1.0507009873554805);

  /** Loads the library. */
  public Libtorch(int threads) {
    torch.set_num_threads(threads);
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    long[] shape = Peer.shape(kind, x.remaining());
    Tensor in = torch.from_blob(new FloatPointer(x), shape);
    Tensor to = torch.from_blob(new FloatPointer(out), shape);
    return direction == Direction.FORWARD
        ? forward(kind, in, to)
        : backward(kind, in, torch.from_blob(new FloatPointer(dy), shape), to);
  }

  private static Runnable forward(Kind kind, Tensor in, Tensor to) {
    return switch (kind) {
      case RELU -> () -> torch.relu_out(to, in).close();
      case LEAKY_RELU -> () -> torch.leaky_relu_out(to, in, LEAK).close();
      case SIGMOID -> () -> torch.sigmoid_out(to, in).close();
      case TANH -> () -> torch.tanh_out(to, in).close();
      case SOFTPLUS -> () -> torch.softplus_out(to, in).close();
      case ELU -> () -> torch.elu_out(to, in).close();
      case SELU -> () -> torch.elu_out(to, in, SELU_ALPHA, SELU_SCALE, ONE).close();
      case GELU -> () -> torch.gelu_out(to, in).close();
      case GELU_TANH -> () -> torch.gelu_out(to, in, "tanh").close();
      case SILU -> () -> torch.silu_out(to, in).close();
      case MISH -> () -> torch.mish_out(to, in).close();
      case HARD_SWISH -> () -> torch.hardswish_out(to, in).close();
      // As torch.nn.functional.softsign composes it.
      case SOFTSIGN ->
          () -> {
            torch.abs_out(to, in).close();
            to.add_(ONE);
            torch.div_out(to, in, to).close();
          };
      case SOFTMAX -> () -> torch.softmax_out(to, in, 1).close();
      default -> throw Peer.unsupported(kind, Direction.FORWARD);
    };
  }

  private static Runnable backward(Kind kind, Tensor in, Tensor gradient, Tensor to) {
    return switch (kind) {
      case RELU -> () -> torch.threshold_backward_out(to, gradient, in, ZERO).close();
      case LEAKY_RELU -> () -> torch.leaky_relu_backward_out(to, gradient, in, LEAK, false).close();
      // These two read the output.
      case SIGMOID -> {
        Tensor y = torch.sigmoid(in);
        yield () -> torch.sigmoid_backward_out(to, gradient, y).close();
      }
      case TANH -> {
        Tensor y = torch.tanh(in);
        yield () -> torch.tanh_backward_out(to, gradient, y).close();
      }
      case SOFTPLUS -> () -> torch.softplus_backward_out(to, gradient, in, ONE, THRESHOLD).close();
      case ELU -> () -> torch.elu_backward_out(to, gradient, ONE, ONE, ONE, false, in).close();
      case SELU ->
          () ->
              torch.elu_backward_out(to, gradient, SELU_ALPHA, SELU_SCALE, ONE, false, in).close();
      case GELU -> () -> torch.gelu_backward_out(to, gradient, in).close();
      case GELU_TANH -> () -> torch.gelu_backward_out(to, gradient, in, "tanh").close();
      case SILU -> () -> torch.silu_backward_out(to, gradient, in).close();
      case HARD_SWISH -> () -> torch.hardswish_backward_out(to, gradient, in).close();
      // It has no form that writes into a given tensor.
      case MISH ->
          () -> {
            try (Tensor made = torch.mish_backward(gradient, in)) {
              to.copy_(made);
            }
          };
      // Softsign has no backward pass of its own; the bindings lack that of softmax.
      default -> throw Peer.unsupported(kind, Direction.BACKWARD);
    };
  }

  @Override
  public void close() {}
}
