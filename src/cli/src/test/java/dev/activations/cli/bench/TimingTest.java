package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TimingTest {
  private int enqueued;
  private int waited;
  private int together;

  @Test
  void waitsForWhatIsEnqueued() {
    Times times =
        new Timing(0)
            .of(
                () -> enqueued++,
                () -> {
                  together = Math.max(together, enqueued);
                  waited++;
                  enqueued = 0;
                });
    assertEquals(0, enqueued, "passes that nobody waited for");
    assertTrue(together > 100, together + " passes that take nothing are measured together");
    int runs = times.seconds().size();
    assertTrue(runs >= 7 && runs <= 25 && waited > runs, runs + " runs");
  }

  /** What the device does after a pass was enqueued counts. */
  @Test
  void theWaitIsPartOfTheTime() {
    Times times = new Timing(0).of(() -> {}, TimingTest::work);
    assertTrue(times.seconds().stream().allMatch(seconds -> seconds >= 3e-3), times.toString());
  }

  private static void work() {
    for (long end = System.nanoTime() + 3_000_000; System.nanoTime() < end; ) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
