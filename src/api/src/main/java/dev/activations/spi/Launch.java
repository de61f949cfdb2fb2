package dev.activations.spi;

import dev.activations.api.Direction;
import dev.activations.api.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass over device memory, checked: all slices hold {@code count} elements of one session's
 * open buffers, {@code count} is positive, and each output either begins where an input begins or
 * does not overlap it; two outputs do not overlap.
 *
 * @param op what to compute
 * @param direction forward, derivative or backward
 * @param saved the input of a forward or derivative pass; what the kind saves for a backward pass
 * @param gradient the incoming gradient, present exactly for a backward pass
 * @param out where the result goes
 * @param slope where the derivative goes, for a forward pass of a pointwise formula that computes
 *     both; otherwise empty
 * @param count the number of elements
 */
public record Launch(
    Op op,
    Direction direction,
    Slice saved,
    Optional<Slice> gradient,
    Slice out,
    Optional<Slice> slope,
    long count) {

  /** Returns the name of the kernel that does it, or of those that do it in their own ways. */
  public String stem() {
    return slope.isPresent() ? "forward_with_derivative" : direction.stem();
  }

  /** Returns all slices in the order in which kernels take them: inputs, then outputs. */
  public List<Slice> slices() {
    List<Slice> slices = new ArrayList<>(List.of(saved));
    gradient.ifPresent(slices::add);
    slices.add(out);
    slope.ifPresent(slices::add);
    return slices;
  }
}
