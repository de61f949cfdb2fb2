/** ND4J, which needs an older JavaCPP than bytedeco's bindings do. */
package dev.activations.peers.nd4j;
