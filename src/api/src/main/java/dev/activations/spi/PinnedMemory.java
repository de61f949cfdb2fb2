package dev.activations.spi;

import dev.activations.api.ActivationException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory of the host whose pages stay where they are, so that a device copies from and to it by
 * itself.
 */
public interface PinnedMemory {
  /** What its size is a multiple of: the bytes of a page. */
  int PAGE = 1 << 12;

  /** Returns all of it: a direct buffer in the native order, at the start of a page. */
  ByteBuffer bytes();

  /** Gives it back. Called once, by the session, under its lock. */
  void free();

  /**
   * Memory that is as good where there is nothing to pin it for. The garbage collector takes it
   * back.
   *
   * @param bytes a multiple of {@link #PAGE}
   * @throws ActivationException if there is not as much
   */
  static PinnedMemory unpinned(int bytes) {
    ByteBuffer memory;
    try {
      memory = ByteBuffer.allocateDirect(bytes + PAGE - 1);
    } catch (OutOfMemoryError e) {
      throw new ActivationException(
          ("there are no %d bytes for direct buffers; close buffers, or raise java's"
                  + " -XX:MaxDirectMemorySize")
              .formatted(bytes),
          e);
    }
    ByteBuffer pages = memory.alignedSlice(PAGE).slice(0, bytes).order(ByteOrder.nativeOrder());
    return new PinnedMemory() {
      @Override
      public ByteBuffer bytes() {
        return pages;
      }

      @Override
      public void free() {}
    };
  }
}
