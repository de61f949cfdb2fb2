package dev.activations.spi;

import dev.activations.api.Dtype;
import java.util.List;
import java.util.Optional;

/**
 * One sum for each channel of some elements, checked: all slices lie in open buffers of one
 * session, and {@code out} overlaps no input. Element {@code (o · channels + c) · inner + i}
 * belongs to channel {@code c}.
 *
 * @param dtype the type of all elements, float32 or float64
 * @param x the terms; with {@code dy} the input of a PReLU
 * @param dy the incoming gradient of a PReLU, whose terms are {@code x > 0 ? 0 : x·dy}
 * @param out where the sums go, one for each channel
 * @param outer the number of runs of each channel, zero or more
 * @param channels the number of channels, positive
 * @param inner the number of neighbours in a run, zero or more
 */
public record ChannelSum(
    Dtype dtype, Slice x, Optional<Slice> dy, Slice out, long outer, long channels, long inner) {

  /** The name of the kernel that does it, and of its program. */
  public static final String STEM = "channel_sum";

  /** Returns the slices in the order in which kernels take them; for an absent {@code dy} an x. */
  public List<Slice> slices() {
    return List.of(x, dy.orElse(x), out);
  }

  /** Returns the integers that follow: whether there is a {@code dy}, and the geometry. */
  public long[] integers() {
    return new long[] {dy.isPresent() ? 1 : 0, outer, channels, inner};
  }

  /**
   * Returns how many neighbouring channels a group of work-items should take, so that neighbours
   * read neighbours: a power of two.
   *
   * @param most as many as there may be, a power of two
   */
  public int across(int most) {
    return inner == 1 ? (int) Math.min(most, Long.highestOneBit(channels)) : 1;
  }

  /** Returns the number of terms of each channel. */
  public long terms() {
    return outer * inner;
  }
}
