package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static final int WORKERS = 4;
  private final Pool pool = new Pool(WORKERS);

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void doesEachPartOnceJobAfterJob() {
    for (int job = 0; job < 200; job++) {
      int parts = job;
      AtomicIntegerArray done = new AtomicIntegerArray(200);
      pool.run(
          parts,
          (worker, part) -> {
            assertTrue(worker >= 0 && worker < WORKERS);
            done.incrementAndGet((int) part);
          });
      for (int part = 0; part < done.length(); part++) {
        assertEquals(part < parts ? 1 : 0, done.get(part));
      }
    }
  }

  @Test
  void allWorkersWorkAtOnceUnderTheirOwnNumbers() {
    CountDownLatch all = new CountDownLatch(WORKERS);
    AtomicIntegerArray seen = new AtomicIntegerArray(WORKERS);
    // Each part waits for the others, so that this would not end with fewer threads.
    pool.run(
        WORKERS,
        (worker, part) -> {
          seen.incrementAndGet(worker);
          all.countDown();
          try {
            all.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    for (int worker = 0; worker < WORKERS; worker++) {
      assertEquals(1, seen.get(worker));
    }
  }

  @Test
  void throwsWhatAPartThrowsAndGoesOnAfterwards() {
    for (Throwable failure :
        new Throwable[] {new IllegalStateException(), new OutOfMemoryError()}) {
      Throwable thrown =
          assertThrows(
              Throwable.class,
              () ->
                  pool.run(
                      100,
                      (worker, part) -> {
                        if (part == 70) {
                          PoolTest.<RuntimeException>sneak(failure);
                        }
                      }));
      assertSame(failure, thrown);
    }
    doesEachPartOnceJobAfterJob();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}
