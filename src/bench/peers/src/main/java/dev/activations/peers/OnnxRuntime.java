package dev.activations.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime, a model of one node, on tensors that lie in the buffers. */
final class OnnxRuntime implements Peer {
  /** The set of operators that brought Gelu. */
  private static final int OPERATORS = 20;

  /** The version of the format that goes with it. */
  private static final int FORMAT = 9;

  /** The name of ONNX Runtime's own operators, and their version. */
  private static final String EXTENSIONS = "com.microsoft";

  private static final int EXTENSIONS_VERSION = 1;

  /** An operator; the domain is empty for ONNX's own. */
  private record Node(String operator, String domain, byte[] attribute) {
    Node(String operator) {
      this(operator, "", new byte[0]);
    }
  }

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final int threads;
  private final List<OrtSession> sessions = new ArrayList<>();

  OnnxRuntime(int threads) {
    this.threads = threads;
  }

  private static Node node(Kind kind, Direction direction) {
    if (direction != Direction.FORWARD) {
      throw Peer.unsupported(kind, direction);
    }
    return switch (kind) {
      case RELU -> new Node("Relu");
      case LEAKY_RELU -> new Node("LeakyRelu");
      case SIGMOID -> new Node("Sigmoid");
      case TANH -> new Node("Tanh");
      case SOFTPLUS -> new Node("Softplus");
      case ELU -> new Node("Elu");
      case SELU -> new Node("Selu");
      case GELU -> new Node("Gelu");
      case GELU_TANH -> new Node("Gelu", "", text("approximate", "tanh"));
      // What it puts in place of a product with a sigmoid.
      case SILU -> new Node("QuickGelu", EXTENSIONS, number("alpha", 1));
      case MISH -> new Node("Mish");
      case HARD_SWISH -> new Node("HardSwish");
      case SOFTSIGN -> new Node("Softsign");
      case SOFTMAX -> new Node("Softmax");
      default -> throw Peer.unsupported(kind, direction);
    };
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    long[] shape = Peer.shape(kind, x.remaining());
    byte[] model = model(node(kind, direction), shape);
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      OrtSession session = environment.createSession(model, options);
      sessions.add(session);
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
  private static byte[] model(Node operator, long[] shape) {
    byte[] node =
        join(
            field(1, "x"),
            field(2, "y"),
            field(4, operator.operator),
            operator.attribute,
            field(7, operator.domain));
    byte[] graph =
        join(
            field(1, node),
            field(2, "graph"),
            field(11, value("x", shape)),
            field(12, value("y", shape)));
    return join(
        field(1, FORMAT),
        field(7, graph),
        field(8, field(2, OPERATORS)),
        field(8, join(field(1, EXTENSIONS), field(2, EXTENSIONS_VERSION))));
  }

  /** An attribute of a node; 3 is a string. */
  private static byte[] text(String name, String value) {
    return field(5, join(field(1, name), field(4, value), field(20, 3)));
  }

  /** An attribute of a node; 1 is a float, of four bytes. */
  private static byte[] number(String name, float value) {
    byte[] bytes =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return field(5, join(field(1, name), varint(2 << 3 | 5), bytes, field(20, 1)));
  }

  /** A tensor; 1 is float32. */
  private static byte[] value(String name, long[] shape) {
    byte[] axes = new byte[0];
    for (long length : shape) {
      axes = join(axes, field(1, field(1, length)));
    }
    byte[] type = field(1, join(field(1, 1), field(2, axes)));
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
