package dev.activations.opencl;

/**
 * Gives Java its signal handlers back after a driver took them.
 *
 * <p>LLVM, on which PoCL and other drivers for CPUs are built, replaces the handler of SIGSEGV when
 * it is loaded. HotSpot stops its threads with that signal. LLVM's handler puts the former one back
 * when it is first called; but the kernel disarms it at that same moment, and where two threads
 * meet the signal at once, as they do when Java stops them all, the second finds no handler and the
 * process dies with exit code 139 and no message.
 *
 * <p>So one thread meets the signal alone, right after the driver was called: HotSpot does not
 * check for null but lets the processor fail, and makes the signal a {@link NullPointerException}.
 */
final class SignalHandlers {
  private SignalHandlers() {}

  /** Call after whatever may have loaded or run a driver's compiler. Costs some microseconds. */
  static void restore() {
    try {
      lengthOf(null);
    } catch (NullPointerException expected) {
      // LLVM's handler has had its call, and Java's is back.
    }
  }

  private static int lengthOf(byte[] array) {
    return array.length;
  }
}
