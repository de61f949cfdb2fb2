package dev.activations.spi;

import dev.activations.api.Finding;
import java.util.List;

/**
 * One way to reach devices. Found through {@link java.util.ServiceLoader}; needs a public
 * constructor without arguments that touches no driver.
 */
public interface Backend {

  /**
   * Returns the name that its devices' ids begin with: {@code cuda}, {@code opencl}, {@code cpu}.
   */
  String id();

  /**
   * Looks for devices. Blocks while drivers load.
   *
   * <p>Never throws: a loader, driver or platform that is missing is a finding with a remedy, and
   * there is always at least one finding. Called once by each search; keeps no resource open.
   *
   * @return one finding for each device, best first, or one for the back end if it reaches none
   */
  List<Finding> probe();
}
