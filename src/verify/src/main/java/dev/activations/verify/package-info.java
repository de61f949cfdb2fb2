/**
 * Proof that the library computes what it says, for anyone to repeat on their own devices.
 *
 * <p>The chain of trust: {@link dev.activations.verify.Oracle} knows the true values to any number
 * of digits, from textbook formulas that share nothing with the library; {@link
 * dev.activations.verify.FastOracle} is as good as it at the scale of a float, and fast enough for
 * all 2^32 inputs; {@link dev.activations.verify.Definition} is the library's scalar Java, held
 * against the oracle within the bound that each {@link dev.activations.api.Kind} publishes; {@link
 * dev.activations.verify.Conformance} holds any device against the definition, bit for bit; and
 * {@link dev.activations.verify.Exhaustive} does so for every input there is.
 */
package dev.activations.verify;
