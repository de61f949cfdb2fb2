package dev.activations.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Copies of loops. The class of a loop over a scalar formula is a template: each formula gets a
 * hidden copy of it, whose constant is that formula. Sharing one loop would make the call in it
 * megamorphic, and the compiler could not inline what it calls.
 */
final class Template {
  private Template() {}

  /**
   * Makes a copy.
   *
   * @param template a class with a constructor without arguments
   * @param formula of type (first, second, array of uniforms) to a result, all of one type
   */
  @SuppressWarnings("unchecked") // The copies do what their template does.
  static <A> Loop<A> copy(Class<? extends Loop<A>> template, MethodHandle formula) {
    try (InputStream file = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(file.readAllBytes(), formula, true);
      return (Loop<A>) copy.lookupClass().getDeclaredConstructor().newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a loop of " + formula, e);
    }
  }

  /** Returns the formula of the copy that asks. */
  static MethodHandle formula(MethodHandles.Lookup copy) {
    try {
      return MethodHandles.classData(copy, "_", MethodHandle.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
