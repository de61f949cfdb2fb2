package dev.activations.api;

/**
 * A point at which a derivative is taken from a {@link Profile} and not from the formula.
 *
 * @param x the input; a zero means both zeros
 * @param slope the derivative there
 */
public record Kink(double x, double slope) {}
