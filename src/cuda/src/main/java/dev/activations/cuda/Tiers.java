package dev.activations.cuda;

import dev.activations.api.KernelBuildException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tiers that a device takes, and why not the others: what its description rules out from the
 * start, and what its driver has refused since. Shared by all sessions and searches of a process,
 * so that a step down is taken once and shows in every later finding. Safe for several threads.
 */
final class Tiers {
  private static final Map<Description, Tiers> KNOWN = new ConcurrentHashMap<>();

  private final Map<Tier, String> obstacles = new EnumMap<>(Tier.class);

  private Tiers(Description device) {
    for (Tier tier : Tier.values()) {
      tier.obstacle(device).ifPresent(obstacle -> obstacles.put(tier, obstacle));
    }
  }

  /** Returns what is known of a device. */
  static Tiers of(Description device) {
    return KNOWN.computeIfAbsent(device, Tiers::new);
  }

  /** Returns the best tier that nothing speaks against, or nothing if there is none. */
  synchronized Optional<Tier> best() {
    return List.of(Tier.values()).stream().filter(tier -> !obstacles.containsKey(tier)).findFirst();
  }

  /**
   * Makes something of the best tier, stepping down where the driver refuses one.
   *
   * @param build makes it
   * @throws KernelBuildException if the driver refuses the last tier too; the log has every step
   */
  <T> T build(Function<Tier, T> build) {
    List<String> steps = new ArrayList<>();
    while (true) {
      Tier tier = best().orElseThrow();
      try {
        return build.apply(tier);
      } catch (KernelBuildException e) {
        steps.add("%s: %s".formatted(tier, e.log()));
        if (!refuse(tier, e)) {
          throw new KernelBuildException(e.file(), e.options(), String.join("\n", steps));
        }
      }
    }
  }

  /** Rules a tier out, unless it is the last one: that is tried again, should its trouble end. */
  private synchronized boolean refuse(Tier tier, KernelBuildException refusal) {
    boolean below = tier.ordinal() + 1 < Tier.values().length;
    if (below) {
      obstacles.putIfAbsent(
          tier, "was refused: " + refusal.log().lines().findFirst().orElse("no log"));
    }
    return below;
  }

  /** Says which tier is taken, and why not those above it. */
  @Override
  public synchronized String toString() {
    String taken = best().map(Tier::toString).orElse("no PTX");
    String passed =
        obstacles.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining("; "));
    return passed.isEmpty() ? taken : "%s (%s)".formatted(taken, passed);
  }
}
