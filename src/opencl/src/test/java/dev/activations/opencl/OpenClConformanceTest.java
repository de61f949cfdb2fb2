package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.api.Kind;
import dev.activations.verify.Conformance;
import dev.activations.verify.Scope;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every OpenCL device of this machine gives the bits of the definition, whichever way its kernels
 * walk: the way of GPUs is tested without one.
 */
class OpenClConformanceTest {
  /**
   * Some of every shape and number of parameters. The way through memory is what the loops do; the
   * formulas are the same text in each, and a driver takes seconds to build one. prelu brings the
   * sums over channels.
   */
  private static final List<Kind> LOOPS =
      List.of(
          Kind.SIGMOID,
          Kind.PRELU,
          Kind.HARD_TANH,
          Kind.XIELU,
          Kind.RRELU,
          Kind.SOFTMAX,
          Kind.MASKED_SOFTMAX,
          Kind.GUMBEL_SOFTMAX,
          Kind.SPARSEMAX,
          Kind.SWIGLU,
          Kind.SWIGLU_CLAMPED,
          Kind.MAXOUT,
          Kind.CRELU);

  @TestFactory
  Stream<DynamicContainer> asCpusDo() {
    return conforms(device -> device.walking(Walk.CPU), List.of(Kind.values()));
  }

  @TestFactory
  Stream<DynamicContainer> asGpusDo() {
    return conforms(device -> OpenClDevices.withOwnMemory(device.walking(Walk.GPU)), LOOPS);
  }

  private static Stream<DynamicContainer> conforms(
      UnaryOperator<OpenClDevice> way, List<Kind> kinds) {
    return OpenClDevices.all().stream()
        .map(device -> dynamicContainer(device.toString(), checks(way.apply(device), kinds)));
  }

  private static Stream<DynamicTest> checks(OpenClDevice device, List<Kind> kinds) {
    return Conformance.run(device, Scope.quick(kinds), Conformance.Listener.NONE).checks().stream()
        .map(check -> dynamicTest(check.name(), () -> assertTrue(check.passed(), check.detail())));
  }
}
