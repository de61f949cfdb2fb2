package dev.activations.opencl;

import dev.activations.api.ActivationException;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Cache;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Finds out by a short run how a device walks fastest through elements: what a work-item moves at
 * once, and how many work-items a group has. Remembers it for as long as device and driver stay the
 * same. No way changes a bit.
 */
final class Tuning {
  /** Passes over fewer elements do not wait for it. */
  static final long LEAST = 1 << 23;

  /** How much faster another way must be than the one that suits devices of its type. */
  private static final double MARGIN = 0.1;

  private static final int ELEMENTS = 1 << 21;
  private static final int RUNS = 4;
  private static final int[] ACCESS_BYTES = {0, 16};
  private static final int[] GROUPS = {64, 128, 256};

  /** What this process knows, where there is no cache. */
  private static final Map<List<String>, Walk> KNOWN = new ConcurrentHashMap<>();

  private final Cache cache;
  private final ToDoubleFunction<Walk> seconds;
  private Walk best;
  private double least;

  /**
   * A tuning.
   *
   * @param seconds runs a pass one way, and tells how long that took
   */
  Tuning(Cache cache, ToDoubleFunction<Walk> seconds) {
    this.cache = cache;
    this.seconds = seconds;
  }

  /** Returns the way for a device. Blocks for a second or a few where nobody knows it yet. */
  static Walk of(OpenClDevice device) {
    List<String> key = new ArrayList<>(device.description().key());
    key.add("walk over elements");
    return KNOWN.computeIfAbsent(
        key,
        any -> new Tuning(Cache.ofUser(), walk -> seconds(device, walk)).of(key, device.walk()));
  }

  /** Returns the way that is remembered under a key, or else the fastest. */
  Walk of(List<String> key, Walk usual) {
    Optional<Walk> remembered =
        cache
            .get(key)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .flatMap(
                text ->
                    Arrays.stream(ACCESS_BYTES)
                        .boxed()
                        .flatMap(access -> groups(usual, access))
                        .filter(walk -> text(walk).equals(text))
                        .findFirst());
    if (remembered.isPresent()) {
      return remembered.get();
    }
    best = usual;
    least = timed(usual) * (1 - MARGIN);
    Arrays.stream(ACCESS_BYTES).forEach(access -> attempt(usual.with(access, usual.group())));
    groups(usual, best.accessBytes()).forEach(this::attempt);
    if (least < Double.POSITIVE_INFINITY) {
      cache.put(key, text(best).getBytes(StandardCharsets.UTF_8));
    }
    return best;
  }

  private static Stream<Walk> groups(Walk usual, int access) {
    return Arrays.stream(GROUPS).mapToObj(group -> usual.with(access, group));
  }

  private void attempt(Walk walk) {
    if (walk.equals(best)) {
      return;
    }
    double time = timed(walk);
    if (time < least) {
      least = time;
      best = walk;
    }
  }

  /** A way that a driver refuses is none; what refuses all of them tells the pass itself. */
  private double timed(Walk walk) {
    try {
      return seconds.applyAsDouble(walk);
    } catch (ActivationException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private static String text(Walk walk) {
    return "%d bytes, groups of %d".formatted(walk.accessBytes(), walk.group());
  }

  /** A formula of average cost, so that a way of which the compiler makes bad code is slow. */
  private static double seconds(OpenClDevice device, Walk walk) {
    float[] ones = new float[ELEMENTS];
    Arrays.fill(ones, 1);
    Op op = Op.of(Kind.GELU);
    double least = Double.POSITIVE_INFINITY;
    try (Session session = device.walking(walk).open();
        DeviceBuffer x = session.upload(ones);
        DeviceBuffer y = session.allocate(Dtype.F32, ELEMENTS)) {
      for (int i = 0; i < RUNS; i++) {
        long start = System.nanoTime();
        session.forward(op, x, y);
        session.finish();
        least = Math.min(least, (System.nanoTime() - start) / 1e9);
      }
    }
    return least;
  }
}
