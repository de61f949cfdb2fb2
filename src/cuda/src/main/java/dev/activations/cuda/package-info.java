/**
 * The CUDA back end, through JCuda's driver API: finds devices, hands the PTX of {@code
 * kernels-cuda} to the driver, and runs it. No formula stands here.
 *
 * <p>Only functions that every driver since CUDA 10.0 has are called: JCuda binds each when it is
 * first called, and a function that the driver lacks ends the process.
 */
package dev.activations.cuda;
