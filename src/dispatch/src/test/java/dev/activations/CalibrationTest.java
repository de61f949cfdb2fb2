package dev.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  private static final Workload GELU = Workload.of(Op.of(Kind.GELU), Direction.BACKWARD, 1_000_000);

  private static SimulatedMachine machine(
      double latency, double in, double element, double out, double noise) {
    return new SimulatedMachine(latency, in, n -> n * element, out, noise, new Random(7));
  }

  @Test
  void findsWhatAMachineTakes() {
    Costs costs = Calibration.of(machine(3e-5, 4e-10, 2e-9, 1e-10, 0), GELU);
    assertEquals(3e-5, costs.latency(), 1e-9);
    // A transfer has a latency of its own, which the many bytes make small.
    assertEquals(4e-10, costs.in(), 0.02e-10);
    assertEquals(2e-9, costs.element(), 0.02e-9);
    assertEquals(1e-10, costs.out(), 0.03e-10);
  }

  @Test
  void noiseAndHiccupsAreAveragedOut() {
    SimulatedMachine machine = machine(3e-5, 1e-10, 1e-9, 1e-10, 0.1);
    Costs costs = Calibration.of(machine, GELU);
    for (long count = 100; count < 1_000_000_000L; count *= 10) {
      Workload workload = Workload.of(Op.of(Kind.GELU), Direction.BACKWARD, count);
      double ratio = costs.estimate(workload, 1).seconds() / machine.truth(workload);
      assertEquals(1, ratio, 0.15, workload.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-11, 1e-10, 1e-9, 5e-9, 25e-9})
  void takesAboutFiftyMilliseconds(double element) {
    SimulatedMachine machine = machine(2e-5, 1e-10, element, 1e-10, 0);
    Calibration.of(machine, GELU);
    assertTrue(machine.clock() < 0.08, machine.clock() + " s");
  }

  @Test
  void copiesThatOverlapAddUpToTheWhole() {
    SimulatedMachine inner = machine(0, 1e-9, 0, 1e-9, 0);
    Machine overlapping =
        new Machine() {
          @Override
          public double pass(Workload workload) {
            return inner.pass(workload) / 2;
          }

          @Override
          public double copyIn(Workload workload) {
            return inner.copyIn(workload);
          }

          @Override
          public double copyOut(Workload workload) {
            return inner.copyOut(workload);
          }
        };
    Estimate estimate = Calibration.of(overlapping, GELU).estimate(GELU, 1);
    assertEquals(6e-3, estimate.seconds(), 1e-6);
    assertEquals(4e-3, estimate.in(), 1e-6);
  }

  @Test
  void stopsWhenInterruptedAndLeavesItAtThat() {
    Thread.currentThread().interrupt();
    assertThrows(
        Calibration.InterruptedCalibration.class,
        () -> Calibration.of(machine(1e-5, 0, 1e-9, 0, 0), GELU));
    assertTrue(Thread.interrupted());
  }

  @Test
  void keepsTheRowsWhenItTakesFewerOfThem() {
    Op softmax = Op.of(Kind.SOFTMAX).over(new Geometry(1000, 300, 2));
    Workload few = Workload.of(softmax, Direction.FORWARD, 600_000).resized(1 << 16);
    assertEquals(new Geometry(109, 300, 2), few.op().geometry().orElseThrow());
    Op halves = Op.of(Kind.SWIGLU).over(Geometry.rows(4, 1_000_000));
    assertEquals(
        1 << 16, Workload.of(halves, Direction.FORWARD, 4_000_000).resized(1 << 16).count());
    Workload gated = Workload.of(Op.of(Kind.SWIGLU), Direction.BACKWARD, 1000).resized(1001);
    assertEquals(1000, gated.count());
    assertEquals(1500 * Float.BYTES, gated.bytesIn());
    assertEquals(1000 * Float.BYTES, gated.bytesOut());
  }

  @Test
  void costsAreKeptToTheLastBit() {
    Costs costs = new Costs(1 / 3e5, 0, 1 / 7e9, 2e-10);
    assertEquals(costs, Costs.of(costs.content()).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 2 3 4",
        "latency in element out\n",
        "latency in element out\n1 2 3\n",
        "latency in element out\n1 2 3 4 5\n",
        "latency in element out\n1 2 3 x\n",
        "latency in element out\n1 2 3 NaN\n",
        "latency in element out\n1 2 -3 4\n",
        "latency in element out\n0 0 0 0\n",
        "another head\n1 2 3 4\n",
        "\u0000\uffff"
      })
  void whatHoldsNoCostsIsIgnored(String content) {
    assertTrue(Costs.of(content.getBytes(StandardCharsets.UTF_8)).isEmpty());
  }
}
