package dev.activations.api;

import java.util.List;
import java.util.stream.Collectors;

/** The device that was asked for cannot be used; the findings say why and what to do. */
public final class DeviceUnavailableException extends ActivationException {
  private static final long serialVersionUID = 1L;
  private final transient List<Finding> findings;

  /**
   * A request that no device meets.
   *
   * @param request what was asked for
   * @param findings all that the search found
   */
  public DeviceUnavailableException(String request, List<Finding> findings) {
    super(
        "no usable device matches %s. Found:%n%s"
            .formatted(
                request, findings.stream().map(f -> "  " + f).collect(Collectors.joining("\n"))),
        null);
    this.findings = List.copyOf(findings);
  }

  /** Returns what the search for devices found: one finding for each device and back end. */
  public List<Finding> findings() {
    return findings;
  }
}
