package dev.activations.api;

/**
 * A value that the policy fixes to the bit, at default parameters: a kink, an infinity, a signed
 * zero. That NaN gives NaN holds for every kind and is not listed.
 *
 * @param x the input
 * @param forward the value of the function there
 * @param derivative the value of the derivative there; at a kink, the outer piece's
 */
public record SpecialPoint(float x, float forward, float derivative) {}
