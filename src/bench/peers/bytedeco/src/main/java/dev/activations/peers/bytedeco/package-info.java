/** Libraries that bytedeco's bindings reach. */
package dev.activations.peers.bytedeco;
