package dev.activations.cpu.vector;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a class file: the table of constants, and methods. */
final class ClassWriter {
  /** Java 17, see the Java Virtual Machine Specification, table 4.1-A. */
  private static final int VERSION = 61;

  private static final int PUBLIC = 0x0001;
  private static final int FINAL = 0x0010;
  private static final int SUPER = 0x0020;

  private final Table constants = new Table();
  private final Table methods = new Table();
  private final int thisClass;
  private final int superclass;
  private final int implemented;

  ClassWriter(String name, String superclass, String implemented) {
    this.thisClass = type(name);
    this.superclass = type(superclass);
    this.implemented = type(implemented);
  }

  /**
   * An instruction that is jumped to, with an empty stack.
   *
   * @param at where it stands
   * @param locals the class constants of the local variables there; 0 stands for int
   */
  record Target(int at, List<Integer> locals) {}

  /** Bytes that are written once and counted, as constants and methods are. */
  private static final class Table {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    final Map<Object, Integer> known = new HashMap<>();
    int count;
  }

  /** What writes to memory, and so never fails. */
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  static void write(DataOutputStream out, Writing writing) {
    try {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int utf8(String text) {
    return constant(text, 1, out -> out.writeUTF(text));
  }

  int type(String name) {
    int text = utf8(name);
    return constant(List.of("class", name), 7, out -> out.writeShort(text));
  }

  int number(float value) {
    int bits = Float.floatToRawIntBits(value);
    return constant(List.of("float", bits), 4, out -> out.writeInt(bits));
  }

  int number(int value) {
    return constant(value, 3, out -> out.writeInt(value));
  }

  int field(String owner, String name, String descriptor) {
    return member(9, owner, name, descriptor);
  }

  int method(String owner, String name, String descriptor) {
    return member(10, owner, name, descriptor);
  }

  private int member(int tag, String owner, String name, String descriptor) {
    int ownerIndex = type(owner);
    int nameIndex = utf8(name);
    int descriptorIndex = utf8(descriptor);
    int both =
        constant(
            List.of("name", name, descriptor),
            12,
            out -> {
              out.writeShort(nameIndex);
              out.writeShort(descriptorIndex);
            });
    return constant(
        List.of("member", tag, owner, name, descriptor),
        tag,
        out -> {
          out.writeShort(ownerIndex);
          out.writeShort(both);
        });
  }

  private int constant(Object key, int tag, Writing content) {
    Integer index = constants.known.get(key);
    if (index == null) {
      index = ++constants.count;
      constants.known.put(key, index);
      write(
          constants.out,
          out -> {
            out.writeByte(tag);
            content.to(out);
          });
    }
    return index;
  }

  /**
   * Adds a public method.
   *
   * @param targets what is jumped to, in ascending order
   */
  void addMethod(
      String name,
      String descriptor,
      byte[] code,
      int maxStack,
      int maxLocals,
      List<Target> targets) {
    int nameIndex = utf8(name);
    int descriptorIndex = utf8(descriptor);
    int codeName = utf8("Code");
    int framesName = utf8("StackMapTable");
    byte[] frames = frames(targets);
    methods.count++;
    write(
        methods.out,
        out -> {
          out.writeShort(PUBLIC);
          out.writeShort(nameIndex);
          out.writeShort(descriptorIndex);
          out.writeShort(1); // attributes
          out.writeShort(codeName);
          out.writeInt(2 + 2 + 4 + code.length + 2 + 2 + 6 + frames.length);
          out.writeShort(maxStack);
          out.writeShort(maxLocals);
          out.writeInt(code.length);
          out.write(code);
          out.writeShort(0); // exception handlers
          out.writeShort(1); // attributes
          out.writeShort(framesName);
          out.writeInt(frames.length);
          out.write(frames);
        });
  }

  /** What the verifier must be told where jumps arrive. */
  private static byte[] frames(List<Target> targets) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(
        new DataOutputStream(bytes),
        out -> {
          out.writeShort(targets.size());
          int before = -1;
          for (Target target : targets) {
            out.writeByte(255); // a full frame
            out.writeShort(target.at() - before - 1);
            out.writeShort(target.locals().size());
            for (int local : target.locals()) {
              if (local == 0) {
                out.writeByte(1); // an int
              } else {
                out.writeByte(7); // an object
                out.writeShort(local);
              }
            }
            out.writeShort(0); // stack
            before = target.at();
          }
        });
    return bytes.toByteArray();
  }

  byte[] toByteArray() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(
        new DataOutputStream(bytes),
        out -> {
          out.writeInt(0xCAFEBABE);
          out.writeShort(0);
          out.writeShort(VERSION);
          out.writeShort(constants.count + 1);
          constants.bytes.writeTo(out);
          out.writeShort(PUBLIC | FINAL | SUPER);
          out.writeShort(thisClass);
          out.writeShort(superclass);
          out.writeShort(1);
          out.writeShort(implemented);
          out.writeShort(0); // fields
          out.writeShort(methods.count);
          methods.bytes.writeTo(out);
          out.writeShort(0); // attributes
        });
    return bytes.toByteArray();
  }
}
