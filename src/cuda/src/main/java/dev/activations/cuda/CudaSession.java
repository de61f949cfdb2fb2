package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.activations.api.CustomFormula;
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
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/**
 * The primary context and one stream of its own. Programs go to the driver when an activation is
 * first used.
 */
final class CudaSession extends Session {
  /** The largest access of memory. */
  private static final int ACCESS_BYTES = 16;

  /** Work-items of a group; the kernels know no larger one. */
  static final int GROUP = 256;

  /** Channels that a group takes side by side: 128 bytes of float32, a line of the cache. */
  private static final int ACROSS = 32;

  /** Groups of a kernel that walks rows; each takes several where there are more rows. */
  private static final long MAX_GROUPS = 1 << 16;

  private final CudaDevice device;
  private final Context context;
  private final CUstream stream;
  private final Arguments arguments;
  private final Transfers transfers;
  private final Fences fences;
  private final Map<Key, Module> modules = new HashMap<>();
  private final Map<Dtype, Module> storageModules = new EnumMap<>(Dtype.class);
  private final Map<Dtype, Module> sums = new EnumMap<>(Dtype.class);

  /**
   * What tells the programs of formulas apart.
   *
   * @param apart whether it is that of fused passes alone, which only float64 has
   */
  private record Key(Formula formula, Dtype dtype, boolean apart) {}

  private CudaSession(CudaDevice device, Context context, CUstream stream, Arguments arguments) {
    super(device);
    this.device = device;
    this.context = context;
    this.stream = stream;
    this.arguments = arguments;
    this.transfers = new Transfers(stream);
    this.fences = new Fences(context, stream, device.id());
  }

  /** Opens a session. Blocks: the first of a process may take a second. */
  static CudaSession open(CudaDevice device) {
    Context context = Context.retain(Query.device(device.ordinal()));
    try {
      return context.get(() -> open(device, context));
    } catch (RuntimeException e) {
      context.release();
      throw e;
    }
  }

  private static CudaSession open(CudaDevice device, Context context) {
    Arguments arguments = Arguments.allocate();
    try {
      return new CudaSession(device, context, createStream(), arguments);
    } catch (RuntimeException e) {
      arguments.release();
      throw e;
    }
  }

  /** Creates a stream in the current context. */
  static CUstream createStream() {
    CUstream stream = new CUstream();
    // Work of others in this process, on CUDA's default stream, is none of ours to wait for.
    Status.check("cuStreamCreate", cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    return stream;
  }

  @Override
  protected Memory allocateMemory(Dtype dtype, long count) {
    long limit = device.description().memory();
    String advice =
        "asked for %d elements of %d bytes; %s has %d bytes in all. Close buffers, or use smaller ones"
            .formatted(count, dtype.bytes(), device, limit);
    // What exceeds a long fails as well, with the driver's own code.
    long bytes = count > Long.MAX_VALUE / dtype.bytes() ? Long.MAX_VALUE : count * dtype.bytes();
    return context.get(() -> DeviceMemory.allocate(bytes, advice, this::free));
  }

  @Override
  protected void writeMemory(Buffer from, Slice to) {
    context.run(() -> transfers.write(from, to));
  }

  @Override
  protected void readMemory(Slice from, Buffer to) {
    context.run(() -> transfers.read(from, to));
  }

  @Override
  protected void enqueue(Launch launch) {
    context.run(
        () -> {
          switch (launch.op().formula().shape()) {
            case POINTWISE -> pointwise(launch);
            case OVER_AXIS -> rows(launch, launch.op().rows(launch.count()));
            case GATED -> gated(launch);
            case PIECES -> pieces(launch);
          }
        });
  }

  @Override
  protected void enqueue(StoragePass pass) {
    context.run(
        () -> {
          Module module =
              storageModules.computeIfAbsent(pass.dtype(), dtype -> build(Ptx.program(dtype)));
          arguments.slices(pass.slices()).add(pass.count());
          elements(module.kernel(pass.step().stem()), pass.dtype(), pass.count());
        });
  }

  @Override
  protected void enqueue(Fused pass) {
    context.run(
        () -> {
          boolean apart = pass.dtype() == Dtype.F64;
          Key key = new Key(pass.op().formula(), pass.dtype(), apart);
          arguments.slices(pass.slices()).add(pass.integers()).add(pass.dtype(), pass.uniforms());
          elements(kernel(key, pass.stem()), pass.dtype(), pass.count());
        });
  }

  @Override
  protected void enqueue(ChannelSum sum) {
    context.run(
        () -> {
          int across = sum.across(ACROSS);
          arguments.slices(sum.slices()).add(sum.integers()).add(across);
          Module module = sums.computeIfAbsent(sum.dtype(), dtype -> build(Ptx.channelSum(dtype)));
          run(module.kernel(ChannelSum.STEM), ceilDiv(sum.channels(), across));
        });
  }

  @Override
  protected Lanes openLanes() {
    return CudaLanes.open(context, stream);
  }

  @Override
  protected CompletableFuture<Void> enqueueFence() {
    return fences.fence();
  }

  @Override
  protected void release() {
    fences.close();
    try {
      context.runUnlessLost(
          () -> {
            modules.values().forEach(Module::release);
            storageModules.values().forEach(Module::release);
            sums.values().forEach(Module::release);
            transfers.release();
            arguments.release();
            Status.checkRelease("cuStreamDestroy", cuStreamDestroy(stream));
          });
    } finally {
      context.release();
    }
  }

  private void free(DeviceMemory memory) {
    context.runUnlessLost(
        () -> {
          // The driver frees at once, whatever a stream that does not block others still does.
          Status.checkRelease("cuStreamSynchronize", cuStreamSynchronize(stream));
          memory.release();
        });
  }

  private void pointwise(Launch launch) {
    arguments.slices(launch.slices()).add(launch.count()).add(launch.dtype(), launch.uniforms());
    elements(kernel(launch, launch.stem()), launch.dtype(), launch.count());
  }

  /** Runs a kernel whose work-items take some elements each. */
  private void elements(CUfunction kernel, Dtype dtype, long count) {
    run(kernel, ceilDiv(count, (long) items(dtype) * GROUP));
  }

  /** Returns the elements of a work-item: one access, as {@code ci/ptx.sh} defines them. */
  static int items(Dtype dtype) {
    return ACCESS_BYTES / dtype.bytes();
  }

  private void gated(Launch launch) {
    runs(launch).add(launch.dtype(), launch.op().activation().doubles());
    elements(kernel(launch, launch.stem()), launch.dtype(), launch.count());
  }

  private void pieces(Launch launch) {
    runs(launch);
    run(kernel(launch, launch.stem()), ceilDiv(launch.count(), GROUP));
  }

  private Arguments runs(Launch launch) {
    return arguments.slices(launch.slices()).add(launch.integers());
  }

  private void rows(Launch launch, Geometry rows) {
    // Neighbours in a row read neighbours where its elements lie next to each other; where rows
    // interleave, neighbouring rows do.
    boolean group = rows.axis() > 64 && rows.inner() < 32;
    arguments
        .slices(launch.slices())
        .add(rows.rows())
        .add(rows.axis())
        .add(rows.inner())
        .add(launch.draws())
        .add(launch.dtype(), launch.op().activation().doubles());
    CUfunction kernel = kernel(launch, launch.direction().stem() + (group ? "_group" : "_item"));
    if (group) {
      run(kernel, Math.min(rows.rows(), MAX_GROUPS), Launch.rowGroup(rows.axis(), GROUP));
    } else {
      run(kernel, ceilDiv(rows.rows(), GROUP));
    }
  }

  private CUfunction kernel(Launch launch, String entry) {
    return kernel(new Key(launch.op().formula(), launch.dtype(), false), entry);
  }

  private CUfunction kernel(Key key, String entry) {
    return modules.computeIfAbsent(key, this::build).kernel(entry);
  }

  private Module build(Key key) {
    if (key.formula() instanceof CustomFormula custom) {
      return Module.build(Compiler.ptx(custom, device.description()));
    }
    Kind kind = (Kind) key.formula();
    return build(key.apart() ? Ptx.fusedDoubles(kind) : Ptx.program(kind, key.dtype()));
  }

  private Module build(String program) {
    return device.tiers().build(tier -> Module.build(Ptx.of(tier, program)));
  }

  private void run(CUfunction kernel, long groups) {
    run(kernel, groups, GROUP);
  }

  private void run(CUfunction kernel, long groups, int group) {
    // A grid has up to 2^31 - 1 groups, which is more than any memory feeds: 2 TiB at the least.
    int grid = Math.toIntExact(groups);
    Status.check(
        "cuLaunchKernel",
        cuLaunchKernel(kernel, grid, 1, 1, group, 1, 1, 0, stream, arguments.table(), null));
  }

  private static long ceilDiv(long n, long d) {
    return n / d + (n % d == 0 ? 0 : 1);
  }
}
