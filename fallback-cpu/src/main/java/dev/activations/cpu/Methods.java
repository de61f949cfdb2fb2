package dev.activations.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Static methods of numbers, and of records of them, in the forms that loops take. */
final class Methods {
  private Methods() {}

  /**
   * Returns a method as a function of (first, second, uniforms).
   *
   * @param number float or double
   */
  static MethodHandle ofElement(Class<?> number, Class<?> owner, String name, int streams) {
    MethodHandle flat = flat(number, owner, name);
    int uniforms = flat.type().parameterCount() - streams;
    return withTwoStreams(flat.asSpreader(number.arrayType(), uniforms), 1, streams);
  }

  /** Returns a method as a function of (folded, first, second), likewise. */
  static MethodHandle ofFold(Class<?> number, Class<?> owner, String name, int streams) {
    return withTwoStreams(flat(number, owner, name), 2, streams);
  }

  private static MethodHandle withTwoStreams(MethodHandle handle, int second, int streams) {
    Class<?> number = handle.type().parameterType(0);
    return streams == 2 ? handle : MethodHandles.dropArguments(handle, second, number);
  }

  /** Returns a method with the fields of its records as arguments of their own. */
  private static MethodHandle flat(Class<?> number, Class<?> owner, String name) {
    Method method =
        Arrays.stream(owner.getMethods())
            .filter(candidate -> candidate.getName().equals(name))
            // Definitions have the same once more for doubles.
            .filter(candidate -> candidate.getParameterTypes()[0] == number)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no method %s in ".formatted(name) + owner));
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      MethodHandle flat = lookup.unreflect(method);
      for (int i = method.getParameterCount() - 1; i >= 0; i--) {
        Class<?> type = method.getParameterTypes()[i];
        if (type.isRecord()) {
          MethodHandle record = lookup.unreflectConstructor(type.getConstructors()[0]);
          flat = MethodHandles.collectArguments(flat, i, record);
        }
      }
      return flat;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a method that is not public: " + method, e);
    }
  }
}
