package dev.activations.spi;

import dev.activations.api.ActivationException;
import java.nio.Buffer;
import java.util.Collection;

/**
 * Copies between the host and a device, beside a session's queue: those to the device follow each
 * other in a lane, and those to the host in another, while the queue computes. Buffers start at
 * position 0 and hold floats, doubles or shorts, as the memory does. Whoever starts a copy keeps
 * them until it has ended.
 *
 * <p>Used by the session, under its lock.
 */
public interface Lanes {

  /**
   * Allocates memory that the lanes {@linkplain #reach reach}.
   *
   * @param bytes a multiple of {@link PinnedMemory#PAGE}
   * @throws ActivationException if there is not as much
   */
  PinnedMemory allocate(int bytes);

  /** Whether copies from and to a buffer can do without the host's processor. */
  boolean reach(Buffer host);

  /**
   * Whether kernels should work in the host's memory by way of {@linkplain #view views}, so that
   * nothing is copied.
   *
   * @param bytes the size of all buffers of the pass
   */
  default boolean isZeroCopy(Pass pass, long bytes) {
    return false;
  }

  /**
   * Returns what kernels take for a buffer that the lanes reach. {@link #read} of it copies nothing
   * and waits until the host sees what kernels wrote.
   *
   * @param others views of buffers of the same pass; one of them, where it is of the same memory
   */
  default Memory view(Buffer host, Collection<Memory> others) {
    throw new UnsupportedOperationException("lanes without views");
  }

  /**
   * Returns how many chunks of data may be under way at once: one that is copied in, one that is
   * computed, and one that is copied out; just one where copies block.
   */
  default int depth() {
    return 3;
  }

  /**
   * Starts a copy to the start of the device's memory. What is enqueued afterwards begins when it
   * has ended; it may begin at once itself, whatever was enqueued before.
   *
   * @param bytes the size of the buffer
   */
  void write(Buffer from, long bytes, Memory to);

  /**
   * Starts a copy from the start of the device's memory, which begins when all that was enqueued
   * before is done.
   *
   * @param bytes the size of the buffer
   * @return waits until the copy has ended, and throws if it or what it waited for has failed; to
   *     be called once
   */
  Runnable read(Memory from, Buffer to, long bytes);

  /** Waits until all copies and all that was enqueued have ended, well or not. */
  void finish();

  /** Leaves the device; all copies have ended. Called once. */
  void close();
}
