package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.spi.Lanes;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import dev.activations.spi.Slice;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the host's data goes round: what overlaps, what is staged, and what a failure leaves. */
class HostPassTest {
  /** Elements of seven chunks of 2 MiB, of which the last is short. */
  private static final int COUNT = 6 * (1 << 19) + 1000;

  private static final Op RELU = Op.of(Kind.RELU);

  private final Slow session = new Slow();

  private static float[] values() {
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = i;
    }
    return values;
  }

  /** The session of the test negates. */
  private static float[] negated() {
    float[] values = values();
    for (int i = 0; i < COUNT; i++) {
      values[i] = -values[i];
    }
    return values;
  }

  @Test
  void stepsOfDifferentChunksOverlapAndThoseOfOneFollowEachOther() {
    assertArrayEquals(negated(), session.forward(RELU, values()));
    Lane in = session.in;
    Lane compute = session.compute;
    Lane out = session.out;
    assertEquals(7, in.steps.size());
    assertEquals(7, compute.steps.size());
    assertEquals(7, out.steps.size());
    for (int chunk = 0; chunk < 7; chunk++) {
      assertTrue(in.steps.get(chunk).end() <= compute.steps.get(chunk).begin());
      assertTrue(compute.steps.get(chunk).end() <= out.steps.get(chunk).begin());
      if (chunk < 6) {
        assertTrue(compute.steps.get(chunk).overlaps(in.steps.get(chunk + 1)), in + " " + compute);
        assertTrue(
            out.steps.get(chunk).overlaps(compute.steps.get(chunk + 1)), compute + " " + out);
      }
    }
    // All three work at once in the middle, and so the whole takes little more than one lane.
    assertEquals((7 + 2) * Lane.STEP, out.steps.get(6).end());
  }

  @Test
  void arraysGoThroughPinnedMemoryThatIsUsedAgain() {
    session.forward(RELU, values());
    assertEquals(3 * 2, session.pinned);
    session.forward(RELU, values());
    assertEquals(3 * 2, session.pinned);
    assertEquals(session.allocated, session.freed);
  }

  @Test
  void pinnedMemoryIsCopiedAsItIs() {
    try (HostBuffer in = session.allocateHost(Dtype.F32, COUNT);
        HostBuffer out = session.allocateHost(Dtype.F32, COUNT)) {
      in.floats().put(values());
      session.forward(RELU, in.floats(), out.floats());
      assertEquals(2, session.pinned);
      float[] results = new float[COUNT];
      out.floats().get(results);
      assertArrayEquals(negated(), results);
      // As an array of the host, and in place.
      session.forward(RELU, out, out);
      out.floats().get(results);
      assertArrayEquals(values(), results);
      assertEquals(2, session.pinned);
    }
  }

  @Test
  void aRowThatIsLongerThanAChunkGoesByItself() {
    int columns = COUNT;
    Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.rows(2, columns));
    session.forward(softmax, new float[2 * columns]);
    // One slot, an input and an output.
    assertEquals(2, session.allocated);
    assertEquals(2, session.launches.size());
  }

  @Test
  void aFailureInTheMiddleIsThrownWhenNothingIsUnderWayAnyMore() {
    for (int copy = 1; copy <= 7; copy++) {
      session.reads = 0;
      session.failing = copy;
      DeviceException e =
          assertThrows(DeviceException.class, () -> session.forward(RELU, values()));
      assertEquals("copy " + copy, e.call());
      assertEquals(0, session.waiting, "copies that nobody waited for");
      assertEquals(session.allocated, session.freed);
      session.failing = 0;
      assertArrayEquals(negated(), session.forward(RELU, values()));
    }
    assertEquals(3 * 2, session.pinned);
  }

  @Test
  void whatFailsAfterwardsIsSuppressed() {
    session.failing = 1;
    session.broken = true;
    DeviceException e = assertThrows(DeviceException.class, () -> session.forward(RELU, values()));
    assertEquals("copy 1", e.call());
    assertEquals("finish", ((DeviceException) e.getSuppressed()[0]).call());
  }

  @Test
  void hostBuffersHoldWhatTheyWereMadeFor() {
    HostBuffer shorts = session.allocateHost(Dtype.BF16, 3);
    assertEquals(3, shorts.bits().remaining());
    assertEquals(6, shorts.bytes().remaining());
    assertThrows(IllegalArgumentException.class, shorts::floats);
    assertThrows(IllegalArgumentException.class, shorts::doubles);
    assertThrows(IndexOutOfBoundsException.class, () -> shorts.elements(2, 2));
    assertEquals(0, session.allocateHost(Dtype.F64, 0).doubles().remaining());
    assertThrows(IllegalArgumentException.class, () -> session.allocateHost(Dtype.F32, -1));
    assertThrows(
        IllegalArgumentException.class, () -> session.allocateHost(Dtype.F64, Integer.MAX_VALUE));
  }

  @Test
  void closedHostBuffersAreHandedOutAgainAndFreedWithTheSession() {
    HostBuffer first = session.allocateHost(Dtype.F32, 5000);
    ByteBuffer memory = first.memory().bytes();
    first.close();
    first.close();
    assertThrows(IllegalStateException.class, first::floats);
    HostBuffer second = session.allocateHost(Dtype.F64, 2400);
    assertSame(memory, second.memory().bytes());
    assertNotEquals(memory.capacity(), session.allocateHost(Dtype.F64, 5000).bytes().capacity());
    // More than the pool keeps goes back at once.
    session.allocateHost(Dtype.F32, 80 << 20).close();
    assertEquals(1, session.unpinned);
    session.close();
    assertEquals(session.pinned, session.unpinned);
    assertTrue(session.left);
    assertThrows(IllegalStateException.class, second::doubles);
    second.close();
    assertThrows(IllegalStateException.class, () -> session.allocateHost(Dtype.F32, 1));
  }

  @Test
  void aSessionWithoutLanesHasPlainMemory() {
    try (Recorded plain = new Recorded();
        HostBuffer x = plain.allocateHost(Dtype.F32, 3)) {
      x.floats().put(new float[] {1, 2, 3});
      plain.forward(RELU, x.floats(), x.floats());
      assertEquals(FloatBuffer.wrap(new float[] {-1, -2, -3}), x.floats());
    }
  }

  @Test
  void aFileIsComputedWhereItIs(@TempDir Path directory) throws IOException {
    Path in = directory.resolve("in");
    Path out = directory.resolve("out");
    ByteBuffer bytes = ByteBuffer.allocate(3 + 4 * 6).order(ByteOrder.nativeOrder());
    bytes.slice(3, 4 * 6).order(ByteOrder.nativeOrder()).asFloatBuffer().put(values(), 0, 6);
    Files.write(in, bytes.array());
    try (FileChannel from = FileChannel.open(in);
        FileChannel to =
            FileChannel.open(
                out,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      HostArray x = HostArray.mapped(from, FileChannel.MapMode.READ_ONLY, 3, Dtype.F32, 2, 3);
      HostArray y = HostArray.mapped(to, FileChannel.MapMode.READ_WRITE, 8, Dtype.F32, 2, 3);
      session.forward(RELU, x, y);
      FloatBuffer results =
          ByteBuffer.wrap(Files.readAllBytes(out))
              .position(8)
              .slice()
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      assertEquals(FloatBuffer.wrap(new float[] {-0.0f, -1, -2, -3, -4, -5}), results);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> session.forward(RELU, y, x));
      assertTrue(e.getMessage().contains("read-only"), e.getMessage());
    }
  }

  /** A step of a lane, in the time of the test. */
  private record Step(long begin, long end) {
    boolean overlaps(Step other) {
      return begin < other.end && other.begin < end;
    }
  }

  /** What does one step after the other, each in as much time. */
  private static final class Lane {
    static final long STEP = 10;

    final List<Step> steps = new ArrayList<>();
    private long end;

    /** Takes a step that begins at a time or, if the lane is busy, later. */
    long step(long begin) {
      Step step = new Step(Math.max(begin, end), Math.max(begin, end) + STEP);
      steps.add(step);
      end = step.end();
      return end;
    }

    void await(long time) {
      end = Math.max(end, time);
    }

    @Override
    public String toString() {
      return steps.toString();
    }
  }

  /**
   * A session whose copies and passes take time, which is counted and not spent. Results reach the
   * host when they are waited for, and no sooner.
   */
  private static final class Slow extends Recorded {
    final Lane in = new Lane();
    final Lane compute = new Lane();
    final Lane out = new Lane();
    int pinned;
    int unpinned;
    int waiting;
    int failing;
    boolean broken;
    boolean left;
    private long now;
    private int reads;

    @Override
    protected void enqueue(Launch launch) {
      super.enqueue(launch);
      compute.step(now);
    }

    @Override
    protected Lanes openLanes() {
      return new Lanes() {
        @Override
        public PinnedMemory allocate(int bytes) {
          pinned++;
          ByteBuffer memory = PinnedMemory.unpinned(bytes).bytes();
          return new PinnedMemory() {
            @Override
            public ByteBuffer bytes() {
              return memory;
            }

            @Override
            public void free() {
              unpinned++;
            }
          };
        }

        @Override
        public boolean reach(Buffer host) {
          return host.isDirect();
        }

        @Override
        public void write(Buffer from, long bytes, Memory to) {
          assertTrue(from.isDirect());
          assertEquals(from.remaining() * 4L, bytes);
          compute.await(in.step(now));
          writeMemory(from, new Slice(to, 0));
        }

        @Override
        public Runnable read(Memory from, Buffer to, long bytes) {
          assertTrue(to.isDirect());
          assertEquals(to.remaining() * 4L, bytes);
          int copy = ++reads;
          long end = out.step(compute.end);
          waiting++;
          return () -> {
            waiting--;
            now = Math.max(now, end);
            if (copy == failing) {
              throw new DeviceException("copy " + copy, 1, "FAILED", "");
            }
            readMemory(new Slice(from, 0), to);
          };
        }

        @Override
        public void finish() {
          if (broken) {
            throw new DeviceException("finish", 1, "FAILED", "");
          }
        }

        @Override
        public void close() {
          left = true;
        }
      };
    }
  }
}
