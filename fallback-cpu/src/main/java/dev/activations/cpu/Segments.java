package dev.activations.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;

/**
 * Direct buffers as memory segments, which vectors are read from and written to without a copy on
 * Java 22 and later. Java 17 reads vectors from a {@code ByteBuffer} alone, of which a {@code
 * FloatBuffer} is only a view that does not tell.
 */
final class Segments {
  private static final MethodHandle OF_BUFFER = find();

  /** Whether this Java has them. */
  static final boolean AVAILABLE = OF_BUFFER != null;

  private Segments() {}

  private static MethodHandle find() {
    if (Runtime.version().feature() < 22) {
      return null;
    }
    try {
      Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
      MethodType type = MethodType.methodType(segment, Buffer.class);
      return MethodHandles.publicLookup()
          .findStatic(segment, "ofBuffer", type)
          .asType(type.changeReturnType(Object.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Java 22 and later have memory segments", e);
    }
  }

  /** Returns the elements of a buffer from its position to its limit. */
  static Object of(Buffer buffer) {
    try {
      return (Object) OF_BUFFER.invokeExact(buffer);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a buffer is always a segment", e);
    }
  }
}
