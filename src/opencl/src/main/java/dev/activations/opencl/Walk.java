package dev.activations.opencl;

import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import java.util.function.Predicate;

/**
 * How kernels walk through memory. Devices differ in which way is fast; no way changes a bit. The
 * one place that treats devices differently.
 *
 * @param accessBytes what a work-item moves at once in a kernel of elements, if that is more than
 *     one
 * @param group the work-items of a group in such a kernel, a power of two
 * @param rowGroup the largest group of a kernel over rows, a power of two
 * @param groupPerRow whether a group walks each row together, as opposed to a work-item alone
 */
record Walk(int accessBytes, int group, int rowGroup, Predicate<Geometry> groupPerRow) {

  /**
   * For CPUs, as measured on PoCL, whose compiler makes vectors of the work-items of a small group,
   * or of a loop over elements in a row. With four elements for each work-item it does not, and
   * relu takes three times as long. A barrier costs as much as many elements, so that a work-item
   * for each row is the faster way where elements are neighbours (2 against 4 to 80 ns an element),
   * and small groups are where they are not (14 to 25 against 50).
   */
  static final Walk CPU = new Walk(0, 256, 16, rows -> rows.inner() > 1 && rows.axis() > 32);

  /**
   * For GPUs, by reasoning: their widest access has 16 bytes, and few wide ones take fewer
   * instructions and hide more of the memory's latency than many narrow ones. Work-items walk alone
   * where their rows lie side by side and are many, or where rows are short.
   */
  static final Walk GPU =
      new Walk(16, 256, 256, rows -> rows.axis() > 64 && (rows.inner() < 32 || rows.rows() < 4096));

  /** Returns a way that differs in kernels of elements. */
  Walk with(int accessBytes, int group) {
    return new Walk(accessBytes, group, rowGroup, groupPerRow);
  }

  /** Returns the elements that a work-item takes in a kernel of elements. */
  int items(Dtype dtype) {
    return Math.max(1, accessBytes / dtype.bytes());
  }

  /** Returns the way that suits a device. */
  static Walk of(Device.Type type) {
    return type == Device.Type.CPU ? CPU : GPU;
  }
}
