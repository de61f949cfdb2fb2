package dev.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices whose times are known, by a clock that only counts. */
class CostModelTest {
  private static final int SETTLED = 200;
  private static final int MANY = 2000;

  private final Random random = new Random(5);

  private static Workload gelu(long count) {
    return Workload.of(Op.of(Kind.GELU), Direction.FORWARD, count);
  }

  /** Works at so many ns an element, half as fast from what its caches hold. */
  private SimulatedMachine cpu(double ns, double noise) {
    return new SimulatedMachine(
        2e-6, 0, n -> 1e-9 * ns * (n + Math.max(0, n - (1 << 21))), 0, noise, random);
  }

  /** Works in no time; what counts is the way, at so many GB/s in and a half more out. */
  private SimulatedMachine gpu(double microseconds, double rate, double noise) {
    return new SimulatedMachine(
        1e-6 * microseconds, 1e-9 / rate, n -> n * 2e-12, 1e-9 / rate / 1.5, noise, random);
  }

  /** Starts slowly, and has no caches that end. */
  private SimulatedMachine accelerator(double noise) {
    return new SimulatedMachine(3e-4, 1e-10, n -> n * 0.3e-9, 1e-10, noise, random);
  }

  private static CostModel calibrated(SimulatedMachine... machines) {
    return new CostModel(
        Arrays.stream(machines).map(each -> Calibration.of(each, gelu(1 << 16))).toList());
  }

  /** Runs passes; returns how long all took, without noise. */
  private static double run(CostModel model, Workload workload, int n, SimulatedMachine... all) {
    double seconds = 0;
    for (int i = 0; i < n; i++) {
      int device = model.choose(workload);
      model.observe(device, workload, all[device].pass(workload));
      seconds += all[device].truth(workload);
    }
    return seconds;
  }

  @ParameterizedTest
  @CsvSource({
    "0.3, 10, 0",
    "0.3, 10, 0.1",
    "1, 10, 0",
    "1, 10, 0.1",
    "1, 50, 0.1",
    "5, 8, 0.1",
    "20, 50, 0.1"
  })
  void theChoiceIsWithinATenthOfTheBest(double ns, double rate, double noise) {
    SimulatedMachine[] all = {cpu(ns, noise), gpu(50, rate, noise), accelerator(noise)};
    CostModel model = calibrated(all);
    for (double size = 100; size <= 1e9; size *= 1.5) {
      Workload workload = gelu((long) size);
      double best = Arrays.stream(all).mapToDouble(each -> each.truth(workload)).min().orElse(0);
      run(model, workload, SETTLED, all);
      double each = run(model, workload, MANY, all) / MANY;
      assertTrue(each <= 1.1 * best, "%s: %s for %s".formatted(workload, each, best));
    }
  }

  @Test
  void theFirstChoiceIsGoodWhereTimesAreStraightLines() {
    SimulatedMachine[] all = {gpu(50, 10, 0), gpu(20, 3, 0), accelerator(0)};
    CostModel model = calibrated(all);
    for (double size = 100; size <= 1e9; size *= 1.2) {
      Workload workload = gelu((long) size);
      double best = Arrays.stream(all).mapToDouble(each -> each.truth(workload)).min().orElse(0);
      assertTrue(all[model.choose(workload)].truth(workload) <= 1.1 * best, workload.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 4, 20, 1000})
  void aDeviceThatSlowsDownIsLeftWithinAFewCalls(double times) {
    SimulatedMachine gpu = gpu(20, 50, 0.03);
    SimulatedMachine cpu = cpu(0.12, 0.03);
    CostModel model = calibrated(gpu, cpu);
    Workload workload = gelu(1 << 24);
    run(model, workload, SETTLED, gpu, cpu);
    assertEquals(0, model.best(workload));
    gpu.slowDown(times);
    run(model, workload, 8, gpu, cpu);
    assertEquals(1, model.best(workload));
    // It comes back once it is fast again, and in the meantime trying it costs next to nothing.
    double best = cpu.truth(workload);
    int many = 100_000;
    assertTrue(run(model, workload, many, gpu, cpu) <= 1.05 * best * many);
    gpu.slowDown(1);
    run(model, workload, many, gpu, cpu);
    assertEquals(0, model.best(workload));
  }

  @Test
  void oneHiccupIsNoReasonToSwitch() {
    CostModel model = new CostModel(List.of(new Costs(1, 0, 0, 0), new Costs(1.1, 0, 0, 0)));
    Workload workload = gelu(1 << 20);
    for (int i = 0; i < 5; i++) {
      assertEquals(0, model.choose(workload));
      model.observe(0, workload, i == 2 ? 100 : 1);
    }
  }

  @Test
  void equalDevicesAreNotSwitchedToAndFro() {
    SimulatedMachine[] all = {gpu(50, 10, 0.05), gpu(50, 10.1, 0.05)};
    CostModel model = calibrated(all);
    Workload workload = gelu(1 << 24);
    int switches = 0;
    for (int i = 0; i < 1000; i++) {
      int before = model.best(workload);
      run(model, workload, 1, all);
      switches += model.best(workload) == before ? 0 : 1;
    }
    assertTrue(switches <= 5, switches + " switches");
  }

  @Test
  void aDeviceThatIsLeftForGoodIsNeverTried() {
    CostModel model = new CostModel(List.of(new Costs(1, 0, 0, 0), new Costs(2, 0, 0, 0)));
    Workload workload = gelu(1 << 20);
    model.leave(0);
    for (int i = 0; i < 1000; i++) {
      assertNotEquals(0, model.choose(workload));
      model.observe(1, workload, 2);
    }
  }

  @Test
  void asksForNoTimeOfNothing() {
    CostModel model = new CostModel(List.of(new Costs(0, 0, 1e-9, 0)));
    Workload workload = gelu(0);
    model.observe(model.choose(workload), workload, 0);
    assertEquals(0, model.estimates(workload).get(0).seconds());
  }
}
