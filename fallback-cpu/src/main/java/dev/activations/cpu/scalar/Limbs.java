package dev.activations.cpu.scalar;

/**
 * An integer in three limbs, standing for high·2^-21 + mid·2^-43 + low·2^-65: the terms of a row's
 * sum, whose addition is exact in any order. None is above 2^22 in magnitude.
 *
 * @param high the leading limb
 * @param mid the limb between
 * @param low the trailing limb
 */
public record Limbs(int high, int mid, int low) {}
