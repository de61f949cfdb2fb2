package dev.activations.opencl;

import dev.activations.api.Dtype;
import dev.activations.spi.Slice;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/** The arguments of a kernel, set one after the other. The driver copies each at once. */
final class Arguments {
  private final cl_kernel kernel;
  private int next;

  Arguments(cl_kernel kernel) {
    this.kernel = kernel;
  }

  /** Adds the buffers of a pass, each with its offset: what it reads, then what it writes. */
  Arguments slices(List<Slice> slices) {
    slices.forEach(this::add);
    return this;
  }

  Arguments add(long[] values) {
    for (long value : values) {
      add(value);
    }
    return this;
  }

  Arguments add(long value) {
    return add(Long.BYTES, Pointer.to(new long[] {value}));
  }

  /** Adds numbers, rounded to a type. */
  Arguments add(Dtype dtype, double[] values) {
    for (double value : values) {
      add(dtype, value);
    }
    return this;
  }

  private Arguments add(Dtype dtype, double value) {
    return dtype == Dtype.F64
        ? add(Double.BYTES, Pointer.to(new double[] {value}))
        : add(Float.BYTES, Pointer.to(new float[] {(float) value}));
  }

  private Arguments add(Slice slice) {
    return add(Sizeof.cl_mem, Pointer.to(((OpenClMemory) slice.memory()).handle()))
        .add(slice.offset());
  }

  private Arguments add(long size, Pointer value) {
    Status.check("clSetKernelArg", CL.clSetKernelArg(kernel, next++, size, value));
    return this;
  }
}
