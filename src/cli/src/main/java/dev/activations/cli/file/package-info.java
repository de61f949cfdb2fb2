/**
 * Arrays of float32 in files, read and written in pieces: {@code .npy} and {@code .csv}, with every
 * defect of an input named by what was expected and what came.
 */
package dev.activations.cli.file;
