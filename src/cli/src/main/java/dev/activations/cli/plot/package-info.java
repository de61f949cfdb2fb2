/**
 * The {@code plot} command. Only {@code Chart} knows the charting library, which is loaded where
 * something is drawn.
 */
package dev.activations.cli.plot;
