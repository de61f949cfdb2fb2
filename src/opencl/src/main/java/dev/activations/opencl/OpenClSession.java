package dev.activations.opencl;

import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;

import dev.activations.api.ActivationException;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Session;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Lanes;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import java.nio.Buffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;

/** One context and one queue in order. Programs are built when an activation is first used. */
final class OpenClSession extends Session {
  /** Channels that a group takes side by side: 128 bytes of float32, a line of a GPU's cache. */
  private static final int ACROSS = 32;

  /** Groups of a kernel that walks rows; each takes several where there are more rows. */
  private static final long MAX_GROUPS = 1 << 16;

  private final OpenClDevice device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Transfers transfers;
  private final Fences fences;
  private final Map<Key, Program> programs = new HashMap<>();
  private final Map<StorageKey, Program> storagePrograms = new HashMap<>();
  private final Map<Dtype, Program> sums = new EnumMap<>(Dtype.class);
  private Walk walk;
  private boolean tuned;

  /**
   * What tells the programs of formulas apart.
   *
   * @param apart whether it is that of fused passes alone, which only float64 has
   * @param items the elements of a work-item
   */
  private record Key(Formula formula, Dtype dtype, boolean apart, int items) {}

  private record StorageKey(Dtype dtype, int items) {}

  private OpenClSession(OpenClDevice device, cl_context context, cl_command_queue queue) {
    super(device);
    this.device = device;
    this.context = context;
    this.queue = queue;
    this.walk = device.walk();
    this.transfers = new Transfers(queue);
    this.fences = new Fences(queue, device.id());
  }

  /** Opens a session. Blocks. */
  static OpenClSession open(OpenClDevice device) {
    int[] code = new int[1];
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
    cl_context context =
        clCreateContext(properties, 1, new cl_device_id[] {device.handle()}, null, null, code);
    Status.check("clCreateContext", code[0]);
    try {
      return new OpenClSession(device, context, createQueue(device, context));
    } catch (RuntimeException e) {
      clReleaseContext(context);
      throw e;
    }
  }

  /** Creates a queue that works in order. */
  // clCreateCommandQueueWithProperties would be newer, and missing in drivers of OpenCL 1.2.
  @SuppressWarnings("deprecation")
  static cl_command_queue createQueue(OpenClDevice device, cl_context context) {
    int[] code = new int[1];
    cl_command_queue queue = clCreateCommandQueue(context, device.handle(), 0, code);
    Status.check("clCreateCommandQueue", code[0]);
    return queue;
  }

  @Override
  protected Memory allocateMemory(Dtype dtype, long count) {
    Description limits = device.description();
    if (count > limits.maxAllocation() / dtype.bytes()) {
      throw new ActivationException(
          ("asked for a buffer of %d elements of %d bytes; %s allows %d bytes in one buffer and"
                  + " has %d in all. Use several buffers, and compute piece by piece")
              .formatted(
                  count, dtype.bytes(), device, limits.maxAllocation(), limits.globalMemory()),
          null);
    }
    int[] code = new int[1];
    cl_mem handle =
        clCreateBuffer(context, CL.CL_MEM_READ_WRITE, count * dtype.bytes(), null, code);
    if (code[0] != CL.CL_SUCCESS) {
      throw Status.failure(
          "clCreateBuffer",
          code[0],
          "asked for %d bytes; %s has %d in all. Close buffers, or use smaller ones"
              .formatted(count * dtype.bytes(), device, limits.globalMemory()));
    }
    return new OpenClMemory(handle, false);
  }

  @Override
  protected void writeMemory(Buffer from, Slice to) {
    transfers.write(from, to);
  }

  @Override
  protected void readMemory(Slice from, Buffer to) {
    transfers.read(from, to);
  }

  @Override
  protected void enqueue(Launch launch) {
    switch (launch.op().formula().shape()) {
      case POINTWISE -> pointwise(launch);
      case OVER_AXIS -> rows(launch, launch.op().rows(launch.count()));
      case GATED -> gated(launch);
      case PIECES -> pieces(launch);
    }
  }

  @Override
  protected void enqueue(StoragePass pass) {
    tune(pass.count());
    Program program =
        storagePrograms.computeIfAbsent(
            new StorageKey(pass.dtype(), walk.items(pass.dtype())),
            key -> build(Source.of(key.dtype(), key.items())));
    Program.Kernel kernel = program.kernel(pass.step().stem());
    new Arguments(kernel.handle()).slices(pass.slices()).add(pass.count());
    elements(kernel, pass.dtype(), pass.count());
  }

  @Override
  protected void enqueue(Fused pass) {
    tune(pass.count());
    boolean apart = pass.dtype() == Dtype.F64;
    Program.Kernel kernel = kernel(key(pass.op().formula(), pass.dtype(), apart), pass.stem());
    new Arguments(kernel.handle())
        .slices(pass.slices())
        .add(pass.integers())
        .add(pass.dtype(), pass.uniforms());
    elements(kernel, pass.dtype(), pass.count());
  }

  @Override
  protected void enqueue(ChannelSum sum) {
    Program program = sums.computeIfAbsent(sum.dtype(), dtype -> build(Source.channelSum(dtype)));
    Program.Kernel kernel = program.kernel(ChannelSum.STEM);
    int group = Math.min(walk.rowGroup(), kernel.group());
    int across = sum.across(Math.min(ACROSS, group));
    new Arguments(kernel.handle()).slices(sum.slices()).add(sum.integers()).add(across);
    run(kernel, ceilDiv(sum.channels(), across), group);
  }

  @Override
  protected Lanes openLanes() {
    return OpenClLanes.open(device, context, queue);
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return fences.fence();
  }

  @Override
  protected void release() {
    fences.close();
    programs.values().forEach(Program::close);
    storagePrograms.values().forEach(Program::close);
    sums.values().forEach(Program::close);
    Status.check("clReleaseCommandQueue", clReleaseCommandQueue(queue));
    Status.check("clReleaseContext", clReleaseContext(context));
  }

  cl_context context() {
    return context;
  }

  /** Builds a program for this session's device, or finds it in the cache. */
  Program build(Source source) {
    Description description = device.description();
    Source suited = source.on(description.type());
    return Program.build(context, device.handle(), suited, description.key());
  }

  /** Lets a program stand for a formula in float32, and closes it with the session. */
  void use(Formula formula, Program program) {
    programs.put(key(formula, Dtype.F32, false), program);
  }

  private void pointwise(Launch launch) {
    tune(launch.count());
    Program.Kernel kernel = kernel(launch, launch.stem());
    new Arguments(kernel.handle())
        .slices(launch.slices())
        .add(launch.count())
        .add(launch.dtype(), launch.uniforms());
    elements(kernel, launch.dtype(), launch.count());
  }

  private void gated(Launch launch) {
    tune(launch.count());
    Program.Kernel kernel = kernel(launch, launch.stem());
    runs(kernel, launch).add(launch.dtype(), launch.op().activation().doubles());
    elements(kernel, launch.dtype(), launch.count());
  }

  private void pieces(Launch launch) {
    Program.Kernel kernel = kernel(launch, launch.stem());
    runs(kernel, launch);
    run(kernel, ceilDiv(launch.count(), kernel.group()), kernel.group());
  }

  private static Arguments runs(Program.Kernel kernel, Launch launch) {
    return new Arguments(kernel.handle()).slices(launch.slices()).add(launch.integers());
  }

  private void rows(Launch launch, Geometry rows) {
    boolean together = walk.groupPerRow().test(rows);
    Program.Kernel kernel =
        kernel(launch, launch.direction().stem() + (together ? "_group" : "_item"));
    int largest = Math.min(walk.rowGroup(), kernel.group());
    int group = together ? Launch.rowGroup(rows.axis(), largest) : largest;
    new Arguments(kernel.handle())
        .slices(launch.slices())
        .add(rows.rows())
        .add(rows.axis())
        .add(rows.inner())
        .add(launch.draws())
        .add(launch.dtype(), launch.op().activation().doubles());
    run(kernel, together ? Math.min(rows.rows(), MAX_GROUPS) : ceilDiv(rows.rows(), group), group);
  }

  private Program.Kernel kernel(Launch launch, String entry) {
    return kernel(key(launch.op().formula(), launch.dtype(), false), entry);
  }

  private Program.Kernel kernel(Key key, String entry) {
    return programs.computeIfAbsent(key, absent -> build(source(absent))).kernel(entry);
  }

  private Key key(Formula formula, Dtype dtype, boolean apart) {
    return new Key(formula, dtype, apart, walk.items(dtype));
  }

  private static Source source(Key key) {
    return key.apart()
        ? Source.fusedDoubles((Kind) key.formula(), key.items())
        : Source.of(key.formula(), key.dtype(), key.items());
  }

  /** Makes sure that a pass over many elements walks the fastest way that is known. */
  private void tune(long count) {
    if (!tuned && count >= Tuning.LEAST) {
      // Nothing of this session is to run beside it.
      finish();
      walk = device.tuned();
      tuned = true;
    }
  }

  /** Runs a kernel whose work-items take some elements each. */
  private void elements(Program.Kernel kernel, Dtype dtype, long count) {
    int group = Math.min(walk.group(), kernel.group());
    run(kernel, ceilDiv(count, (long) walk.items(dtype) * group), group);
  }

  private void run(Program.Kernel kernel, long groups, int group) {
    // Every group is whole, as OpenCL 1.2 demands; kernels skip what lies beyond the end.
    long[] global = {Math.multiplyExact(groups, group)};
    Status.check(
        "clEnqueueNDRangeKernel",
        clEnqueueNDRangeKernel(
            queue, kernel.handle(), 1, null, global, new long[] {group}, 0, null, null));
  }

  private static long ceilDiv(long n, long d) {
    return n / d + (n % d == 0 ? 0 : 1);
  }
}
