/** The {@code bench} command: compares devices by the clock. */
package dev.activations.cli.bench;
