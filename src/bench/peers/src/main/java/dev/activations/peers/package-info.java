/** Other libraries side by side with this one: their speed and their errors, on the same arrays. */
package dev.activations.peers;
