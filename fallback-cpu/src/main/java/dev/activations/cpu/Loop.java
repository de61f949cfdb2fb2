package dev.activations.cpu;

/** One formula, over the elements of a span. Holds no state; safe for use by several threads. */
interface Loop {
  void run(Span span);
}
