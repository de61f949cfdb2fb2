/**
 * The OpenCL back end, through JOCL: finds devices, builds the kernels of {@code kernels-cl} with
 * the device's own compiler, and runs them. No formula stands here.
 */
package dev.activations.opencl;
