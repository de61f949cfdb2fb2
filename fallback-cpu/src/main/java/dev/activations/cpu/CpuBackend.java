package dev.activations.cpu;

import dev.activations.api.Finding;
import dev.activations.cpu.vector.Vectorizer;
import dev.activations.spi.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The host's own processor, as two devices: {@code cpu:vector}, which needs the Vector API and a
 * fused multiply-add instruction, and {@code cpu:scalar}, which is always there. Both give the same
 * bits.
 *
 * <p>A session uses as many threads as there are processors, or as the system property {@value
 * #THREADS} says.
 */
public final class CpuBackend implements Backend {
  /** The system property for the number of threads of a session, the calling one included. */
  public static final String THREADS = "activations.cpu.threads";

  static final String ID = "cpu";
  private static final String VECTOR = "cpu:vector";
  private static final String SCALAR = "cpu:scalar";
  private static final String SLOW_FMA =
      "This processor, or this Java, multiplies and adds in two instructions, so that Math.fma"
          + " is emulated";

  private final BooleanSupplier vectorModule;
  private final BooleanSupplier fastFma;

  /** For {@link java.util.ServiceLoader}. */
  public CpuBackend() {
    this(Vectorizer::isSupported, FusedMultiplyAdd::isFast);
  }

  /** With answers in place of what it would ask the machine. */
  CpuBackend(BooleanSupplier vectorModule, BooleanSupplier fastFma) {
    this.vectorModule = vectorModule;
    this.fastFma = fastFma;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public List<Finding> probe() {
    String name = Processor.name();
    String setting = System.getProperty(THREADS, "");
    int threads;
    try {
      threads = threads(setting);
    } catch (IllegalArgumentException e) {
      return List.of(
          Finding.unusable(
              ID,
              ID,
              name,
              e.getMessage() + ".",
              "Set -D%s to a positive number, or leave it out.".formatted(THREADS)));
    }
    return List.of(vector(name, threads), scalar(name, threads));
  }

  private static int threads(String setting) {
    if (setting.isBlank()) {
      return Runtime.getRuntime().availableProcessors();
    }
    String expected = "%s must be a number from 1 to 1024, got '%s'".formatted(THREADS, setting);
    try {
      int threads = Integer.parseInt(setting.strip());
      if (threads < 1 || threads > 1024) {
        throw new IllegalArgumentException(expected);
      }
      return threads;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
  }

  private Finding vector(String name, int threads) {
    if (!vectorModule.getAsBoolean()) {
      return Finding.unusable(
          ID,
          VECTOR,
          name,
          "Java was started without the module jdk.incubator.vector.",
          "Add --add-modules jdk.incubator.vector to the java command line.");
    }
    if (!fastFma.getAsBoolean()) {
      return Finding.unusable(
          ID,
          VECTOR,
          name,
          SLOW_FMA + ".",
          "Use a processor with FMA (x86: Haswell, Piledriver or newer), show its flags to the"
              + " virtual machine, and leave out -XX:-UseFMA. cpu:scalar gives the same bits,"
              + " slowly.");
    }
    int lanes = Vectorizer.lanes();
    Map<String, String> properties = properties(threads);
    properties.put("vector", "%d bits, %d floats".formatted(lanes * Float.SIZE, lanes));
    return Finding.usable(
        new CpuDevice(VECTOR, name, VectorLoops.INSTANCE, threads, properties),
        "The Vector API takes %d floats at a time; float64 takes the scalar loops."
            .formatted(lanes));
  }

  private Finding scalar(String name, int threads) {
    return Finding.usable(
        new CpuDevice(SCALAR, name, ScalarLoops.INSTANCE, threads, properties(threads)),
        fastFma.getAsBoolean()
            ? "The scalar definition runs everywhere."
            : "The scalar definition runs everywhere, but very slowly here. "
                + SLOW_FMA
                + " at some 100 microseconds a time.");
  }

  private static Map<String, String> properties(int threads) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("architecture", System.getProperty("os.arch"));
    properties.put("java", Runtime.version().toString());
    properties.put("threads", Integer.toString(threads));
    return properties;
  }
}
