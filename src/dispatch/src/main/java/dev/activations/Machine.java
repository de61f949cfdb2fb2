package dev.activations;

/** A device as its calibration sees it: how long things take, in seconds. */
interface Machine {

  /** Runs a pass over data in the host's memory. */
  double pass(Workload workload);

  /** Copies as much to the device as a pass reads; 0 where it works in the host's memory. */
  double copyIn(Workload workload);

  /** Copies as much back as a pass writes; 0 where it works in the host's memory. */
  double copyOut(Workload workload);
}
