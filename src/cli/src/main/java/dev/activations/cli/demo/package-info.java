/**
 * The {@code demo} command: a real batch on real devices. The network is plain Java; only its
 * activations are the library's.
 */
package dev.activations.cli.demo;
