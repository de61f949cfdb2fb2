package dev.activations.spi;

import dev.activations.api.Dtype;
import java.util.List;
import java.util.Locale;

/**
 * One pass over elements of 16 bits, checked as a {@link Launch} is. It knows no formula: a
 * function of such an element is looked up in a table of its 65,536 values.
 *
 * @param step what to do
 * @param dtype float16 or bfloat16
 * @param slices what the pass reads, and then what it writes, in the order in which kernels take it
 * @param count the number of elements, positive
 */
public record StoragePass(Step step, Dtype dtype, List<Slice> slices, long count) {

  /**
   * The kernels, with their slices. Elements have the type of the pass where nothing else stands.
   */
  public enum Step {
    /** Makes float32 of x. */
    WIDEN,
    /** Rounds x, of float32. */
    NARROW,
    /** Finds x in a table. */
    LOOKUP,
    /** Finds x in a table of values and in one of derivatives; writes both. */
    LOOKUP_BOTH,
    /** Multiplies, of x and dy, dy by what stands for x in a table of float32. */
    LOOKUP_BACKWARD;

    /** Returns the name of the kernel. */
    public String stem() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the list. */
  public StoragePass {
    slices = List.copyOf(slices);
  }
}
