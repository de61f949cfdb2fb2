package dev.activations.api;

import dev.activations.api.DeviceBuffer.Allocation;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Lanes;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * An open device, with one queue that runs what it is given in order, and the buffers it owns.
 *
 * <p>The methods on {@link DeviceBuffer}s enqueue and return; {@link #fence} and {@link #finish}
 * say when the work is done. The methods on arrays and buffers of the host block until their result
 * is there. A failure on the device is thrown by the call that meets it, or by the next one that
 * blocks; it is never recomputed elsewhere. What a pass over the host's data was to write is then
 * undefined, and lost if it was written in place; nothing is written any more once the call has
 * thrown.
 *
 * <p>All buffers of a pass hold elements of one {@link Dtype}. On the host float32 is a float,
 * float64 a double, and float16 and bfloat16 are the shorts of their bits.
 *
 * <p>Safe for use by several threads: calls are taken one at a time.
 *
 * <p>The host's buffers: elements from position to limit are used, and neither is moved. Any byte
 * order, heap or direct, is accepted; direct buffers in the native order are the fastest. An output
 * may be its input ("in place"), or must not overlap it. Overlap is checked where it can be seen,
 * which for two direct buffers it cannot: those that overlap in part give undefined values.
 *
 * <p>In place on the device: a forward pass over its own input loses what most backward passes
 * need. The session remembers where that was, until something else is written there, and refuses a
 * {@link #backward} that would read it as the input. Kinds that {@linkplain
 * Activation#survivesInPlace survive in place}, like relu, are not concerned, nor is an op that
 * takes the derivative {@linkplain Op#fromOutput from the output}.
 */
public abstract class Session implements AutoCloseable {
  /** Host data passes through a device in pieces of about this many elements (16 MiB). */
  private static final long STAGE = 1L << 22;

  private final Device device;
  private final Set<Allocation> allocations = new HashSet<>();
  private final Set<CustomFormula> runnable = new HashSet<>();
  private final StoragePasses storagePasses = new StoragePasses(this);
  private Optional<HostPool> hostPool = Optional.empty();
  private boolean open = true;

  /**
   * For back ends.
   *
   * @param device the device that this session is open on
   */
  protected Session(Device device) {
    this.device = device;
  }

  /** Returns the device that runs the work. */
  public final Device device() {
    return device;
  }

  /**
   * Allocates memory on the device. Its content is undefined.
   *
   * @param dtype the type of the elements
   * @param count the number of elements, zero or more
   * @throws IllegalArgumentException if the count is negative
   * @throws ActivationException if the device has not as much memory
   */
  public final synchronized DeviceBuffer allocate(Dtype dtype, long count) {
    checkOpen();
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative, got " + count);
    }
    // Drivers refuse empty allocations, so an empty buffer stands on one element.
    Allocation allocation = new Allocation(allocateMemory(dtype, Math.max(1, count)));
    allocations.add(allocation);
    return new DeviceBuffer(this, allocation, dtype, 0, count);
  }

  /**
   * Allocates pinned memory of the host. Its content is undefined. Passes over data in it need no
   * copies by the host's processor; see {@link HostBuffer}.
   *
   * @param dtype the type of the elements
   * @param count the number of elements, zero or more
   * @throws IllegalArgumentException if the count is negative, or the elements take more than 2^31
   *     - 4096 bytes
   * @throws ActivationException if the host has not as much memory
   */
  public final synchronized HostBuffer allocateHost(Dtype dtype, int count) {
    checkOpen();
    if (count < 0 || count > HostBuffer.MOST / dtype.bytes()) {
      throw new IllegalArgumentException(
          "count must be from 0 to %d for %s, got %d; use several buffers"
              .formatted(HostBuffer.MOST / dtype.bytes(), dtype.label(), count));
    }
    return hostPool().take(dtype, count);
  }

  /** Allocates a float32 buffer and copies the values into it. Blocks until they are read. */
  public final DeviceBuffer upload(float... values) {
    return upload(FloatBuffer.wrap(values));
  }

  /** Allocates a float32 buffer and copies the values into it. Blocks until they are read. */
  public final synchronized DeviceBuffer upload(FloatBuffer values) {
    DeviceBuffer buffer = allocate(Dtype.F32, values.remaining());
    write(values, buffer);
    return buffer;
  }

  /** Allocates a float64 buffer and copies the values into it. Blocks until they are read. */
  public final synchronized DeviceBuffer upload(double... values) {
    DeviceBuffer buffer = allocate(Dtype.F64, values.length);
    write(DoubleBuffer.wrap(values), buffer);
    return buffer;
  }

  /**
   * Allocates a buffer and copies bits into it. Blocks until they are read.
   *
   * @param dtype float16 or bfloat16
   * @param bits the bits of each element
   * @throws IllegalArgumentException if the type is another one
   */
  public final synchronized DeviceBuffer upload(Dtype dtype, short... bits) {
    checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    DeviceBuffer buffer = allocate(dtype, bits.length);
    write(ShortBuffer.wrap(bits), buffer);
    return buffer;
  }

  /**
   * Allocates a buffer and copies values into it, rounded to nearest, ties to even. Blocks until
   * they are read.
   *
   * @param dtype float32, float16 or bfloat16
   * @throws IllegalArgumentException if the type is another one
   */
  public final synchronized DeviceBuffer upload(Dtype dtype, float... values) {
    checkHeld("floats", dtype, Dtype.F32, Dtype.F16, Dtype.BF16);
    DeviceBuffer buffer = allocate(dtype, values.length);
    write(FloatBuffer.wrap(values), buffer);
    return buffer;
  }

  /**
   * Copies the host's values to the device, after the work enqueued before. Blocks until the host's
   * buffer may be changed.
   *
   * @param to a float32 buffer, or one of float16 or bfloat16, to which values are rounded as
   *     {@link #convert} does
   * @throws IllegalArgumentException if types or numbers of elements differ
   */
  public final synchronized void write(FloatBuffer from, DeviceBuffer to) {
    checkHeld("floats", to.dtype(), Dtype.F32, Dtype.F16, Dtype.BF16);
    if (to.dtype() == Dtype.F32) {
      copy(from, to);
      return;
    }
    check("the target", to, from.remaining());
    int first = from.position();
    inPieces(
        to,
        (floats, at) -> {
          copy(from.slice((int) (first + at), (int) floats.count()), floats);
          convert(floats, to.slice(at, floats.count()));
        });
  }

  /**
   * Copies the host's values to the device, after the work enqueued before. Blocks until the host's
   * buffer may be changed.
   *
   * @param to a float64 buffer
   * @throws IllegalArgumentException if types or numbers of elements differ
   */
  public final synchronized void write(DoubleBuffer from, DeviceBuffer to) {
    checkHeld("doubles", to.dtype(), Dtype.F64);
    copy(from, to);
  }

  /**
   * Copies bits to the device, after the work enqueued before. Blocks until the host's buffer may
   * be changed.
   *
   * @param to a float16 or bfloat16 buffer
   * @throws IllegalArgumentException if types or numbers of elements differ
   */
  public final synchronized void write(ShortBuffer from, DeviceBuffer to) {
    checkHeld("the bits of shorts", to.dtype(), Dtype.F16, Dtype.BF16);
    copy(from, to);
  }

  /**
   * Copies values from the device to the host, after the work enqueued before. Blocks until they
   * are there.
   *
   * @param from a float32 buffer, or one of float16 or bfloat16, whose values all are floats
   * @throws IllegalArgumentException if types or numbers of elements differ, or {@code to} is
   *     read-only
   */
  public final synchronized void read(DeviceBuffer from, FloatBuffer to) {
    checkHeld("floats", from.dtype(), Dtype.F32, Dtype.F16, Dtype.BF16);
    if (from.dtype() == Dtype.F32) {
      copy(from, to);
      return;
    }
    check("the source", from, to.remaining());
    checkWritable(to);
    int first = to.position();
    inPieces(
        from,
        (floats, at) -> {
          convert(from.slice(at, floats.count()), floats);
          copy(floats, to.slice((int) (first + at), (int) floats.count()));
        });
  }

  /**
   * Copies values from the device to the host, after the work enqueued before. Blocks until they
   * are there.
   *
   * @param from a float64 buffer
   * @throws IllegalArgumentException if types or numbers of elements differ, or {@code to} is
   *     read-only
   */
  public final synchronized void read(DeviceBuffer from, DoubleBuffer to) {
    checkHeld("doubles", from.dtype(), Dtype.F64);
    copy(from, to);
  }

  /**
   * Copies bits from the device to the host, after the work enqueued before. Blocks until they are
   * there.
   *
   * @param from a float16 or bfloat16 buffer
   * @throws IllegalArgumentException if types or numbers of elements differ, or {@code to} is
   *     read-only
   */
  public final synchronized void read(DeviceBuffer from, ShortBuffer to) {
    checkHeld("the bits of shorts", from.dtype(), Dtype.F16, Dtype.BF16);
    copy(from, to);
  }

  /**
   * Copies a whole buffer of float32, float16 or bfloat16 into a new array. Blocks until the values
   * are there.
   *
   * @throws IllegalArgumentException if the buffer holds another type, or more than 2^31 - 9
   *     elements
   */
  public final float[] download(DeviceBuffer from) {
    float[] values = new float[arrayLength(from)];
    read(from, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Copies a whole float64 buffer into a new array. Blocks until the values are there.
   *
   * @throws IllegalArgumentException if the buffer holds another type, or more than 2^31 - 9
   *     elements
   */
  public final double[] downloadDoubles(DeviceBuffer from) {
    double[] values = new double[arrayLength(from)];
    read(from, DoubleBuffer.wrap(values));
    return values;
  }

  /**
   * Copies the bits of a whole float16 or bfloat16 buffer into a new array. Blocks until they are
   * there.
   *
   * @throws IllegalArgumentException if the buffer holds another type, or more than 2^31 - 9
   *     elements
   */
  public final short[] downloadBits(DeviceBuffer from) {
    short[] bits = new short[arrayLength(from)];
    read(from, ShortBuffer.wrap(bits));
    return bits;
  }

  /**
   * Enqueues a conversion between float32 and float16 or bfloat16: rounded to nearest, ties to
   * even; too large becomes infinite, too small subnormal or zero, and NaN the one NaN of the type.
   *
   * @param from the input, of one of the types
   * @param to the output, of the other, and of as many elements
   * @throws IllegalArgumentException if the types are others, counts differ, or a buffer belongs to
   *     another session
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final synchronized void convert(DeviceBuffer from, DeviceBuffer to) {
    check("the output", to, to.count());
    check("the input", from, to.count());
    if ((from.dtype() != Dtype.F32 || !to.dtype().isStorage())
        && (to.dtype() != Dtype.F32 || !from.dtype().isStorage())) {
      throw new IllegalArgumentException(
          "conversions go between float32 and float16 or bfloat16, got %s to %s"
              .formatted(from.dtype().label(), to.dtype().label()));
    }
    if (to.count() > 0) {
      storagePasses.convert(from, to);
      to.written();
    }
  }

  /**
   * Enqueues {@code out = f(in)}, with what is fused with it: {@link Fusion} has the formula.
   *
   * <p>Over pieces of an axis (gated kinds with both halves in {@code in}, maxout, crelu) the
   * output has as many elements as {@link Op#results} says, and must not overlap the input.
   *
   * @param in the input; {@code out} may be the same buffer, or the op's residual
   * @throws IllegalArgumentException if counts or geometry differ, a buffer belongs to another
   *     session, the buffers overlap in part, or the op lacks a seed or a mask
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void forward(Op op, DeviceBuffer in, DeviceBuffer out) {
    if (op.isFused()) {
      launchFused(op, Direction.FORWARD, List.of(in), out);
    } else {
      launch(op, Direction.FORWARD, List.of(in), List.of(out));
    }
  }

  /**
   * Enqueues {@code out = f'(in)}, for a pointwise kind.
   *
   * @param in the input; {@code out} may be the same buffer
   * @throws IllegalArgumentException as for {@link #forward}, and if the kind works over an axis
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void derivative(Op op, DeviceBuffer in, DeviceBuffer out) {
    launch(op, Direction.DERIVATIVE, List.of(in), List.of(out));
  }

  /**
   * Enqueues {@code out = f(in)} and {@code slope = f'(in)} in one pass, for a pointwise formula:
   * it reads once and writes twice, a quarter less than the two passes do. The backward pass is
   * then a multiplication of {@code dy} by {@code slope}.
   *
   * @param in the input; one of {@code out} and {@code slope} may be the same buffer
   * @throws IllegalArgumentException as for {@link #derivative}, and if the outputs overlap
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void forwardWithDerivative(
      Op op, DeviceBuffer in, DeviceBuffer out, DeviceBuffer slope) {
    launch(op, Direction.FORWARD, List.of(in), List.of(out, slope));
  }

  /**
   * Enqueues the backward pass: {@code dx = dy · f'(x)}, and over an axis {@code dy} times the
   * Jacobian. With a fused op {@link Fusion} has the formula; {@code saved} is the input of the
   * forward pass, without the bias. Of a gated kind {@code saved} and {@code dx} hold both halves.
   *
   * @param saved the input or the output of the forward pass, as {@link Op#saved} says; of
   *     activations that {@linkplain Activation#survivesInPlace survive in place}, either
   * @param dy the incoming gradient
   * @param dx the outgoing gradient; may be {@code saved} or {@code dy}
   * @throws IllegalArgumentException as for {@link #forward}
   * @throws IllegalStateException if the session or a buffer is closed, or if a forward pass in
   *     place has overwritten the input
   */
  public final void backward(Op op, DeviceBuffer saved, DeviceBuffer dy, DeviceBuffer dx) {
    if (op.isFused()) {
      launchFused(op, Direction.BACKWARD, List.of(saved, dy), dx);
    } else {
      launch(op, op.backward(), List.of(saved, dy), List.of(dx));
    }
  }

  /**
   * Enqueues the gradient of the bias: {@code dbias[c]} is the sum of {@code dx} over the elements
   * of channel {@code c}, as {@link #channelSum} has it.
   *
   * @param op an op with a bias
   * @param dx what {@link #backward} with this op gave
   * @param dbias as many elements as the bias
   * @throws IllegalArgumentException if the op has no bias, and as for {@link #channelSum}
   */
  public final void biasGradient(Op op, DeviceBuffer dx, DeviceBuffer dbias) {
    Fusion.PerChannel bias = bias(op);
    bias.check("bias", dx.count());
    check("the gradient of the bias", dbias, bias.values().count());
    channelSum(dx, Optional.empty(), dbias, bias.inner());
  }

  /**
   * Enqueues the gradient of the bias of a gated kind with two inputs: the sums of both gradients
   * over the elements of a channel, each in its half of {@code dbias}.
   *
   * @param op an op with a bias
   * @param dgate the gradient of the gate that {@link #backward} with this op gave
   * @param dvalue that of the value
   * @param dbias as many elements as the bias
   * @throws IllegalArgumentException if the op has no bias or is not gated, and as for {@link
   *     #channelSum}
   */
  public final synchronized void biasGradient(
      Op op, DeviceBuffer dgate, DeviceBuffer dvalue, DeviceBuffer dbias) {
    Fusion.PerChannel bias = bias(op);
    Pass.ofGate(op, Direction.BACKWARD, dgate.count());
    check("the gradient of the value", dvalue, dgate.count());
    check("the gradient of the bias", dbias, bias.values().count());
    long half = dbias.count() / 2;
    boolean gateFirst = op.gate() == Half.FIRST;
    channelSum(gateFirst ? dgate : dvalue, Optional.empty(), dbias.slice(0, half), bias.inner());
    channelSum(gateFirst ? dvalue : dgate, Optional.empty(), dbias.slice(half, half), bias.inner());
  }

  private static Fusion.PerChannel bias(Op op) {
    return op.fusion()
        .bias()
        .orElseThrow(() -> new IllegalArgumentException(op + " has no bias; see Op.withBias"));
  }

  /**
   * Enqueues the gradient of the weight of a {@link Kind#PRELU}: {@code dweight[c]} is the sum of
   * {@code z > 0 ? 0 : z·g} over the elements of channel {@code c}, where {@code z} is the input
   * after the bias and {@code g} is {@code dy} after dropout. The products are exact; the sum is as
   * {@link #channelSum} has it. An op with bias or dropout takes memory for {@code z} or {@code g}
   * while it runs; in float16 and bfloat16 neither is rounded to that type.
   *
   * @param op an op with a weight
   * @param saved the input of the forward pass
   * @param dy the incoming gradient
   * @param dweight as many elements as the weight
   * @throws IllegalArgumentException if the op has no weight, and as for {@link #channelSum}
   * @throws IllegalStateException as for {@link #backward}
   */
  public final synchronized void weightGradient(
      Op op, DeviceBuffer saved, DeviceBuffer dy, DeviceBuffer dweight) {
    Fusion fusion = op.fusion();
    Fusion.PerChannel weight =
        fusion
            .weight()
            .orElseThrow(
                () -> new IllegalArgumentException(op + " has no weight; see Op.withWeight"));
    weight.check("weight", saved.count());
    check("the input", saved, saved.count());
    check("the gradient", dy, saved.count());
    check("the gradient of the weight", dweight, weight.values().count());
    checkDtype(saved, dweight.dtype());
    checkDtype(dy, dweight.dtype());
    fusion.bias().ifPresent(bias -> checkDtype(bias.values(), dweight.dtype()));
    checkInput(op, saved);
    Op identity = Op.of(Kind.LINEAR).startingAt(fusion.first());
    Optional<Op> biased =
        fusion.bias().map(bias -> identity.with(identity.fusion().withBias(bias)));
    Optional<Op> dropped =
        fusion.dropout().isEmpty()
            ? Optional.empty()
            : Optional.of(
                identity.withDropout(fusion.dropout().getAsDouble(), fusion.seed().getAsLong()));
    if (dweight.dtype().isStorage()) {
      storagePasses.throughFloats(
          List.of(dweight),
          (floats, results) ->
              weightGradient(
                  biased.map(floats::of),
                  dropped,
                  floats.of(saved),
                  floats.of(dy),
                  results.get(0),
                  weight.inner()));
    } else {
      weightGradient(biased, dropped, saved, dy, dweight, weight.inner());
    }
  }

  private void weightGradient(
      Optional<Op> biased,
      Optional<Op> dropped,
      DeviceBuffer saved,
      DeviceBuffer dy,
      DeviceBuffer dweight,
      long inner) {
    DeviceBuffer z = through(biased, saved);
    DeviceBuffer g = through(dropped, dy);
    try {
      channelSum(z, Optional.of(g), dweight, inner);
    } finally {
      if (z != saved) {
        z.close();
      }
      if (g != dy) {
        g.close();
      }
    }
  }

  /** Returns f(in) in memory of its own, or the input where there is nothing to do. */
  private DeviceBuffer through(Optional<Op> op, DeviceBuffer in) {
    if (op.isEmpty()) {
      return in;
    }
    DeviceBuffer out = allocate(in.dtype(), in.count());
    forward(op.get(), in, out);
    return out;
  }

  /**
   * Enqueues {@code out[c]} = the sum of {@code in} over the elements of channel {@code c}, where
   * {@code out} has an element for each channel, and the channels are the last axis of {@code in}.
   * The same bits on every device, whatever the order in which it adds: terms are integers in units
   * of the largest.
   *
   * <p>The result is within 1 ULP of the exact sum of n terms, at most 2^32, and {@code
   * max|term|·n·2^-53} beyond that, which shows only where terms cancel; in float64 {@code
   * max|term|·n·2^-87}. In float16 and bfloat16 it is that of float32, rounded, which takes memory
   * for the elements in float32 while it runs. A NaN or an infinity among the terms makes it NaN.
   *
   * @throws IllegalArgumentException if the number of elements is not a multiple of the channels, a
   *     buffer belongs to another session, or the buffers overlap
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void channelSum(DeviceBuffer in, DeviceBuffer out) {
    channelSum(in, Optional.empty(), out, 1);
  }

  /**
   * Enqueues a {@link #channelSum(DeviceBuffer, DeviceBuffer)} over any axis.
   *
   * @param channels the channels as the axis of {@code in}
   */
  public final void channelSum(DeviceBuffer in, DeviceBuffer out, Geometry channels) {
    new Fusion.PerChannel(out, Optional.of(channels)).check("sum", in.count());
    channelSum(in, Optional.empty(), out, channels.inner());
  }

  /**
   * Enqueues {@code out = f(gate)·value}, for a gated kind with two inputs, each with its half of
   * the op's bias, if it has one; or {@code out} = f of an input with a mask, for {@link
   * Kind#MASKED_SOFTMAX}. A packed array of gate and value goes to {@link #forward(Op,
   * DeviceBuffer, DeviceBuffer)}; the bits are the same.
   *
   * @param first the gate, which goes through the function; or the input
   * @param second the value, which is multiplied; or the mask, 0 where the input is masked out
   * @param out the result; may be either input
   * @throws IllegalArgumentException as for {@link #forward}, and if the kind has one input, or is
   *     gated and the op has a geometry
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void forward(Op op, DeviceBuffer first, DeviceBuffer second, DeviceBuffer out) {
    launch(Pass.ofTwo(op, first.count()), List.of(first, second), List.of(out));
  }

  /**
   * Enqueues the backward pass of a gated kind with two inputs: {@code dgate = (dy·value)·f'(gate)}
   * and {@code dvalue = dy·f(gate)}, each product rounded; with a bias, gate and value are those
   * after it.
   *
   * @param gate the gate of the forward pass
   * @param value its value
   * @param dy the incoming gradient
   * @param dgate the gradient of the gate; may be any one of the inputs
   * @param dvalue the gradient of the value; may be any one of the inputs, but not {@code dgate}
   * @throws IllegalArgumentException as for the forward pass, and if the outputs overlap
   * @throws IllegalStateException if the session or a buffer is closed
   */
  public final void backward(
      Op op,
      DeviceBuffer gate,
      DeviceBuffer value,
      DeviceBuffer dy,
      DeviceBuffer dgate,
      DeviceBuffer dvalue) {
    launch(
        Pass.ofGate(op, Direction.BACKWARD, gate.count()),
        List.of(gate, value, dy),
        List.of(dgate, dvalue));
  }

  /**
   * Returns a future that completes when everything enqueued before is done, and fails if some of
   * it failed. What is made to depend on it runs on a thread of the session and must not block.
   */
  public final synchronized CompletableFuture<Void> fence() {
    checkOpen();
    return enqueueFence();
  }

  /** Blocks until everything enqueued before is done. */
  public final void finish() {
    try {
      fence().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Computes {@code f(x)} for the host's data. Blocks.
   *
   * @param x any number of elements
   * @return a new array of the same length; over pieces of an axis as {@link Op#results} says
   * @throws IllegalArgumentException if the op's geometry asks for another number of elements
   */
  public final float[] forward(Op op, float[] x) {
    float[] y = new float[Math.toIntExact(op.results(x.length).count())];
    forward(op, FloatBuffer.wrap(x), FloatBuffer.wrap(y));
    return y;
  }

  /**
   * Computes {@code f(in)} for the host's data, into {@code out}, which may be {@code in} where it
   * has as many elements. Blocks.
   */
  public final void forward(Op op, FloatBuffer in, FloatBuffer out) {
    host(op, Direction.FORWARD, Dtype.F32, List.of(in), out);
  }

  /**
   * Computes {@code f'(x)} for the host's data. Blocks.
   *
   * @return a new array of the same length
   * @throws IllegalArgumentException if the kind works over an axis
   */
  public final float[] derivative(Op op, float[] x) {
    float[] y = new float[x.length];
    derivative(op, FloatBuffer.wrap(x), FloatBuffer.wrap(y));
    return y;
  }

  /**
   * Computes {@code f'(in)} for the host's data, into {@code out}, which may be {@code in}. Blocks.
   */
  public final void derivative(Op op, FloatBuffer in, FloatBuffer out) {
    host(op, Direction.DERIVATIVE, Dtype.F32, List.of(in), out);
  }

  /**
   * Computes the backward pass for the host's data. Blocks.
   *
   * @param saved the input or the output of the forward pass, as {@link Op#saved} says
   * @param dy the incoming gradient, as long as the output
   * @return the outgoing gradient, a new array as long as {@code saved}
   */
  public final float[] backward(Op op, float[] saved, float[] dy) {
    float[] dx = new float[saved.length];
    backward(op, FloatBuffer.wrap(saved), FloatBuffer.wrap(dy), FloatBuffer.wrap(dx));
    return dx;
  }

  /** Computes the backward pass for the host's data; {@code dx} may be an input. Blocks. */
  public final void backward(Op op, FloatBuffer saved, FloatBuffer dy, FloatBuffer dx) {
    host(op, op.backward(), Dtype.F32, List.of(saved, dy), dx);
  }

  /**
   * Computes {@code f(x)} for the host's data, in float64. Blocks.
   *
   * @param x any number of elements
   * @return a new array of the same length; over pieces of an axis as {@link Op#results} says
   * @throws IllegalArgumentException if the formula is not computed in float64, or the op's
   *     geometry asks for another number of elements
   * @throws DeviceUnavailableException if the device has no float64
   */
  public final double[] forward(Op op, double[] x) {
    double[] y = new double[Math.toIntExact(op.results(x.length).count())];
    forward(op, DoubleBuffer.wrap(x), DoubleBuffer.wrap(y));
    return y;
  }

  /**
   * Computes {@code f(in)} for the host's data, in float64, into {@code out}, which may be {@code
   * in}. Blocks.
   */
  public final void forward(Op op, DoubleBuffer in, DoubleBuffer out) {
    host(op, Direction.FORWARD, Dtype.F64, List.of(in), out);
  }

  /**
   * Computes {@code f'(x)} for the host's data, in float64. Blocks.
   *
   * @return a new array of the same length
   */
  public final double[] derivative(Op op, double[] x) {
    double[] y = new double[x.length];
    derivative(op, DoubleBuffer.wrap(x), DoubleBuffer.wrap(y));
    return y;
  }

  /**
   * Computes {@code f'(in)} for the host's data, in float64, into {@code out}, which may be {@code
   * in}. Blocks.
   */
  public final void derivative(Op op, DoubleBuffer in, DoubleBuffer out) {
    host(op, Direction.DERIVATIVE, Dtype.F64, List.of(in), out);
  }

  /**
   * Computes the backward pass for the host's data, in float64. Blocks.
   *
   * @param saved the input or the output of the forward pass, as {@link Kind#saved} says
   * @param dy the incoming gradient, as long as the output
   * @return the outgoing gradient, a new array as long as {@code saved}
   */
  public final double[] backward(Op op, double[] saved, double[] dy) {
    double[] dx = new double[saved.length];
    backward(op, DoubleBuffer.wrap(saved), DoubleBuffer.wrap(dy), DoubleBuffer.wrap(dx));
    return dx;
  }

  /**
   * Computes the backward pass for the host's data, in float64; {@code dx} may be an input. Blocks.
   */
  public final void backward(Op op, DoubleBuffer saved, DoubleBuffer dy, DoubleBuffer dx) {
    host(op, op.backward(), Dtype.F64, List.of(saved, dy), dx);
  }

  /**
   * Computes {@code f(in)} for the bits of the host's data, into {@code out}, which may be {@code
   * in}. Blocks.
   *
   * @param dtype float16 or bfloat16
   */
  public final void forward(Op op, Dtype dtype, ShortBuffer in, ShortBuffer out) {
    checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    host(op, Direction.FORWARD, dtype, List.of(in), out);
  }

  /**
   * Computes {@code f'(in)} for the bits of the host's data, into {@code out}, which may be {@code
   * in}. Blocks.
   *
   * @param dtype float16 or bfloat16
   */
  public final void derivative(Op op, Dtype dtype, ShortBuffer in, ShortBuffer out) {
    checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    host(op, Direction.DERIVATIVE, dtype, List.of(in), out);
  }

  /**
   * Computes the backward pass for the bits of the host's data; {@code dx} may be an input. Blocks.
   *
   * @param dtype float16 or bfloat16
   */
  public final void backward(
      Op op, Dtype dtype, ShortBuffer saved, ShortBuffer dy, ShortBuffer dx) {
    checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    host(op, op.backward(), dtype, List.of(saved, dy), dx);
  }

  /**
   * Computes {@code f(gate)·value} for the host's data, for a gated kind, or f of an input with a
   * mask. Blocks.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask; as many elements
   * @return a new array of the same length
   */
  public final float[] forward(Op op, float[] first, float[] second) {
    float[] y = new float[first.length];
    forward(op, FloatBuffer.wrap(first), FloatBuffer.wrap(second), FloatBuffer.wrap(y));
    return y;
  }

  /** Computes the same into {@code out}, which may be either input. Blocks. */
  public final void forward(Op op, FloatBuffer first, FloatBuffer second, FloatBuffer out) {
    host(Pass.ofTwo(op, first.remaining()), Dtype.F32, List.of(first, second), List.of(out));
  }

  /**
   * Computes {@code f(gate)·value} for the host's data, for a gated kind, or f of an input with a
   * mask, in float64. Blocks.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask; as many elements
   * @return a new array of the same length
   */
  public final double[] forward(Op op, double[] first, double[] second) {
    double[] y = new double[first.length];
    forward(op, DoubleBuffer.wrap(first), DoubleBuffer.wrap(second), DoubleBuffer.wrap(y));
    return y;
  }

  /** Computes the same into {@code out}, which may be either input. Blocks. */
  public final void forward(Op op, DoubleBuffer first, DoubleBuffer second, DoubleBuffer out) {
    host(Pass.ofTwo(op, first.remaining()), Dtype.F64, List.of(first, second), List.of(out));
  }

  /**
   * Computes the same for the bits of the host's data, into {@code out}, which may be either input.
   * Blocks.
   *
   * @param dtype float16 or bfloat16
   */
  public final void forward(
      Op op, Dtype dtype, ShortBuffer first, ShortBuffer second, ShortBuffer out) {
    checkHeld("the bits of shorts", dtype, Dtype.F16, Dtype.BF16);
    host(Pass.ofTwo(op, first.remaining()), dtype, List.of(first, second), List.of(out));
  }

  /**
   * Computes the backward pass of a gated kind with two inputs for the host's data. Blocks.
   *
   * @param dy the incoming gradient, as many elements as {@code gate} and {@code value} have
   * @return the gradients of both, new arrays of the same length
   */
  public final GateGradients backward(Op op, float[] gate, float[] value, float[] dy) {
    GateGradients gradients = new GateGradients(new float[gate.length], new float[gate.length]);
    backward(
        op,
        FloatBuffer.wrap(gate),
        FloatBuffer.wrap(value),
        FloatBuffer.wrap(dy),
        FloatBuffer.wrap(gradients.gate()),
        FloatBuffer.wrap(gradients.value()));
    return gradients;
  }

  /**
   * Computes the same into {@code dgate} and {@code dvalue}, each of which may be one of the
   * inputs. Blocks.
   */
  public final void backward(
      Op op,
      FloatBuffer gate,
      FloatBuffer value,
      FloatBuffer dy,
      FloatBuffer dgate,
      FloatBuffer dvalue) {
    host(
        Pass.ofGate(op, Direction.BACKWARD, gate.remaining()),
        Dtype.F32,
        List.of(gate, value, dy),
        List.of(dgate, dvalue));
  }

  /**
   * Computes {@code f(in)} for an array of the host, of any type and size, into {@code out}, which
   * may be {@code in} where it has as many elements. Blocks.
   *
   * @throws IllegalArgumentException if types or shapes differ, but for the axis that a kind makes
   *     longer or shorter; if a kind over an axis is given an array of several and no geometry; or
   *     if one row has more elements than a {@linkplain HostArray#most view} can hold
   */
  public final void forward(Op op, HostArray in, HostArray out) {
    host(op, Direction.FORWARD, List.of(in), out);
  }

  /**
   * Computes {@code f(gate)·value} for arrays of the host, of any type and size, for a gated kind,
   * or f of an input with a mask. Blocks.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask
   * @param out the result; may be either input
   * @throws IllegalArgumentException as for {@link #forward(Op, HostArray, HostArray)}, and if the
   *     kind has one input, or is gated and the op has a geometry
   */
  public final void forward(Op op, HostArray first, HostArray second, HostArray out) {
    if (op.isMasked()) {
      checkAxis(op, first.shape());
    }
    host(Pass.ofTwo(op, first.count()), List.of(first, second), out);
  }

  /**
   * Computes {@code f'(in)} for an array of the host, of any type and size, into {@code out}, which
   * may be {@code in}. Blocks.
   *
   * @throws IllegalArgumentException if types or shapes differ
   */
  public final void derivative(Op op, HostArray in, HostArray out) {
    host(op, Direction.DERIVATIVE, List.of(in), out);
  }

  /**
   * Computes the backward pass for arrays of the host, of any type and size; {@code dx} may be an
   * input. Blocks.
   *
   * @throws IllegalArgumentException as for {@link #forward(Op, HostArray, HostArray)}
   */
  public final void backward(Op op, HostArray saved, HostArray dy, HostArray dx) {
    host(op, op.backward(), List.of(saved, dy), dx);
  }

  /**
   * Waits for the enqueued work, frees all buffers and leaves the device. A failure of that work
   * that nobody has seen is thrown after the device is left. Does nothing when closed already.
   */
  @Override
  public final synchronized void close() {
    if (!open) {
      return;
    }
    try {
      finish();
    } finally {
      open = false;
      allocations.forEach(Allocation::close);
      allocations.forEach(allocation -> allocation.memory().free());
      allocations.clear();
      hostPool.ifPresent(HostPool::close);
      release();
    }
  }

  /** Returns a buffer over memory that is not the session's own. */
  final DeviceBuffer over(Memory memory, Dtype dtype, long count) {
    return new DeviceBuffer(this, new Allocation(memory), dtype, 0, count);
  }

  final synchronized void free(Allocation allocation) {
    if (allocation.close()) {
      allocations.remove(allocation);
      allocation.memory().free();
    }
  }

  final synchronized void free(HostBuffer buffer) {
    hostPool().give(buffer);
  }

  private void copy(Buffer from, DeviceBuffer to) {
    check("the target", to, from.remaining());
    if (from.hasRemaining()) {
      writeMemory(from.slice(), to.toSlice());
      to.written();
    }
  }

  private void copy(DeviceBuffer from, Buffer to) {
    check("the source", from, to.remaining());
    checkWritable(to);
    if (to.hasRemaining()) {
      readMemory(from.toSlice(), to.slice());
    }
  }

  /** What to do with some elements, by way of as many floats on the device. */
  private interface Piece {
    void run(DeviceBuffer floats, long at);
  }

  /** Takes all elements of a buffer, with the same memory for floats each time. */
  private void inPieces(DeviceBuffer elements, Piece piece) {
    try (DeviceBuffer floats = allocate(Dtype.F32, Math.min(STAGE, elements.count()))) {
      for (long at = 0; at < elements.count(); at += STAGE) {
        piece.run(floats.slice(0, Math.min(STAGE, elements.count() - at)), at);
      }
    }
  }

  private static int arrayLength(DeviceBuffer buffer) {
    if (buffer.count() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d elements do not fit a Java array; read slices of the buffer"
              .formatted(buffer.count()));
    }
    return (int) buffer.count();
  }

  private void launch(
      Op op, Direction direction, List<DeviceBuffer> inputs, List<DeviceBuffer> outputs) {
    boolean both = outputs.size() > 1;
    checkDirection(op, both ? Direction.DERIVATIVE : direction);
    launch(Pass.of(op, direction, inputs.get(0).count(), both), inputs, outputs);
  }

  final synchronized void launch(Pass pass, List<DeviceBuffer> inputs, List<DeviceBuffer> outputs) {
    checkRunnable(pass.op());
    checkComplete(pass, inputs.size());
    check(pass.inputs(), inputs);
    check(pass.outputs(), outputs);
    Dtype dtype = outputs.get(0).dtype();
    inputs.forEach(in -> checkDtype(in, dtype));
    outputs.forEach(out -> checkDtype(out, dtype));
    for (DeviceBuffer out : outputs) {
      inputs.forEach(in -> checkOverlap(in, out));
    }
    if (outputs.size() > 1 && outputs.get(0).overlaps(outputs.get(1))) {
      throw overlapping(pass);
    }
    checkDtype(pass.op(), dtype);
    List<Fused.Channels> biases = biases(pass, outputs);
    if (pass.direction() == Direction.BACKWARD) {
      // All but the last, the gradient.
      inputs.subList(0, inputs.size() - 1).forEach(saved -> checkInput(pass.op(), saved));
    }
    if (pass.count() > 0) {
      if (dtype.isStorage()) {
        storagePasses.run(pass, dtype, inputs, outputs);
      } else {
        enqueue(launch(pass, dtype, slices(inputs), slices(outputs), biases));
      }
      remember(pass.op(), pass.direction(), inputs, outputs);
    }
  }

  /** The biases of gate and value: the halves of one. */
  private List<Fused.Channels> biases(Pass pass, List<DeviceBuffer> outputs) {
    Op op = pass.op();
    List<Fused.Channels> biases = new ArrayList<>();
    op.fusion()
        .bias()
        .ifPresent(
            bias -> {
              outputs.forEach(out -> channels("bias", op.fusion().bias(), 2 * pass.count(), out));
              long half = bias.values().count() / 2;
              Slice first = bias.values().toSlice();
              Slice gate = op.gate() == Half.FIRST ? first : first.from(half);
              Slice value = op.gate() == Half.FIRST ? first.from(half) : first;
              biases.add(new Fused.Channels(gate, half, bias.inner()));
              biases.add(new Fused.Channels(value, half, bias.inner()));
            });
    return biases;
  }

  private static Launch launch(
      Pass pass,
      Dtype dtype,
      List<Slice> inputs,
      List<Slice> outputs,
      List<Fused.Channels> biases) {
    return new Launch(
        pass.op(),
        pass.direction(),
        dtype,
        pass.inputs(inputs, Slice::from),
        pass.outputs(outputs, Slice::from),
        pass.count(),
        pass.runs(),
        biases);
  }

  private static IllegalArgumentException overlapping(Pass pass) {
    return new IllegalArgumentException(
        "%s and %s overlap; give each a buffer of its own"
            .formatted(pass.outputs().get(0).role(), pass.outputs().get(1).role()));
  }

  final synchronized void launchFused(
      Op op, Direction direction, List<DeviceBuffer> inputs, DeviceBuffer out) {
    checkDirection(op, direction);
    checkRunnable(op);
    Fusion fusion = op.fusion();
    long count = out.count();
    check("the output", out, count);
    check("the input", inputs.get(0), count);
    if (inputs.size() > 1) {
      check("the gradient", inputs.get(1), count);
      checkInput(op, inputs.get(0));
    }
    List<DeviceBuffer> all = new ArrayList<>(inputs);
    fusion.residual().ifPresent(residual -> check("the residual", residual, count));
    fusion.residual().ifPresent(all::add);
    checkDtype(op, out.dtype());
    all.forEach(in -> checkDtype(in, out.dtype()));
    all.forEach(in -> checkOverlap(in, out));
    Optional<Fused.Channels> bias = channels("bias", fusion.bias(), count, out);
    Optional<Fused.Channels> weight = channels("weight", fusion.weight(), count, out);
    boolean forward = direction == Direction.FORWARD;
    if (count > 0) {
      if (out.dtype().isStorage()) {
        Op read = forward ? op : op.with(fusion.backward());
        storagePasses.throughFloats(
            List.of(out),
            (floats, results) ->
                launchFused(floats.of(read), direction, floats.of(inputs), results.get(0)));
      } else {
        enqueue(
            new Fused(
                op,
                direction,
                out.dtype(),
                inputs.get(0).toSlice(),
                forward ? Optional.empty() : Optional.of(inputs.get(1).toSlice()),
                bias,
                weight,
                forward ? fusion.residual().map(DeviceBuffer::toSlice) : Optional.empty(),
                out.toSlice(),
                count));
      }
      remember(op, direction, List.of(inputs.get(0)), List.of(out));
    }
  }

  private Optional<Fused.Channels> channels(
      String role, Optional<Fusion.PerChannel> part, long count, DeviceBuffer out) {
    part.ifPresent(
        channels -> {
          DeviceBuffer values = channels.values();
          check("the " + role, values, values.count());
          checkDtype(values, out.dtype());
          channels.check(role, count);
          checkApart("the " + role, values, out);
        });
    return part.map(
        channels ->
            new Fused.Channels(
                channels.values().toSlice(), channels.values().count(), channels.inner()));
  }

  private synchronized void channelSum(
      DeviceBuffer x, Optional<DeviceBuffer> dy, DeviceBuffer out, long inner) {
    check("the output", out, out.count());
    check("the input", x, x.count());
    dy.ifPresent(gradient -> check("the gradient", gradient, x.count()));
    checkDtype(x, out.dtype());
    dy.ifPresent(gradient -> checkDtype(gradient, out.dtype()));
    if (out.count() == 0 ? x.count() > 0 : x.count() % out.count() != 0) {
      throw new IllegalArgumentException(
          "%d elements are not a multiple of %d channels".formatted(x.count(), out.count()));
    }
    checkApart("the input", x, out);
    dy.ifPresent(gradient -> checkApart("the gradient", gradient, out));
    checkObstacle(out.dtype());
    if (out.count() > 0) {
      if (out.dtype().isStorage()) {
        storagePasses.throughFloats(
            List.of(out),
            (floats, results) ->
                channelSum(floats.of(x), dy.map(floats::of), results.get(0), inner));
      } else {
        long each = x.count() / out.count();
        enqueue(
            new ChannelSum(
                out.dtype(),
                x.toSlice(),
                dy.map(DeviceBuffer::toSlice),
                out.toSlice(),
                inner == 0 ? 0 : each / inner,
                out.count(),
                inner));
      }
      out.written();
    }
  }

  /** A pass in place overwrites the input that its backward pass may need. */
  private static void remember(
      Op op, Direction direction, List<DeviceBuffer> inputs, List<DeviceBuffer> outputs) {
    outputs.forEach(DeviceBuffer::written);
    if (direction != Direction.FORWARD || op.formula().saved() != Formula.Saved.INPUT) {
      return;
    }
    for (DeviceBuffer in : inputs) {
      if (outputs.stream().noneMatch(in::startsWith)) {
        in.readBy(op.formula());
      } else if (outputs.get(0).startsWith(in)
          && !(op.fusion().isNone() && op.activation().survivesInPlace())) {
        in.loseInput(op.formula());
      }
    }
  }

  private static void checkInput(Op op, DeviceBuffer saved) {
    if (saved.hasLostInput(op.formula())) {
      throw new IllegalStateException(
          ("%s needs the input of its forward pass, which that pass has overwritten in place; run"
                  + " forward into another buffer, or %s")
              .formatted(
                  op,
                  op.fusion().isNone() && op.activation().supports(Direction.BACKWARD_FROM_OUTPUT)
                      ? "take the derivative from the output: op.fromOutput()"
                      : "keep a copy of the input"));
    }
  }

  private static List<Slice> slices(List<DeviceBuffer> buffers) {
    return buffers.stream().map(DeviceBuffer::toSlice).toList();
  }

  private void host(
      Op op, Direction direction, Dtype dtype, List<? extends Buffer> inputs, Buffer out) {
    checkDirection(op, direction);
    Pass pass = Pass.of(op, direction, inputs.get(0).remaining(), false);
    host(pass, dtype, inputs, List.of(out));
  }

  private void host(Op op, Direction direction, List<HostArray> inputs, HostArray out) {
    checkDirection(op, direction);
    checkAxis(op, inputs.get(0).shape());
    host(Pass.of(op, direction, inputs.get(0).count(), false), inputs, out);
  }

  private synchronized void host(Pass pass, List<HostArray> inputs, HostArray out) {
    checkOpen();
    Dtype dtype = out.dtype();
    List<HostArray> arrays = new ArrayList<>(inputs);
    arrays.add(out);
    checkArrays(pass, arrays);
    long parts = pass.parts();
    long most = arrays.stream().mapToLong(array -> parts(array, parts)).min().orElseThrow();
    try {
      for (long from = 0; from < parts; from += most) {
        long first = from;
        long some = Math.min(most, parts - from);
        List<Buffer> buffers =
            arrays.stream().map(array -> part(array, parts, first, some)).toList();
        int last = inputs.size();
        Pass part = some == parts ? pass : pass.part(from, some);
        host(part, dtype, buffers.subList(0, last), buffers.subList(last, last + 1));
      }
    } finally {
      // A view need not keep the memory of its array alive.
      Reference.reachabilityFence(arrays);
    }
  }

  /** Returns how many of the equal parts of an array a view of it can hold. */
  private static long parts(HostArray array, long parts) {
    long share = Math.max(1, array.count() / Math.max(1, parts));
    if (share > array.most()) {
      throw new IllegalArgumentException(
          "a row of %d elements has to fit a view, which holds %d; cut it into several"
              .formatted(share, array.most()));
    }
    return array.most() / share;
  }

  private static Buffer part(HostArray array, long parts, long from, long some) {
    long share = array.count() / parts;
    return share == 0
        ? HostArray.view(array.dtype(), ByteBuffer.allocate(0))
        : array.elements(share * from, (int) (share * some));
  }

  private synchronized void host(
      Pass pass, Dtype dtype, List<? extends Buffer> inputs, List<? extends Buffer> outputs) {
    checkOpen();
    checkRunnable(pass.op());
    checkDtype(pass.op(), dtype);
    checkComplete(pass, inputs.size());
    if (pass.op().fusion().readsBuffers()) {
      throw new IllegalArgumentException(
          "%s reads buffers of a device, and so must its input be: upload it".formatted(pass.op()));
    }
    checkHost(pass.inputs(), inputs);
    checkHost(pass.outputs(), outputs);
    for (Buffer out : outputs) {
      checkWritable(out);
      for (Buffer in : inputs) {
        checkHostOverlap(in, out);
      }
    }
    if (outputs.size() > 1 && hostOverlaps(outputs.get(0), outputs.get(1))) {
      throw overlapping(pass);
    }
    if (pass.count() > 0) {
      runHost(pass, dtype, fromStart(inputs), fromStart(outputs));
    }
  }

  /** Returns buffers that start at position 0: as they are, if all do, since views are garbage. */
  private static List<? extends Buffer> fromStart(List<? extends Buffer> buffers) {
    for (Buffer buffer : buffers) {
      if (buffer.position() != 0) {
        return buffers.stream().map(Buffer::slice).toList();
      }
    }
    return buffers;
  }

  /**
   * Runs a checked pass over host data and waits for it. All buffers start at position 0 and have
   * their limit after as many elements as the pass says, at least one: floats for float32, doubles
   * for float64, else shorts. This implementation moves chunks through the device's memory, on
   * {@linkplain #openLanes lanes}; a back end that reads the host's memory overrides it.
   *
   * @param pass what to compute
   * @param dtype the type of all elements
   * @param inputs what it reads, as its {@link Pass#inputs()} say
   * @param outputs where the results go
   */
  protected void runHost(
      Pass pass, Dtype dtype, List<? extends Buffer> inputs, List<? extends Buffer> outputs) {
    new HostPass(this, hostPool(), pass, dtype, inputs, outputs).run();
  }

  private HostPool hostPool() {
    if (hostPool.isEmpty()) {
      hostPool = Optional.of(new HostPool(this, openLanes()));
    }
    return hostPool.get();
  }

  /**
   * Returns the lanes on which the host's data moves while the queue computes. Called once, when
   * they are first needed. This implementation has the queue move it, which a back end whose device
   * has memory of its own overrides.
   */
  protected Lanes openLanes() {
    return new BlockingLanes(this);
  }

  /**
   * Allocates storage of a positive number of elements.
   *
   * @throws ActivationException if there is not as much
   */
  protected abstract Memory allocateMemory(Dtype dtype, long count);

  /**
   * Copies host values to device memory after the work enqueued before, and waits.
   *
   * @param from floats, doubles or shorts, as the memory's type asks, from 0 to its limit
   */
  protected abstract void writeMemory(Buffer from, Slice to);

  /**
   * Copies device memory to the host after the work enqueued before, and waits.
   *
   * @param to floats, doubles or shorts, as the memory's type asks, from 0 to its limit
   */
  protected abstract void readMemory(Slice from, Buffer to);

  /** Enqueues a checked pass over float32 or float64 and returns. */
  protected abstract void enqueue(Launch launch);

  /** Enqueues a checked pass over elements of 16 bits and returns. */
  protected abstract void enqueue(StoragePass pass);

  /** Enqueues a checked pass with what is fused with it and returns. */
  protected abstract void enqueue(Fused pass);

  /** Enqueues a checked sum and returns. */
  protected abstract void enqueue(ChannelSum sum);

  /** Returns a future of the work enqueued before. Must not block. */
  protected abstract CompletableFuture<Void> enqueueFence();

  /** Leaves the device; all work is done and all memory freed. Called once. */
  protected abstract void release();

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the session on " + device.id() + " is closed");
    }
  }

  private static void checkDirection(Op op, Direction direction) {
    Formula formula = op.formula();
    if (!formula.supports(direction)) {
      throw new IllegalArgumentException(
          formula.shape() == Formula.Shape.OVER_AXIS
              ? "%s works over an axis, where a derivative is a matrix; use backward"
                  .formatted(formula.stem())
              : "%s has a derivative for each of its inputs; use backward"
                  .formatted(formula.stem()));
    }
    boolean fromOutput = op.backward() == Direction.BACKWARD_FROM_OUTPUT;
    if (direction == Direction.DERIVATIVE && (fromOutput || !op.fusion().isNone())) {
      throw new IllegalArgumentException(
          "%s has no derivative as a pass of its own; use backward".formatted(op));
    }
  }

  private void checkRunnable(Op op) {
    if (op.formula() instanceof CustomFormula custom && !runnable.contains(custom)) {
      device
          .obstacle(custom)
          .ifPresent(
              finding -> {
                throw new DeviceUnavailableException("'" + custom + "'", List.of(finding));
              });
      runnable.add(custom);
    }
  }

  /** Checks that a pass has the mask and the seed that it needs. */
  private static void checkComplete(Pass pass, int inputs) {
    Op op = pass.op();
    if (inputs < pass.inputs().size()) {
      throw new IllegalArgumentException(
          "%s needs a mask; give it to forward after the input".formatted(op));
    }
    if (pass.direction() == Direction.FORWARD && op.drawsNoise() && op.fusion().seed().isEmpty()) {
      throw new IllegalArgumentException(
          "%s draws random numbers and needs a seed; use op.seeded(seed)".formatted(op));
    }
  }

  private void check(List<Pass.Operand> operands, List<DeviceBuffer> buffers) {
    for (int i = 0; i < buffers.size(); i++) {
      check(operands.get(i).role(), buffers.get(i), operands.get(i).count());
    }
  }

  private void check(String role, DeviceBuffer buffer, long count) {
    checkOpen();
    if (buffer.session() != this) {
      throw new IllegalArgumentException(
          "%s belongs to another session, on %s; copy it with download and upload"
              .formatted(role, buffer.session().device().id()));
    }
    if (!buffer.allocation().isOpen()) {
      throw new IllegalStateException(role + " is a closed buffer");
    }
    if (buffer.count() != count) {
      throw new IllegalArgumentException(
          "%s must have %d elements, got %d".formatted(role, count, buffer.count()));
    }
  }

  /** Checks that a type is one of those that a sort of host data is. */
  static void checkHeld(String data, Dtype dtype, Dtype... held) {
    List<Dtype> types = List.of(held);
    if (!types.contains(dtype)) {
      throw new IllegalArgumentException(
          "%s are for %s, got %s; use the method for %s"
              .formatted(
                  data,
                  types.stream().map(Dtype::label).collect(Collectors.joining(" or ")),
                  dtype.label(),
                  switch (dtype) {
                    case F32 -> "floats";
                    case F64 -> "doubles";
                    case F16, BF16 -> "shorts";
                  }));
    }
  }

  private static void checkDtype(DeviceBuffer buffer, Dtype dtype) {
    if (buffer.dtype() != dtype) {
      throw new IllegalArgumentException(
          "a pass has elements of one type; the output holds %s, an input or output %s"
              .formatted(dtype.label(), buffer.dtype().label()));
    }
  }

  private void checkDtype(Op op, Dtype dtype) {
    if (!op.formula().supports(dtype)) {
      throw new IllegalArgumentException(
          "%s is not computed in %s; use float32".formatted(op.formula().stem(), dtype.label()));
    }
    checkObstacle(dtype);
  }

  private void checkObstacle(Dtype dtype) {
    device
        .obstacle(dtype)
        .ifPresent(
            finding -> {
              throw new DeviceUnavailableException(dtype.label(), List.of(finding));
            });
  }

  private static void checkOverlap(DeviceBuffer in, DeviceBuffer out) {
    if (in.overlaps(out) && !(in.startsWith(out) && in.count() == out.count())) {
      throw new IllegalArgumentException(
          "the output overlaps an input in part; use the same elements or disjoint ones");
    }
  }

  private static void checkApart(String role, DeviceBuffer in, DeviceBuffer out) {
    if (in.overlaps(out)) {
      throw new IllegalArgumentException(
          role + " overlaps the output; give each a buffer of its own");
    }
  }

  private static void checkWritable(Buffer out) {
    if (out.isReadOnly()) {
      throw new IllegalArgumentException("the output buffer is read-only; pass a writable one");
    }
  }

  private static void checkAxis(Op op, long[] shape) {
    boolean pointwise = op.formula().shape() == Formula.Shape.POINTWISE;
    if (!pointwise && op.geometry().isEmpty() && shape.length > 1) {
      throw new IllegalArgumentException(
          "%s works along an axis of the shape %s; say which, with op.over(Geometry.of(axis, shape))"
              .formatted(op, Arrays.toString(shape)));
    }
  }

  /** Checks that types are the same, and shapes where the numbers of elements are. */
  private static void checkArrays(Pass pass, List<HostArray> arrays) {
    List<Pass.Operand> operands = new ArrayList<>(pass.inputs().subList(0, arrays.size() - 1));
    operands.addAll(pass.outputs());
    HostArray first = arrays.get(0);
    for (int i = 1; i < arrays.size(); i++) {
      HostArray array = arrays.get(i);
      String role = operands.get(i).role();
      long count = operands.get(i).count();
      if (array.dtype() != first.dtype()) {
        throw new IllegalArgumentException(
            "%s must hold %s, as %s does, got %s"
                .formatted(
                    role, first.dtype().label(), operands.get(0).role(), array.dtype().label()));
      }
      if (count == first.count() && !Arrays.equals(array.shape(), first.shape())) {
        throw new IllegalArgumentException(
            "%s must have the shape %s, got %s"
                .formatted(role, Arrays.toString(first.shape()), Arrays.toString(array.shape())));
      }
      if (array.count() != count) {
        throw new IllegalArgumentException(
            "%s must have %d elements, got %d".formatted(role, count, array.count()));
      }
    }
  }

  private static void checkHost(List<Pass.Operand> operands, List<? extends Buffer> buffers) {
    for (int i = 0; i < buffers.size(); i++) {
      if (buffers.get(i).remaining() != operands.get(i).count()) {
        throw new IllegalArgumentException(
            "%s must have %d elements, got %d"
                .formatted(
                    operands.get(i).role(), operands.get(i).count(), buffers.get(i).remaining()));
      }
    }
  }

  private static void checkHostOverlap(Buffer in, Buffer out) {
    if (hostOverlaps(in, out)
        && (hostDistance(in, out) != 0 || in.remaining() != out.remaining())) {
      throw new IllegalArgumentException(
          "the output overlaps an input in part; use the same elements or disjoint ones");
    }
  }

  /** Whether two buffers are seen to share elements. */
  private static boolean hostOverlaps(Buffer a, Buffer b) {
    return a.hasArray()
        && b.hasArray()
        && a.array() == b.array()
        && hostDistance(a, b) < a.remaining()
        && hostDistance(b, a) < b.remaining();
  }

  private static int hostDistance(Buffer from, Buffer to) {
    return to.arrayOffset() + to.position() - from.arrayOffset() - from.position();
  }
}
