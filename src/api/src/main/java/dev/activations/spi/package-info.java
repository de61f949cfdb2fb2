/**
 * What a back end implements to bring its devices into the library: a {@link
 * dev.activations.spi.Backend}, found through {@link java.util.ServiceLoader}, the protected
 * methods of {@link dev.activations.api.Session}, and the {@link dev.activations.spi.Memory} behind
 * its buffers. Users of the library do not need this package.
 */
package dev.activations.spi;
