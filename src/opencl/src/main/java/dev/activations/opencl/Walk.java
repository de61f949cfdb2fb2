package dev.activations.opencl;

import dev.activations.api.Device;
import dev.activations.api.Geometry;

/** How kernels walk through memory, where devices differ in speed. No choice changes a bit. */
final class Walk {
  private Walk() {}

  /**
   * Returns the elements that a work-item takes in a pointwise kernel. A GPU has more loads under
   * way with four. A CPU's compiler makes vectors of neighbouring work-items, and more than one
   * element each keeps PoCL from it: relu takes three times as long.
   */
  static int items(Description device) {
    return device.type() == Device.Type.CPU ? 1 : 4;
  }

  /** Returns whether a row is walked by a group, as opposed to a work-item. */
  static boolean byGroup(Geometry rows, Description device) {
    return rows.axis() > 64 && rows.inner() < 32;
  }
}
