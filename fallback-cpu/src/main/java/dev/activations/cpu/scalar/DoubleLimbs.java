package dev.activations.cpu.scalar;

/**
 * An integer in three limbs, standing for high·2^-28 + mid·2^-58 + low·2^-88: the terms of a row's
 * sum in float64, whose addition is exact in any order.
 *
 * @param high the leading limb
 * @param mid the limb between them
 * @param low the trailing limb
 */
public record DoubleLimbs(int high, int mid, int low) {}
