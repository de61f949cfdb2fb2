package dev.activations.api;

import java.util.Optional;

/**
 * How a derivative is taken from the output of a formula, so that a backward pass needs no input.
 * An output beyond the range of the function counts as the end of the range.
 *
 * @param expression the derivative where the function is {@code y}, as people write it
 * @param condition what the parameters must be, as people write it; nothing where any will do
 * @param bound the largest distance from the true value of the expression, over all {@code y} and
 *     at default parameters, in units in the last place
 * @param error the largest distance from {@code f'(x)}, over all {@code x} and at default
 *     parameters, where {@code y} is the rounded {@code f(x)}; not in units, since where the
 *     derivative vanishes the rounding of {@code y} may cost all of them. Where it is 0, the bits
 *     are those of the backward pass from the input
 * @param cost what the rounding of {@code y} costs, in words
 */
public record FromOutput(
    String expression, Optional<String> condition, double bound, double error, String cost) {}
