package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private final WorkQueue queue = new WorkQueue();

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void runsInOrder() {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> queue.execute(() -> order.add(i)));
    queue.await();
    assertEquals(IntStream.range(0, 100).boxed().toList(), order);
  }

  @Test
  void aFenceCompletesAfterTheWorkBefore() {
    CountDownLatch gate = new CountDownLatch(1);
    queue.execute(
        () -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    CompletableFuture<Void> fence = queue.fence();
    assertTrue(!fence.isDone() && !queue.isIdle());
    gate.countDown();
    fence.join();
    assertTrue(queue.isIdle());
    assertTrue(queue.fence().isDone());
  }

  @Test
  void aFailureIsThrownOnceByWhateverWaitsNext() {
    IllegalStateException failure = new IllegalStateException("first");
    queue.execute(
        () -> {
          throw failure;
        });
    queue.execute(
        () -> {
          throw new IllegalStateException("second");
        });
    assertSame(failure, assertThrows(IllegalStateException.class, queue::await));
    queue.await();
  }
}
