package dev.activations.cpu.vector;

/** Where the elements are that a loop reads and writes. */
enum Home {
  ARRAYS("[F"),
  SEGMENTS("java/lang/foreign/MemorySegment");

  private final String type;

  Home(String type) {
    this.type = type;
  }

  /** Returns the internal name of the type that holds elements. */
  String type() {
    return type;
  }
}
