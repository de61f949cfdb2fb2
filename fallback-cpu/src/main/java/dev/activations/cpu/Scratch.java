package dev.activations.cpu;

/** Arrays of one worker, for what does not lie in an array, or not side by side. */
final class Scratch {
  /** Elements that a tile holds. */
  static final int TILE = 1 << 14;

  final float[] first = new float[TILE];
  final float[] second = new float[TILE];

  /** For results in between; loops do not use them by themselves. */
  final float[] third = new float[TILE];

  final float[] fourth = new float[TILE];
}
