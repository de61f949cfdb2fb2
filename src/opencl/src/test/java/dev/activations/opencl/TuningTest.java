package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.ActivationException;
import dev.activations.spi.Cache;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On devices whose times are known. */
class TuningTest {
  private static final List<String> KEY = List.of("a device", "its driver");

  @TempDir Path directory;
  private final List<Walk> tried = new ArrayList<>();

  private Walk tune(ToDoubleFunction<Walk> seconds) {
    ToDoubleFunction<Walk> noted =
        walk -> {
          tried.add(walk);
          return seconds.applyAsDouble(walk);
        };
    return new Tuning(Cache.in(directory), noted).of(KEY, Walk.GPU);
  }

  @Test
  void theFastestWayIsTakenAndRemembered() {
    Walk best = tune(walk -> walk.accessBytes() + walk.group() / 64);
    assertEquals(Walk.GPU.with(0, 64), best);
    tried.clear();
    assertEquals(best, tune(walk -> walk.group()));
    assertEquals(List.of(), tried);
  }

  @Test
  void theUsualWayIsLeftForNoLessThanTenPercent() {
    assertEquals(Walk.GPU, tune(walk -> walk.equals(Walk.GPU) ? 1 : 0.91));
  }

  @Test
  void whatTheDriverRefusesIsNoWay() {
    Walk best =
        tune(
            walk -> {
              if (walk.accessBytes() > 0) {
                throw new ActivationException("no vectors here", null);
              }
              return walk.group();
            });
    assertEquals(Walk.GPU.with(0, 64), best);
  }

  @Test
  void whereAllAreRefusedTheUsualWayStays() {
    ToDoubleFunction<Walk> refuses =
        walk -> {
          throw new ActivationException("nothing runs here", null);
        };
    assertEquals(Walk.GPU, tune(refuses));
    assertEquals(Walk.GPU.with(0, 64), tune(walk -> walk.accessBytes() + walk.group() / 64));
  }

  @Test
  void whatIsNoWayIsNotRemembered() {
    Cache.in(directory).put(KEY, "7 bytes, groups of 3".getBytes(StandardCharsets.UTF_8));
    assertEquals(Walk.GPU.with(16, 128), tune(walk -> walk.group() == 128 ? 1 : 2));
  }
}
