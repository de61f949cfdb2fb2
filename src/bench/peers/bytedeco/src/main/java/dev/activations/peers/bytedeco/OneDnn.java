package dev.activations.peers.bytedeco;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.peers.Peer;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.global.torch;

/** oneDNN, one primitive, on memory that lies in the buffers. */
public final class OneDnn implements Peer {
  /** A function and its two parameters. */
  private record Algorithm(dnnl.algorithm name, float alpha, float beta) {
    Algorithm(dnnl.algorithm name) {
      this(name, 0, 0);
    }
  }

  private final engine cpu;
  private final stream queue;

  /** Loads the library. */
  public OneDnn(int threads) {
    // It takes the threads of OpenMP, which libtorch shares, and which only libtorch can be told.
    torch.set_num_threads(threads);
    cpu = new engine(engine.kind.cpu, 0);
    queue = new stream(cpu);
  }

  private static Algorithm algorithm(Kind kind, Direction direction) {
    return switch (kind) {
      case RELU -> new Algorithm(dnnl.algorithm.eltwise_relu);
      case LEAKY_RELU -> new Algorithm(dnnl.algorithm.eltwise_relu, 0.01f, 0);
      case SIGMOID -> new Algorithm(dnnl.algorithm.eltwise_logistic);
      case TANH -> new Algorithm(dnnl.algorithm.eltwise_tanh);
      case SOFTPLUS -> new Algorithm(dnnl.algorithm.eltwise_soft_relu, 1, 0);
      case ELU -> new Algorithm(dnnl.algorithm.eltwise_elu, 1, 0);
      case GELU -> new Algorithm(dnnl.algorithm.eltwise_gelu_erf);
      case GELU_TANH -> new Algorithm(dnnl.algorithm.eltwise_gelu_tanh);
      case SILU -> new Algorithm(dnnl.algorithm.eltwise_swish, 1, 0);
      case MISH -> new Algorithm(dnnl.algorithm.eltwise_mish);
      case HARD_SWISH -> new Algorithm(dnnl.algorithm.eltwise_hardswish, 1 / 6f, 0.5f);
      case SOFTMAX -> new Algorithm(dnnl.algorithm.softmax_accurate);
      default -> throw Peer.unsupported(kind, direction);
    };
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    Algorithm algorithm = algorithm(kind, direction);
    long[] shape = Peer.shape(kind, x.remaining());
    memory.desc layout =
        new memory.desc(
            shape,
            memory.data_type.f32,
            shape.length == 1 ? memory.format_tag.a : memory.format_tag.ab);
    memory in = new memory(layout, cpu, new FloatPointer(x));
    memory to = new memory(layout, cpu, new FloatPointer(out));
    IntMemoryMap arguments = new IntMemoryMap();
    primitive pass;
    if (direction == Direction.FORWARD) {
      arguments.put(dnnl.DNNL_ARG_SRC, in).put(dnnl.DNNL_ARG_DST, to);
      pass = forward(kind, algorithm, layout);
    } else {
      arguments
          .put(kind == Kind.SOFTMAX ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC, in)
          .put(dnnl.DNNL_ARG_DIFF_DST, new memory(layout, cpu, new FloatPointer(dy)))
          .put(dnnl.DNNL_ARG_DIFF_SRC, to);
      pass = backward(kind, algorithm, layout);
    }
    return () -> {
      pass.execute(queue, arguments);
      queue._wait();
    };
  }

  private primitive forward(Kind kind, Algorithm algorithm, memory.desc layout) {
    return kind == Kind.SOFTMAX
        ? new softmax_forward(softmax(algorithm, layout))
        : new eltwise_forward(elementwise(algorithm, layout));
  }

  private primitive backward(Kind kind, Algorithm algorithm, memory.desc layout) {
    return kind == Kind.SOFTMAX
        ? new softmax_backward(
            new softmax_backward.primitive_desc(
                cpu, algorithm.name, layout, layout, layout, 1, softmax(algorithm, layout)))
        : new eltwise_backward(
            new eltwise_backward.primitive_desc(
                cpu,
                algorithm.name,
                layout,
                layout,
                layout,
                algorithm.alpha,
                algorithm.beta,
                elementwise(algorithm, layout)));
  }

  private softmax_forward.primitive_desc softmax(Algorithm algorithm, memory.desc layout) {
    return new softmax_forward.primitive_desc(
        cpu, dnnl.prop_kind.forward_training, algorithm.name, layout, layout, 1);
  }

  private eltwise_forward.primitive_desc elementwise(Algorithm algorithm, memory.desc layout) {
    return new eltwise_forward.primitive_desc(
        cpu,
        dnnl.prop_kind.forward_training,
        algorithm.name,
        layout,
        layout,
        algorithm.alpha,
        algorithm.beta);
  }

  @Override
  public void close() {
    queue.close();
    cpu.close();
  }
}
