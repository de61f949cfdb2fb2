package dev.activations.api;

/**
 * What a backward pass of a gated kind with two inputs gives.
 *
 * @param gate the gradient of the gate
 * @param value the gradient of the value
 */
public record GateGradients(float[] gate, float[] value) {}
