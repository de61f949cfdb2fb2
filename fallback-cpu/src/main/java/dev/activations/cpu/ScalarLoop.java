package dev.activations.cpu;

import dev.activations.cpu.scalar.DoubleLimbs;
import dev.activations.cpu.scalar.Limbs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A loop with one scalar formula. The classes within are templates: each formula gets a hidden copy
 * of one, whose constant is that formula. Sharing one loop would make the call in it megamorphic,
 * and the compiler could not inline what it calls.
 *
 * @param <A> the arrays of its spans; see {@link Storage}
 */
abstract class ScalarLoop<A> implements Loop<A> {
  /**
   * Makes a copy of a template.
   *
   * @param formula of the type that the template calls
   */
  @SuppressWarnings("unchecked") // The copies are of the templates.
  static <A> Loop<A> of(Class<? extends ScalarLoop<A>> template, MethodHandle formula) {
    String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream bytes = template.getResourceAsStream(file)) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(bytes.readAllBytes(), formula, true);
      return (Loop<A>) copy.lookupClass().getDeclaredConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a loop of " + formula, e);
    }
  }

  /** Returns the formula of a copy. */
  static MethodHandle formula(MethodHandles.Lookup copy) {
    try {
      return MethodHandles.classData(copy, "_", MethodHandle.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public final void run(Span<A> span) {
    try {
      loop(span);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a formula throws nothing", e);
    }
  }

  abstract void loop(Span<A> span) throws Throwable;

  /** Maps: {@code float formula(float first, float second, float[] uniforms)}. */
  static final class Mapping extends ScalarLoop<float[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<float[]> span) throws Throwable {
      for (int i = 0; i < span.count; i++) {
        span.out[span.outAt + i] =
            (float)
                FORMULA.invokeExact(
                    span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms);
      }
    }
  }

  /** Maps: {@code double formula(double first, double second, double[] uniforms)}. */
  static final class MappingDoubles extends ScalarLoop<double[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<double[]> span) throws Throwable {
      for (int i = 0; i < span.count; i++) {
        span.out[span.outAt + i] =
            (double)
                FORMULA.invokeExact(
                    span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms);
      }
    }
  }

  /** Folds: {@code float formula(float folded, float first, float second)}. */
  static final class Folding extends ScalarLoop<float[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<float[]> span) throws Throwable {
      float folded = (float) span.folded;
      for (int i = 0; i < span.count; i++) {
        folded =
            (float)
                FORMULA.invokeExact(
                    folded, span.first[span.firstAt + i], span.second[span.secondAt + i]);
      }
      span.folded = folded;
    }
  }

  /** Folds: {@code double formula(double folded, double first, double second)}. */
  static final class FoldingDoubles extends ScalarLoop<double[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<double[]> span) throws Throwable {
      double folded = span.folded;
      for (int i = 0; i < span.count; i++) {
        folded =
            (double)
                FORMULA.invokeExact(
                    folded, span.first[span.firstAt + i], span.second[span.secondAt + i]);
      }
      span.folded = folded;
    }
  }

  /** Adds: {@code Limbs formula(float first, float second, float[] uniforms)}. */
  static final class Adding extends ScalarLoop<float[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<float[]> span) throws Throwable {
      for (int i = 0; i < span.count; i++) {
        Limbs term =
            (Limbs)
                FORMULA.invokeExact(
                    span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms);
        span.high += term.high();
        span.mid += term.mid();
        span.low += term.low();
      }
    }
  }

  /** Adds: {@code DoubleLimbs formula(double first, double second, double[] uniforms)}. */
  static final class AddingDoubles extends ScalarLoop<double[]> {
    private static final MethodHandle FORMULA = formula(MethodHandles.lookup());

    @Override
    void loop(Span<double[]> span) throws Throwable {
      for (int i = 0; i < span.count; i++) {
        DoubleLimbs term =
            (DoubleLimbs)
                FORMULA.invokeExact(
                    span.first[span.firstAt + i], span.second[span.secondAt + i], span.uniforms);
        span.high += term.high();
        span.mid += term.mid();
        span.low += term.low();
      }
    }
  }
}
