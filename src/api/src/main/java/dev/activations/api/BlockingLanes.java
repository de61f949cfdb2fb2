package dev.activations.api;

import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import dev.activations.spi.Slice;
import java.nio.Buffer;

/**
 * The lanes of a session that has none of its own.
 *
 * @param session copies from and to every buffer, and blocks
 */
record BlockingLanes(Session session) implements Lanes {

  @Override
  public PinnedMemory allocate(int bytes) {
    return PinnedMemory.unpinned(bytes);
  }

  @Override
  public boolean reach(Buffer host) {
    return true;
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public void write(Buffer from, long bytes, Memory to) {
    session.writeMemory(from, new Slice(to, 0));
  }

  @Override
  public Runnable read(Memory from, Buffer to, long bytes) {
    session.readMemory(new Slice(from, 0), to);
    return () -> {};
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
