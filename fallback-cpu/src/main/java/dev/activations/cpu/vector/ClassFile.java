package dev.activations.cpu.vector;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * As much of a class file as the translator needs: the constants, and the code of each method. See
 * the Java Virtual Machine Specification, chapter 4.
 */
final class ClassFile {
  private final String name;
  private final Object[] constants;
  private final List<String> fields = new ArrayList<>();
  private final Map<String, Method> methods = new HashMap<>();

  /** A field, method or other thing that code refers to. */
  record Member(String owner, String name, String descriptor) {}

  /** The code of a method. */
  record Method(ClassFile file, String name, String descriptor, byte[] code) {
    int unsigned(int at) {
      return code[at] & 0xFF;
    }

    int signedShort(int at) {
      return (short) unsignedShort(at);
    }

    int unsignedShort(int at) {
      return unsigned(at) << 8 | unsigned(at + 1);
    }
  }

  /** A class constant, kept apart from a string. */
  private record ClassName(int utf8) {}

  private record NameAndType(int name, int descriptor) {}

  private record Reference(int owner, int nameAndType) {}

  private ClassFile(DataInputStream in) throws IOException {
    if (in.readInt() != 0xCAFEBABE) {
      throw new IOException("no class file");
    }
    in.readInt(); // version
    constants = readConstants(in);
    in.readUnsignedShort(); // access flags
    name = className(in.readUnsignedShort());
    in.readUnsignedShort(); // superclass
    in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
    readMembers(in, field -> fields.add(field.name()));
    readMembers(in, method -> methods.put(method.name() + method.descriptor(), method));
  }

  /**
   * Reads a class by its internal name.
   *
   * @throws IllegalArgumentException if the loader has no such class file
   */
  static ClassFile read(ClassLoader loader, String internalName) {
    try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
      if (in == null) {
        throw new IllegalArgumentException(
            "the class file of %s is not on the class path".formatted(internalName));
      }
      return new ClassFile(new DataInputStream(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class file of " + internalName, e);
    }
  }

  /** Returns the names of the fields, in the order of their declaration. */
  List<String> fields() {
    return fields;
  }

  /** Returns the only method of that name, but for one that takes a double first. */
  Method method(String wanted) {
    return methods.values().stream()
        .filter(method -> method.name().equals(wanted))
        .filter(method -> !method.descriptor().startsWith("(D"))
        .reduce(
            (a, b) -> {
              throw new IllegalArgumentException(
                  "%s has several methods named %s".formatted(name, wanted));
            })
        .orElseThrow(
            () -> new IllegalArgumentException("%s has no method %s".formatted(name, wanted)));
  }

  Method method(String wanted, String descriptor) {
    Method method = methods.get(wanted + descriptor);
    if (method == null) {
      throw new IllegalArgumentException(
          "%s has no method %s%s".formatted(name, wanted, descriptor));
    }
    return method;
  }

  /** Returns a constant of type Integer, Float, Long, Double or (for UTF-8) String. */
  Object constant(int index) {
    return constants[index];
  }

  String className(int index) {
    return (String) constants[((ClassName) constants[index]).utf8];
  }

  Member member(int index) {
    Reference reference = (Reference) constants[index];
    NameAndType type = (NameAndType) constants[reference.nameAndType];
    return new Member(
        className(reference.owner),
        (String) constants[type.name],
        (String) constants[type.descriptor]);
  }

  private static Object[] readConstants(DataInputStream in) throws IOException {
    Object[] constants = new Object[in.readUnsignedShort()];
    for (int i = 1; i < constants.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> constants[i] = in.readUTF();
        case 3 -> constants[i] = in.readInt();
        case 4 -> constants[i] = in.readFloat();
        // These two take two places in the table.
        case 5 -> constants[i++] = in.readLong();
        case 6 -> constants[i++] = in.readDouble();
        case 7 -> constants[i] = new ClassName(in.readUnsignedShort());
        case 9, 10, 11 ->
            constants[i] = new Reference(in.readUnsignedShort(), in.readUnsignedShort());
        case 12 -> constants[i] = new NameAndType(in.readUnsignedShort(), in.readUnsignedShort());
        case 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 17, 18 -> in.skipNBytes(4);
        default -> throw new IOException("unknown constant tag " + tag);
      }
    }
    return constants;
  }

  /** Fields and methods have one layout; a field has no code. */
  private void readMembers(DataInputStream in, Consumer<Method> members) throws IOException {
    for (int count = in.readUnsignedShort(); count > 0; count--) {
      in.readUnsignedShort(); // access flags
      String member = (String) constants[in.readUnsignedShort()];
      String descriptor = (String) constants[in.readUnsignedShort()];
      members.accept(new Method(this, member, descriptor, readCode(in)));
    }
  }

  private byte[] readCode(DataInputStream in) throws IOException {
    byte[] code = {};
    for (int count = in.readUnsignedShort(); count > 0; count--) {
      boolean isCode = "Code".equals(constants[in.readUnsignedShort()]);
      byte[] attribute = in.readNBytes(in.readInt());
      if (isCode) {
        int length =
            (attribute[4] & 0xFF) << 24
                | (attribute[5] & 0xFF) << 16
                | (attribute[6] & 0xFF) << 8
                | (attribute[7] & 0xFF);
        code = Arrays.copyOfRange(attribute, 8, 8 + length);
      }
    }
    return code;
  }
}
