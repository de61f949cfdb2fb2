package dev.activations.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Static methods of floats, and of records of floats, in the forms that loops take. */
final class Methods {
  private Methods() {}

  /** Returns a method as a function of (first, second, uniforms). */
  static MethodHandle ofElement(Class<?> owner, String name, int streams) {
    MethodHandle flat = flat(owner, name);
    int uniforms = flat.type().parameterCount() - streams;
    return withTwoStreams(flat.asSpreader(float[].class, uniforms), 1, streams);
  }

  /** Returns a method as a function of (folded, first, second). */
  static MethodHandle ofFold(Class<?> owner, String name, int streams) {
    return withTwoStreams(flat(owner, name), 2, streams);
  }

  private static MethodHandle withTwoStreams(MethodHandle handle, int second, int streams) {
    return streams == 2 ? handle : MethodHandles.dropArguments(handle, second, float.class);
  }

  /** Returns a method with the fields of its records as arguments of their own. */
  private static MethodHandle flat(Class<?> owner, String name) {
    Method method =
        Arrays.stream(owner.getMethods())
            .filter(candidate -> candidate.getName().equals(name))
            // Definitions have the same once more for doubles.
            .filter(candidate -> candidate.getReturnType() != double.class)
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
