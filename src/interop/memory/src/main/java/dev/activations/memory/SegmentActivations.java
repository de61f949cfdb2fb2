package dev.activations.memory;

/**
 * Activations of memory segments, which need Java 22. This is what older ones see of it: nothing.
 */
public final class SegmentActivations {

  private SegmentActivations() {}
}
