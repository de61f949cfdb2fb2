/**
 * The {@code train} command: deep networks that differ in their activation, on real data. Matrix
 * products are plain Java; activations, their gradients, those of the biases, softmax and cross
 * entropy are the library's.
 */
package dev.activations.cli.train;
