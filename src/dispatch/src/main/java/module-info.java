/** The front door: finds, explains and chooses a device. */
module dev.activations {
  requires transitive dev.activations.api;
  requires dev.activations.cpu;

  exports dev.activations;

  uses dev.activations.spi.Backend;
}
