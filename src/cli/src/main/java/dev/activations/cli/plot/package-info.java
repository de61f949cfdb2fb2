/**
 * The {@code plot} command. Only {@code Chart} knows the charting library, which no other command
 * loads.
 */
package dev.activations.cli.plot;
