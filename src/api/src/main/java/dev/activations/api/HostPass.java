package dev.activations.api;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.PinnedMemory;
import java.lang.ref.Reference;
import java.nio.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * A pass over data of the host, in chunks that go round a ring: while one is computed, the next is
 * copied to the device, and the one before to the host. What the lanes do not reach goes through
 * pinned memory, which takes the host's processor meanwhile.
 *
 * <p>Used under the session's lock.
 */
final class HostPass {
  /** The bytes of a chunk, of the largest buffer: the fewest and the most. */
  private static final double FEWEST = 1 << 21;

  private static final double MOST = 1 << 24;

  /**
   * What makes the whole the fastest is a chunk of √(n·c) bytes, of n in all: a longer one delays
   * the first result, and a shorter one costs more for its start. It is c = o·B/2 with o = 5 µs a
   * chunk and B = 55 GB/s, what copies over PCIe 5.0 take.
   */
  private static final double COST = 5e-6 * 55e9 / 2;

  private final Session session;
  private final HostPool pool;
  private final Lanes lanes;
  private final Pass pass;
  private final Dtype dtype;
  private final List<Buffer> hosts;
  private final int inputs;
  private final long chunk;
  private final int slots;
  private final boolean zeroCopy;

  /**
   * A checked pass.
   *
   * @param inputs what it reads, from position 0
   * @param outputs where the results go, likewise
   */
  HostPass(
      Session session,
      HostPool pool,
      Pass pass,
      Dtype dtype,
      List<? extends Buffer> inputs,
      List<? extends Buffer> outputs) {
    this.session = session;
    this.pool = pool;
    this.lanes = pool.lanes();
    this.pass = pass;
    this.dtype = dtype;
    this.hosts = new ArrayList<>(inputs);
    hosts.addAll(outputs);
    this.inputs = inputs.size();
    // Every part holds an equal share of each buffer.
    long most = bytes(hosts.stream().mapToInt(Buffer::limit).max().orElseThrow());
    zeroCopy = lanes.isZeroCopy(pass, hosts.stream().mapToLong(this::bytes).sum());
    long bytes = chunk(most);
    long part = most / pass.parts();
    chunk = Math.max(1, Math.min(pass.parts(), bytes / part));
    // Rows that are larger than a chunk go one by one, for the sake of the device's memory.
    slots = part > bytes ? 1 : lanes.depth();
  }

  /** Returns the bytes of a chunk: whole pages, so that each begins on one where the whole does. */
  private static long chunk(long bytes) {
    return (long) Math.max(FEWEST, Math.min(MOST, Math.sqrt(bytes * COST))) & -PinnedMemory.PAGE;
  }

  /** Computes, and waits until the results are there. */
  void run() {
    Deque<Slot> ring = new ArrayDeque<>();
    try {
      for (long from = 0; from < pass.parts(); from += chunk) {
        Slot slot = ring.size() < slots ? new Slot() : ring.remove();
        ring.add(slot);
        slot.finish();
        slot.begin(from, Math.min(chunk, pass.parts() - from));
      }
      ring.forEach(Slot::finish);
    } catch (RuntimeException | Error e) {
      ring.forEach(slot -> slot.abandon(e));
      attempt(lanes::finish, e);
      throw e;
    } finally {
      ring.forEach(Slot::close);
      // The lanes know addresses only.
      Reference.reachabilityFence(hosts);
    }
  }

  /** Does what is to be done although something has failed already. */
  private static void attempt(Runnable work, Throwable failure) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  private void launch(Pass part, List<DeviceBuffer> in, List<DeviceBuffer> out) {
    if (part.op().isFused()) {
      session.launchFused(part.op(), part.direction(), in, out.get(0));
    } else {
      session.launch(part, in, out);
    }
  }

  private long bytes(Buffer host) {
    return bytes(host.limit());
  }

  private long bytes(int count) {
    return (long) count * dtype.bytes();
  }

  private Buffer share(Buffer host, long from, long length) {
    long each = host.limit() / pass.parts();
    return host.slice((int) (each * from), (int) (each * length));
  }

  /** Memory for a chunk, and how far that is. */
  private final class Slot {
    private final List<Optional<HostBuffer>> pinned = new ArrayList<>();
    private final List<Memory> device = new ArrayList<>();
    private final List<DeviceBuffer> owned = new ArrayList<>();
    private final Queue<Runnable> copies = new ArrayDeque<>();
    private List<Buffer> shares = List.of();

    /** Starts all that is to be done with a chunk. */
    void begin(long from, long length) {
      if (pinned.isEmpty()) {
        allocate();
      }
      shares = hosts.stream().map(host -> share(host, from, length)).toList();
      for (int i = 0; i < inputs; i++) {
        Buffer share = shares.get(i);
        pinned.get(i).ifPresent(memory -> HostTransfers.stage(share, memory.bytes()));
      }
      if (zeroCopy) {
        view();
      } else {
        for (int i = 0; i < inputs; i++) {
          lanes.write(reached(i), bytes(shares.get(i)), device.get(i));
        }
      }
      List<DeviceBuffer> buffers = new ArrayList<>();
      for (int i = 0; i < shares.size(); i++) {
        buffers.add(session.over(device.get(i), dtype, shares.get(i).limit()));
      }
      launch(
          pass.part(from, length),
          buffers.subList(0, inputs),
          buffers.subList(inputs, buffers.size()));
      for (int i = inputs; i < shares.size(); i++) {
        copies.add(lanes.read(device.get(i), reached(i), bytes(shares.get(i))));
      }
    }

    /** Waits until a chunk is done, if there is one. */
    void finish() {
      if (copies.isEmpty()) {
        return;
      }
      while (!copies.isEmpty()) {
        copies.remove().run();
      }
      for (int i = inputs; i < shares.size(); i++) {
        Buffer share = shares.get(i);
        pinned.get(i).ifPresent(memory -> HostTransfers.unstage(memory.bytes(), share));
      }
    }

    /** Waits until a chunk is done, whatever became of it. */
    void abandon(Throwable failure) {
      while (!copies.isEmpty()) {
        attempt(copies.remove(), failure);
      }
    }

    void close() {
      if (zeroCopy) {
        freeViews();
      }
      owned.forEach(DeviceBuffer::close);
      pinned.forEach(memory -> memory.ifPresent(HostBuffer::close));
    }

    private void allocate() {
      for (Buffer host : hosts) {
        int count = share(host, 0, chunk).limit();
        pinned.add(lanes.reach(host) ? Optional.empty() : Optional.of(pool.take(dtype, count)));
        if (!zeroCopy) {
          DeviceBuffer buffer = session.allocate(dtype, count);
          owned.add(buffer);
          device.add(buffer.allocation().memory());
        }
      }
    }

    /** Has views of a chunk in the place of those of the one before. */
    private void view() {
      freeViews();
      for (int i = 0; i < shares.size(); i++) {
        device.add(lanes.view(reached(i), device));
      }
    }

    private void freeViews() {
      new HashSet<>(device).forEach(Memory::free);
      device.clear();
    }

    /** Returns what the lanes copy from or to. */
    private Buffer reached(int i) {
      Buffer share = shares.get(i);
      return pinned.get(i).map(memory -> memory.elements(0, share.limit())).orElse(share);
    }
  }
}
