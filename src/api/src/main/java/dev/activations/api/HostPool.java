package dev.activations.api;

import dev.activations.spi.Lanes;
import dev.activations.spi.PinnedMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A session's pinned memory. What is given back is kept for the next who asks for about as much,
 * since a driver takes milliseconds to pin some.
 *
 * <p>Used under the session's lock.
 */
final class HostPool {
  /** The most that is kept, in bytes; what is given back beyond goes to the driver. */
  private static final long KEPT = 1L << 28;

  private final Session session;
  private final Lanes lanes;
  private final Set<HostBuffer> used = new HashSet<>();
  private final Map<Integer, Deque<PinnedMemory>> free = new HashMap<>();
  private long kept;

  HostPool(Session session, Lanes lanes) {
    this.session = session;
    this.lanes = lanes;
  }

  Lanes lanes() {
    return lanes;
  }

  HostBuffer take(Dtype dtype, int count) {
    int size = size(Math.max(1, count * dtype.bytes()));
    PinnedMemory memory = free.getOrDefault(size, new ArrayDeque<>()).poll();
    if (memory == null) {
      memory = lanes.allocate(size);
    } else {
      kept -= size;
    }
    HostBuffer buffer = new HostBuffer(session, memory, dtype, count);
    used.add(buffer);
    return buffer;
  }

  void give(HostBuffer buffer) {
    buffer.forget();
    used.remove(buffer);
    int size = buffer.memory().bytes().capacity();
    if (kept + size > KEPT) {
      buffer.memory().free();
    } else {
      free.computeIfAbsent(size, absent -> new ArrayDeque<>()).push(buffer.memory());
      kept += size;
    }
  }

  void close() {
    used.forEach(HostBuffer::forget);
    used.forEach(buffer -> buffer.memory().free());
    free.values().forEach(same -> same.forEach(PinnedMemory::free));
    lanes.close();
  }

  /** Rounds up to one of four sizes between powers of two, so that little is lost. */
  private static int size(int bytes) {
    long step = Math.max(PinnedMemory.PAGE, Integer.highestOneBit(bytes) / 4);
    return (int) Math.min(HostBuffer.MOST, (bytes + step - 1) / step * step);
  }
}
