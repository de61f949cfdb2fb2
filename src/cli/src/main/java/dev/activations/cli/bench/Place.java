package dev.activations.cli.bench;

import java.util.Locale;

/** Where the data of a pass lives. */
enum Place {
  /** On the device; a pass is enqueued there. */
  DEVICE,
  /**
   * In the host's memory, in direct buffers; a pass takes it to the device and back, if need be.
   */
  HOST;

  /** Returns the name used in options and reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
