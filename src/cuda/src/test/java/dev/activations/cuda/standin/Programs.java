package dev.activations.cuda.standin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static jcuda.driver.JCudaDriver.cuCtxPushCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadDataJIT;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.HostBuffer;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cuda.CudaBackend;
import dev.activations.verify.Check;
import dev.activations.verify.Conformance;
import dev.activations.verify.Definition;
import dev.activations.verify.Scope;
import dev.activations.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JITOptions;

/** What the tests run where the stand-in is the driver. Each prints what it saw. */
final class Programs {
  private static final Op GELU = Op.of(Kind.GELU);

  private Programs() {}

  private static Device device(int ordinal) {
    return new CudaBackend().probe().get(ordinal).device().orElseThrow();
  }

  private static void print(Object line) {
    System.out.println(line);
  }

  /** Does something that is expected to fail, and prints how. */
  private static void attempt(String what, Runnable work) {
    try {
      work.run();
      print(what + ": done");
    } catch (ActivationException e) {
      print(what + ": " + e.getMessage().replaceAll("\\s+", " ").strip());
    }
  }

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 1000 - 500) * 0.01f;
    }
    return values;
  }

  private static String verdict(Op op, float[] x, float[] result) {
    return verdict(op, Direction.FORWARD, x, result);
  }

  private static String verdict(Op op, Direction direction, float[] x, float[] result) {
    return Arrays.equals(Definition.run(op, direction, x, x), result) ? "right" : "wrong";
  }

  /** Prints the findings and what the devices say about themselves. */
  static final class Probe {
    public static void main(String[] arguments) {
      for (Finding finding : new CudaBackend().probe()) {
        print(finding);
        finding.device().ifPresent(device -> print(device.properties()));
      }
    }
  }

  /**
   * Holds the first device against the definition; one line for each check. Arguments are a type of
   * elements, and then kinds: all where none are named.
   */
  static final class Conform {
    public static void main(String[] arguments) {
      List<Dtype> dtypes =
          Arrays.stream(Dtype.values())
              .filter(dtype -> dtype.label().equals(arguments[0]))
              .toList();
      List<Kind> kinds =
          arguments.length == 1
              ? List.of(Kind.values())
              : Arrays.stream(arguments).skip(1).map(Kind::named).toList();
      Scope scope = new Scope(List.copyOf(kinds), dtypes, 0, false);
      Verdict verdict = Conformance.run(device(0), scope, Conformance.Listener.NONE);
      for (Check check : verdict.checks()) {
        print(check.passed() + "\t" + check.name() + "\t" + check.detail());
      }
    }
  }

  /** Uses every device by four threads at once. */
  static final class SideBySide {
    public static void main(String[] arguments) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Session> sessions =
          new CudaBackend().probe().stream().map(finding -> finding.device().get().open()).toList();
      List<Future<String>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Session session = sessions.get(i % sessions.size());
        Op op = Op.of(i < 4 ? Kind.GELU : Kind.SOFTMAX);
        int count = 1000 + i;
        done.add(
            threads.submit(
                () -> {
                  try (DeviceBuffer buffer = session.upload(values(count))) {
                    session.forward(op, buffer, buffer);
                    return session.device().id()
                        + " "
                        + verdict(op, values(count), session.download(buffer));
                  }
                }));
      }
      for (Future<String> each : done) {
        print(each.get());
      }
      threads.shutdown();
      sessions.forEach(Session::close);
    }
  }

  /** Uses the first device, and prints what is found before and after. */
  static final class StepDown {
    public static void main(String[] arguments) {
      print(new CudaBackend().probe().get(0));
      try (Session session = device(0).open()) {
        print(verdict(GELU, values(1000), session.forward(GELU, values(1000))));
      }
      print(new CudaBackend().probe().get(0));
    }
  }

  /** Uses the second device only. */
  static final class Second {
    public static void main(String[] arguments) {
      Device second = device(1);
      try (Session session = second.open()) {
        print(second.id() + " " + verdict(GELU, values(1000), session.forward(GELU, values(1000))));
      }
    }
  }

  /** Runs an activation that is not the library's. */
  static final class Custom {
    public static void main(String[] arguments) {
      Op op = Op.of(arguments.length == 0 ? StarRelu.FORMULA : StarRelu.broken());
      float[] x = values(5000);
      try (Session session = device(0).open()) {
        print(
            "forward %s, derivative %s, backward %s"
                .formatted(
                    verdict(op, x, session.forward(op, x)),
                    verdict(op, Direction.DERIVATIVE, x, session.derivative(op, x)),
                    verdict(op, Direction.BACKWARD, x, session.backward(op, x, x))));
      } catch (ActivationException e) {
        print(e.getMessage().replaceAll("\\s+", " ").strip());
      }
    }
  }

  /** Fences in their order, and buffers that are closed while work uses them. */
  static final class Asynchronous {
    public static void main(String[] arguments) {
      float[] x = values(5000);
      try (Session session = device(0).open()) {
        DeviceBuffer out = session.allocate(Dtype.F32, x.length);
        DeviceBuffer in = session.upload(x);
        session.forward(GELU, in, out);
        CompletableFuture<Void> first = session.fence();
        CompletableFuture<Void> heard = first.thenRun(() -> print("first"));
        CompletableFuture<Void> second = session.fence().thenRun(() -> print("second"));
        CompletableFuture.allOf(heard, second).join();
        for (int i = 0; i < 3; i++) {
          DeviceBuffer again = session.upload(x);
          session.forward(GELU, again, out);
          again.close();
        }
        print(verdict(GELU, x, session.download(out)));
      }
    }
  }

  /** Opens twice, since what fails is to leave nothing behind. */
  static final class Open {
    public static void main(String[] arguments) {
      Device device = device(0);
      for (int i = 0; i < 2; i++) {
        attempt("open", () -> device.open().close());
      }
    }
  }

  /** Asks for more memory than there is, and goes on. */
  static final class Memory {
    public static void main(String[] arguments) {
      try (Session session = device(0).open()) {
        attempt("allocate", () -> session.allocate(Dtype.F32, 1 << 20));
        attempt("allocate all", () -> session.allocate(Dtype.F32, Long.MAX_VALUE));
        print(verdict(GELU, values(1000), session.forward(GELU, values(1000))));
      }
    }
  }

  /** Computes as many elements as it is told, in arrays and in pinned memory. */
  static final class Ring {
    public static void main(String[] arguments) {
      float[] x = values(Integer.parseInt(arguments[0]));
      Session session = device(0).open();
      attempt("arrays", () -> print(verdict(GELU, x, session.forward(GELU, x))));
      attempt("pinned", () -> print(verdict(GELU, x, pinned(session, x))));
      attempt("close", session::close);
    }

    private static float[] pinned(Session session, float[] x) {
      try (HostBuffer in = session.allocateHost(Dtype.F32, x.length + 1);
          HostBuffer out = session.allocateHost(Dtype.F32, x.length)) {
        // Not from its start, since what is seen of it in part is pinned as well.
        FloatBuffer part = in.floats().slice(1, x.length);
        part.duplicate().put(x);
        session.forward(GELU, part, out.floats());
        float[] result = new float[x.length];
        out.floats().get(result);
        return result;
      }
    }
  }

  /** Runs a pass twice, waits, and closes. */
  static final class Work {
    public static void main(String[] arguments) {
      float[] x = values(1000);
      Session session = device(0).open();
      DeviceBuffer in = session.upload(x);
      DeviceBuffer out = session.upload(new float[x.length]);
      attempt("first", () -> session.forward(GELU, in, out));
      attempt("second", () -> session.forward(GELU, in, out));
      attempt("finish", session::finish);
      attempt("download", () -> print(verdict(GELU, x, session.download(out))));
      attempt("close a buffer", in::close);
      attempt("close", session::close);
      attempt("close again", session::close);
    }
  }

  /** Goes on where one of its calls fails for want of memory. */
  static final class Exhaustion {
    public static void main(String[] arguments) {
      float[] x = values(1000);
      try (Session session = device(0).open()) {
        for (int i = 0; i < 4; i++) {
          attempt(
              "try " + i,
              () -> {
                try (DeviceBuffer in = session.upload(x);
                    DeviceBuffer out = session.allocate(Dtype.F32, x.length)) {
                  session.forward(GELU, in, out);
                  print(verdict(GELU, x, session.download(out)));
                }
              });
        }
      }
    }
  }

  /**
   * Launches a kernel of a file, without the checks of a session, and prints how that went and,
   * twice, what the stream says. The kernel gets the same 256 floats as input and output, and a
   * count. Takes the file, the kernel, the count, the number of threads, and how often to launch it
   * with arguments that are written once.
   */
  static final class Raw {
    public static void main(String[] arguments) throws IOException {
      device(0); // Loads JCuda and starts the driver.
      String text = Files.readString(Path.of(arguments[0])) + '\0';
      CUdevice device = new CUdevice();
      cuDeviceGet(device, 0);
      CUcontext context = new CUcontext();
      cuDevicePrimaryCtxRetain(context, device);
      cuCtxPushCurrent(context);
      CUmodule module = new CUmodule();
      int code = cuModuleLoadDataJIT(module, Pointer.to(text.getBytes(UTF_8)), new JITOptions());
      print(CUresult.stringFor(code));
      if (code != CUresult.CUDA_SUCCESS) {
        return;
      }
      CUfunction kernel = new CUfunction();
      cuModuleGetFunction(kernel, module, arguments[1]);
      Pointer table = table(Long.parseLong(arguments[2]));
      int threads = Integer.parseInt(arguments[3]);
      CUstream stream = new CUstream();
      cuStreamCreate(stream, 0);
      for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
        int launched = cuLaunchKernel(kernel, 1, 1, 1, threads, 1, 1, 0, stream, table, null);
        print(CUresult.stringFor(launched));
      }
      print(CUresult.stringFor(cuStreamSynchronize(stream)));
      print(CUresult.stringFor(cuStreamSynchronize(stream)));
    }

    /** Address, offset, address, offset and count, in memory that the driver sees as it is. */
    private static Pointer table(long count) {
      Allocation memory = new Allocation();
      cuMemAlloc(memory, 256 * Float.BYTES);
      long[] values = {memory.address(), 0, memory.address(), 0, count};
      ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Long.BYTES);
      bytes.order(ByteOrder.nativeOrder()).asLongBuffer().put(values);
      Pointer[] slots = new Pointer[values.length];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = Pointer.to(bytes).withByteOffset((long) i * Long.BYTES);
      }
      return Pointer.to(slots);
    }

    /** JCuda shows an address to its subclasses only. */
    private static final class Allocation extends CUdeviceptr {
      long address() {
        return getNativePointer();
      }
    }
  }
}
