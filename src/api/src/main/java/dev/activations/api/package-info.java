/**
 * What an activation, a device and a session are: the nouns and promises that every part of the
 * library shares.
 *
 * <p>A {@link dev.activations.api.Kind} names a function and carries its row of the table: formula,
 * parameters, special points, accuracy, source. An {@link dev.activations.api.Activation} is a kind
 * with its parameters set; an {@link dev.activations.api.Op} is an activation with the geometry it
 * runs over. A {@link dev.activations.api.Device} opens a {@link dev.activations.api.Session},
 * which owns {@link dev.activations.api.DeviceBuffer}s and runs ops on them in order.
 */
package dev.activations.api;
