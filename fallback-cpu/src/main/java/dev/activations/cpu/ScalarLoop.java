package dev.activations.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Maps with one scalar formula. This class is a template: each formula gets a hidden copy of it,
 * whose constant is that formula. Sharing one loop would make the call in it megamorphic, and the
 * compiler could not inline what it calls.
 */
final class ScalarLoop implements Loop<float[]> {
  private static final MethodHandle FORMULA = formula();

  // Only used by the hidden copies.
  @SuppressWarnings("unused")
  ScalarLoop() {}

  /**
   * Makes a copy.
   *
   * @param formula of type (float first, float second, float[] uniforms) to float
   */
  @SuppressWarnings("unchecked") // The copies are of this very class.
  static Loop<float[]> of(MethodHandle formula) {
    try (InputStream template = ScalarLoop.class.getResourceAsStream("ScalarLoop.class")) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(template.readAllBytes(), formula, true);
      return (Loop<float[]>) copy.lookupClass().getDeclaredConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a loop of " + formula, e);
    }
  }

  private static MethodHandle formula() {
    try {
      return MethodHandles.classData(MethodHandles.lookup(), "_", MethodHandle.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public void run(Span<float[]> span) {
    try {
      for (int i = 0; i < span.count; i++) {
        span.out[span.outAt + i] =
            (float)
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
