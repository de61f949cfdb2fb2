package dev.activations.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime, a model of one node, on tensors that lie in the buffers. */
final class OnnxRuntime implements Library.Peer {
  /** The set of operators that brought Gelu. */
  private static final int OPERATORS = 20;

  /** The version of the format that goes with it. */
  private static final int FORMAT = 9;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final int threads;
  private final List<OrtSession> sessions = new ArrayList<>();

  OnnxRuntime(int threads) {
    this.threads = threads;
  }

  private static String operator(Kind kind, Direction direction) {
    if (direction != Direction.FORWARD) {
      throw Library.Peer.unsupported(kind, direction);
    }
    return switch (kind) {
      case RELU -> "Relu";
      case SIGMOID -> "Sigmoid";
      case TANH -> "Tanh";
      case SOFTPLUS -> "Softplus";
      case ELU -> "Elu";
      case GELU -> "Gelu";
      case MISH -> "Mish";
      case HARD_SWISH -> "HardSwish";
      default -> throw Library.Peer.unsupported(kind, direction);
    };
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    byte[] model = model(operator(kind, direction), x.remaining());
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      OrtSession session = environment.createSession(model, options);
      sessions.add(session);
      long[] shape = {x.remaining()};
      Map<String, OnnxTensor> in = Map.of("x", OnnxTensor.createTensor(environment, x, shape));
      Map<String, OnnxTensor> to = Map.of("y", OnnxTensor.createTensor(environment, out, shape));
      return () -> {
        try {
          session.run(in, Set.of(), to).close();
        } catch (OrtException e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    for (OrtSession session : sessions) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A model y = operator(x), in the format's own bytes: onnx.proto3 has the numbers of fields. */
  private static byte[] model(String operator, int count) {
    byte[] node = join(field(1, "x"), field(2, "y"), field(4, operator));
    byte[] graph =
        join(
            field(1, node),
            field(2, "graph"),
            field(11, value("x", count)),
            field(12, value("y", count)));
    return join(field(1, FORMAT), field(7, graph), field(8, field(2, OPERATORS)));
  }

  /** A tensor of one axis; 1 is float32. */
  private static byte[] value(String name, int count) {
    byte[] shape = field(1, field(1, count));
    byte[] type = field(1, join(field(1, 1), field(2, shape)));
    return join(field(1, name), field(2, type));
  }

  private static byte[] field(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] field(int number, byte[] content) {
    return join(varint(number << 3 | 2), varint(content.length), content);
  }

  private static byte[] field(int number, long value) {
    return join(varint(number << 3), varint(value));
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      bytes.write((int) (rest & 0x7F | 0x80));
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
