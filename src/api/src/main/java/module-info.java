/** What a program says and is told: activations, devices, sessions; and what a back end is. */
module dev.activations.api {
  exports dev.activations.api;
  exports dev.activations.spi;

  uses dev.activations.spi.FormulaProvider;
}
