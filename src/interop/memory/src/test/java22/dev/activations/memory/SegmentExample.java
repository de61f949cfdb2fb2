package dev.activations.memory;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.CpuBackend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** A program that finds the jar as others do; see ci/interop.sh. */
public final class SegmentExample {

  private SegmentExample() {}

  /** Prints the GELU of three numbers off the heap. */
  public static void main(String[] args) {
    try (Session session = new CpuBackend().probe().get(1).device().orElseThrow().open()) {
      MemorySegment x = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, -1, 0, 1);
      SegmentActivations.forward(session, Op.of(Kind.GELU), Dtype.F32, x, x);
      System.out.println(Arrays.toString(x.toArray(ValueLayout.JAVA_FLOAT)));
    }
  }
}
