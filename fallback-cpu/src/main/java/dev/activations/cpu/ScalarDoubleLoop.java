package dev.activations.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** Maps with one scalar formula of doubles. A {@link Template}. */
final class ScalarDoubleLoop implements Loop<double[]> {
  private static final MethodHandle FORMULA = Template.formula(MethodHandles.lookup());

  // Only used by the hidden copies.
  @SuppressWarnings("unused")
  ScalarDoubleLoop() {}

  @Override
  public void run(Span<double[]> span) {
    try {
      for (int i = 0; i < span.count; i++) {
        span.out[span.outAt + i] =
            (double)
                FORMULA.invokeExact(
                    span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a formula throws nothing", e);
    }
  }
}
