package dev.activations.peers.nd4j;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.peers.Peer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ELU;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.MishDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.PreciseGELU;
import org.nd4j.linalg.api.ops.impl.transforms.strict.PreciseGELUDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SELU;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SoftPlus;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SoftSign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Swish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SwishDerivative;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J, on arrays that lie in the buffers. */
public final class Nd4jOps implements Peer {
  private final OpExecutioner executioner;

  /** Loads the library. */
  public Nd4jOps(int threads) {
    executioner = Nd4j.getExecutioner();
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }

  private static INDArray array(FloatBuffer buffer, long[] shape) {
    return Nd4j.create(
        Nd4j.createBuffer(new FloatPointer(buffer), buffer.remaining(), DataType.FLOAT), shape);
  }

  @Override
  public Runnable pass(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
    long[] shape = Peer.shape(kind, x.remaining());
    INDArray in = array(x, shape);
    INDArray to = array(out, shape);
    return direction == Direction.FORWARD
        ? forward(kind, in, to)
        : backward(kind, in, array(dy, shape), to);
  }

  private Runnable forward(Kind kind, INDArray in, INDArray to) {
    return switch (kind) {
      case RELU -> runs(new RectifiedLinear(in, to));
      case LEAKY_RELU -> runs(new LeakyReLU(in, to, 0.01));
      case SIGMOID -> runs(new Sigmoid(in, to));
      case TANH -> runs(new Tanh(in, to));
      case SOFTPLUS -> runs(new SoftPlus(in, to));
      case ELU -> runs(new ELU(in, to));
      case SELU -> runs(new SELU(in, to));
      case GELU_TANH -> runs(new PreciseGELU(in, to));
      case SILU -> runs(new Swish(in, to));
      case MISH -> runs(new Mish(in, to));
      case SOFTSIGN -> runs(new SoftSign(in, to));
      case SOFTMAX -> runs(new SoftMax(in, to, 1));
      default -> throw Peer.unsupported(kind, Direction.FORWARD);
    };
  }

  private Runnable backward(Kind kind, INDArray in, INDArray gradient, INDArray to) {
    return switch (kind) {
      case RELU -> runs(op("relu_bp", in, gradient, to).addFloatingPointArguments(0.0));
      case LEAKY_RELU -> runs(op("lrelu_bp", in, gradient, to).addFloatingPointArguments(0.01));
      case SIGMOID -> runs(op("sigmoid_bp", in, gradient, to));
      case TANH -> runs(op("tanh_bp", in, gradient, to));
      case SOFTPLUS -> runs(op("softplus_bp", in, gradient, to));
      case ELU -> runs(op("elu_bp", in, gradient, to).addFloatingPointArguments(1.0));
      case SELU -> runs(op("selu_bp", in, gradient, to));
      case SOFTSIGN -> runs(op("softsign_bp", in, gradient, to));
      // As its own layers do: the derivative, then times the gradient.
      case GELU_TANH -> scaled(new PreciseGELUDerivative(in, to), to, gradient);
      case SILU -> scaled(new SwishDerivative(in, to), to, gradient);
      case MISH -> scaled(new MishDerivative(in, to), to, gradient);
      // That of softmax reads the input, and makes the output anew.
      default -> throw Peer.unsupported(kind, Direction.BACKWARD);
    };
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder op(
      String name, INDArray in, INDArray gradient, INDArray to) {
    return DynamicCustomOp.builder(name).addInputs(in, gradient).addOutputs(to);
  }

  private Runnable runs(DynamicCustomOp.DynamicCustomOpsBuilder builder) {
    return runs((CustomOp) builder.build());
  }

  private Runnable runs(Op op) {
    return () -> executioner.exec(op);
  }

  private Runnable runs(CustomOp op) {
    return () -> executioner.exec(op);
  }

  private Runnable scaled(Op derivative, INDArray to, INDArray gradient) {
    return () -> {
      executioner.exec(derivative);
      to.muli(gradient);
    };
  }

  @Override
  public void close() {}
}
