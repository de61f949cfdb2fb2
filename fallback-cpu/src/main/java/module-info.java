/**
 * The definition in scalar Java, and its SIMD twin. SIMD needs the module {@code
 * jdk.incubator.vector} at run time, which is asked for on Java's command line, not here: naming it
 * would warn everybody.
 */
module dev.activations.cpu {
  requires transitive dev.activations.api;

  exports dev.activations.cpu;
  exports dev.activations.cpu.scalar;

  provides dev.activations.spi.Backend with
      dev.activations.cpu.CpuBackend;
}
