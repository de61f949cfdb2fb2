package dev.activations.spi;

/** Storage on a device, of one type, counted in elements. Its owner is a session. */
public interface Memory {

  /**
   * Gives the storage back once all work that was enqueued before is done with it. Called once, by
   * the session, under its lock. Does not block longer than the driver does.
   */
  void free();
}
