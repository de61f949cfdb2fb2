package dev.activations.peers;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ library, on tensors that lie in the buffers. */
final class Libtorch implements Library.Peer {
  Libtorch(int threads) {
    torch.set_num_threads(threads);
  }

  private static Tensor tensor(FloatBuffer buffer) {
    return torch.from_blob(new FloatPointer(buffer), buffer.remaining());
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    Tensor in = tensor(x);
    Tensor to = tensor(out);
    if (direction == Direction.FORWARD) {
      return switch (kind) {
        case RELU -> () -> torch.relu_out(to, in).close();
        case SIGMOID -> () -> torch.sigmoid_out(to, in).close();
        case TANH -> () -> torch.tanh_out(to, in).close();
        case SOFTPLUS -> () -> torch.softplus_out(to, in).close();
        case ELU -> () -> torch.elu_out(to, in).close();
        case GELU -> () -> torch.gelu_out(to, in).close();
        case SILU -> () -> torch.silu_out(to, in).close();
        case MISH -> () -> torch.mish_out(to, in).close();
        case HARD_SWISH -> () -> torch.hardswish_out(to, in).close();
        default -> throw Library.Peer.unsupported(kind, direction);
      };
    }
    Tensor gradient = tensor(dy);
    Scalar zero = new Scalar(0.0);
    return switch (kind) {
      case RELU -> () -> torch.threshold_backward_out(to, gradient, in, zero).close();
      case GELU -> () -> torch.gelu_backward_out(to, gradient, in).close();
      case SILU -> () -> torch.silu_backward_out(to, gradient, in).close();
      // Those of sigmoid and tanh read the output; errors of the derivative would not compare.
      default -> throw Library.Peer.unsupported(kind, direction);
    };
  }

  @Override
  public void close() {}
}
