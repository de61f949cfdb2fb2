package dev.activations.cpu.scalar;

/**
 * An integer in two limbs, standing for high·2^-24 + low·2^-54: the terms of a row's sum, whose
 * addition is exact in any order.
 *
 * @param high the leading limb
 * @param low the trailing limb
 */
public record Limbs(int high, int low) {}
