/**
 * The host's own processor as a device: threads, memory and the passes over it. What a function is
 * stands in {@link dev.activations.cpu.scalar}; how its vectors come about, in {@code
 * dev.activations.cpu.vector}.
 */
package dev.activations.cpu;
