/**
 * The {@code plot} command. Only {@link dev.activations.cli.plot.Chart} knows the charting library,
 * which no other command loads.
 */
package dev.activations.cli.plot;
