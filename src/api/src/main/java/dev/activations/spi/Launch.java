package dev.activations.spi;

import dev.activations.api.Direction;
import dev.activations.api.Op;
import java.util.Optional;

/**
 * One pass over device memory, checked: all slices hold {@code count} elements of one session's
 * open buffers, {@code count} is positive, and the output either begins where an input begins or
 * does not overlap it.
 *
 * @param op what to compute
 * @param direction forward, derivative or backward
 * @param saved the input of a forward or derivative pass; what the kind saves for a backward pass
 * @param gradient the incoming gradient, present exactly for a backward pass
 * @param out where the result goes
 * @param count the number of elements
 */
public record Launch(
    Op op, Direction direction, Slice saved, Optional<Slice> gradient, Slice out, long count) {}
