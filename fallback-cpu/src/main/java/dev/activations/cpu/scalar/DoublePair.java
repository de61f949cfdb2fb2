package dev.activations.cpu.scalar;

/**
 * The unevaluated sum hi + lo. Normalised when {@code hi} is the sum rounded to double.
 *
 * @param hi the leading part
 * @param lo what it lacks
 */
public record DoublePair(double hi, double lo) {}
