/**
 * Times every device against a plain copy ({@code ci/bench.sh}), and takes functions through all
 * 2^32 inputs ({@code ci/exhaustive.sh}).
 */
package dev.activations.bench;
