/**
 * Arrays in files and pipes, read and written in pieces, so that they may be larger than the
 * memory: {@code .npy}, {@code .npz}, {@code .safetensors}, {@code .csv} and raw. Every defect of
 * an input is named by what was expected and what came. A format is a reader, a writer, and a line
 * in {@link dev.activations.files.Format}.
 */
package dev.activations.files;
