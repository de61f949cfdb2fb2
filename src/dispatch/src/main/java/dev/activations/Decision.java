package dev.activations;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a pass over the host's data goes, and why.
 *
 * @param workload the pass
 * @param device the id of the device
 * @param reason why it was chosen, one sentence
 * @param candidates all devices that were thought of, the chosen one first
 */
public record Decision(
    Workload workload, String device, String reason, List<Candidate> candidates) {

  /**
   * A device that was thought of.
   *
   * @param id its id, or its back end's name where no device could be reached
   * @param name its name
   * @param estimate how long it is expected to take, if that was measured
   * @param remark why it is not, else empty
   */
  public record Candidate(String id, String name, Optional<Estimate> estimate, String remark) {
    @Override
    public String toString() {
      return "%s (%s): %s".formatted(id, name, estimate.map(Estimate::toString).orElse(remark));
    }
  }

  /** Keeps the candidates as they are. */
  public Decision {
    candidates = List.copyOf(candidates);
  }

  /** Returns the decision and its reason, and a line for each candidate. */
  @Override
  public String toString() {
    return "%s: %s, %s%s"
        .formatted(
            workload,
            device,
            reason,
            candidates.stream().map(each -> "\n  " + each).collect(Collectors.joining()));
  }
}
