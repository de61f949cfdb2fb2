/** Arrays in files and pipes. */
module dev.activations.files {
  requires transitive dev.activations.api;
  requires dev.activations.cpu;
  requires com.fasterxml.jackson.jr.ob;
  requires org.apache.commons.csv;

  exports dev.activations.files;
}
