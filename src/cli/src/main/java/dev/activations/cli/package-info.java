/** The {@code activations} command. */
package dev.activations.cli;
