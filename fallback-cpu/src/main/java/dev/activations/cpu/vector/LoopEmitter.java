package dev.activations.cpu.vector;

import dev.activations.cpu.vector.ClassWriter.Target;
import dev.activations.cpu.vector.Node.Type;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the class of a {@link VectorLoop}: what is uniform first, then the Vector API calls for
 * one vector, and the jump back. The whole formula stands in the method of its loop because
 * HotSpot's compiler keeps a vector in a register only within what it compiles in one piece. It is
 * one straight line, but for long arms of selects, which are jumped over by vectors of which no
 * lane needs them.
 */
final class LoopEmitter {
  private static final String API = "jdk/incubator/vector/";
  private static final String FLOATS = API + "FloatVector";
  private static final String INTS = API + "IntVector";
  private static final String MASK = API + "VectorMask";
  private static final String VECTOR = "L" + API + "Vector;";
  private static final String SPECIES = "L" + API + "VectorSpecies;";
  private static final String OPERATORS = API + "VectorOperators";
  private static final String ORDER = "java/nio/ByteOrder";

  // The local variables of VectorLoop.run.
  private static final int FIRST = 1;
  private static final int SECOND = 3;
  private static final int OUT = 5;
  private static final int COUNT = 7;
  private static final int UNIFORMS = 8;
  private static final int FLOAT_STATE = 9;
  private static final int INT_STATE = 10;
  private static final int INDEX = 11;

  private static final int MAX_STACK = 6;

  /** The operations of an arm that are worth a test and a jump. */
  private static final int LONG_ARM = 16;

  /** HotSpot's HugeMethodLimit: longer methods stay interpreted. */
  private static final int COMPILED = 8000;

  private final ClassWriter writer;
  private final int lanes;
  private final Home home;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream code = new DataOutputStream(bytes);
  private final List<Integer> locals = new ArrayList<>();
  private final Map<Node, Integer> places = new HashMap<>();
  private final Map<Node, Map<Type, Integer>> casts = new HashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final Map<Integer, Integer> jumps = new HashMap<>();
  private int maxLocals;

  private LoopEmitter(String name, int lanes, Home home) {
    this.writer =
        new ClassWriter(name, "java/lang/Object", VectorLoop.class.getName().replace('.', '/'));
    this.lanes = lanes;
    this.home = home;
    int elements = writer.type(home.type());
    int floats = writer.type("[F");
    locals.addAll(
        List.of(
            writer.type(name),
            elements,
            0,
            elements,
            0,
            elements,
            0,
            0,
            floats,
            floats,
            writer.type("[I"),
            0));
  }

  /**
   * Returns the bytes of a class.
   *
   * @param name its internal name
   * @param lanes the number of elements in a vector
   * @param home where the elements are
   * @param graph what to compute
   * @param result what goes to the output, if there is one
   * @param carried what becomes of the accumulators in each round
   */
  static byte[] emit(
      String name, int lanes, Home home, Graph graph, Optional<Node> result, List<Node> carried) {
    LoopEmitter emitter = new LoopEmitter(name, lanes, home);
    emitter.constructor();
    emitter.loop(graph, result, carried);
    return emitter.writer.toByteArray();
  }

  private void constructor() {
    load(0);
    call(Instruction.INVOKESPECIAL, "java/lang/Object", "<init>", "()V");
    op(Instruction.RETURN);
    writer.addMethod("<init>", "()V", bytes.toByteArray(), 1, 1, List.of());
    bytes.reset();
  }

  private void loop(Graph graph, Optional<Node> result, List<Node> carried) {
    List<Node> roots = Stream.concat(result.stream(), carried.stream()).toList();
    BitSet needed = needed(roots, Optional.empty());
    List<Node> nodes = graph.nodes().stream().filter(node -> needed.get(node.id())).toList();
    List<Node> body =
        nodes.stream()
            .filter(node -> !node.isUniform() && node.operation() != Operation.CARRIED)
            .toList();

    for (int elements : new int[] {FIRST, SECOND, OUT}) {
      load(elements);
      cast(home.type());
      local(Instruction.ASTORE, elements);
    }
    nodes.stream().filter(Node::isUniform).forEach(this::compute);
    List<Integer> accumulators = new ArrayList<>();
    for (int i = 0; i < carried.size(); i++) {
      Node before = graph.carried(i, carried.get(i).type());
      loadState(before.type(), i);
      call(
          Instruction.INVOKESTATIC,
          vector(before.type()),
          "fromArray",
          "(%s%sI)L%s;".formatted(SPECIES, array(before.type()), vector(before.type())));
      accumulators.add(store(vector(before.type())));
      places.put(before, accumulators.get(i));
    }
    op(Instruction.ICONST_0);
    local(Instruction.ISTORE, INDEX);

    // The test stands before the body: HotSpot copies the block that a loop begins with, which is
    // then this test and not the formula.
    int head = bytes.size();
    target();
    local(Instruction.ILOAD, INDEX);
    local(Instruction.ILOAD, COUNT);
    int test = bytes.size();
    op(Instruction.IF_ICMPGE);
    writeShort(0); // filled in at the end
    List<Integer> localsAtHead = List.copyOf(locals);
    computeAll(body, longArms(body, roots));
    result.ifPresent(
        node -> {
          load(places.get(node));
          loadPosition(OUT);
          call(
              Instruction.INVOKEVIRTUAL,
              FLOATS,
              home == Home.ARRAYS ? "intoArray" : "intoMemorySegment",
              "(%s)V".formatted(position()));
        });
    for (Node next : carried) {
      load(places.get(next));
    }
    for (int i = carried.size() - 1; i >= 0; i--) {
      local(Instruction.ASTORE, accumulators.get(i));
    }
    writeShort(Instruction.WIDE << 8 | Instruction.IINC);
    writeShort(INDEX);
    writeShort(lanes);
    int jump = bytes.size();
    op(Instruction.GOTO);
    writeShort(head - jump);
    int exit = bytes.size();
    targets.add(new Target(exit, localsAtHead));

    for (int i = 0; i < carried.size(); i++) {
      Type type = carried.get(i).type();
      load(accumulators.get(i));
      load(type == Type.FLOAT ? FLOAT_STATE : INT_STATE);
      push(i * lanes);
      call(Instruction.INVOKEVIRTUAL, vector(type), "intoArray", "(%sI)V".formatted(array(type)));
    }
    op(Instruction.RETURN);
    if (bytes.size() >= COMPILED) {
      throw new UnsupportedOperationException(
          "a formula of %d bytes of vector code is too long: HotSpot compiles up to %d in a method"
              .formatted(bytes.size(), COMPILED));
    }
    byte[] run = bytes.toByteArray();
    jumps.put(test, exit);
    jumps.forEach(
        (from, to) -> {
          run[from + 1] = (byte) (to - from >> 8);
          run[from + 2] = (byte) (to - from);
        });
    writer.addMethod(
        "run",
        "(%1$sI%1$sI%1$sII[F[F[I)V".formatted("Ljava/lang/Object;"),
        run,
        MAX_STACK,
        maxLocals,
        targets);
  }

  /** A jump may arrive here. */
  private void target() {
    targets.add(new Target(bytes.size(), List.copyOf(locals)));
  }

  /** Returns the ids of what the roots need, if this select always takes its first arm. */
  private static BitSet needed(List<Node> roots, Optional<Node> cut) {
    BitSet needed = new BitSet();
    roots.forEach(root -> need(root, cut, needed));
    return needed;
  }

  private static void need(Node node, Optional<Node> cut, BitSet needed) {
    if (!needed.get(node.id())) {
      needed.set(node.id());
      List<Node> operands = operands(node);
      (cut.equals(Optional.of(node)) ? operands.subList(0, 2) : operands)
          .forEach(input -> need(input, cut, needed));
    }
  }

  /**
   * Finds what only the second arm of a select needs, for each select where that is long. None of
   * them is a part of another's.
   */
  private static Map<Node, List<Node>> longArms(List<Node> body, List<Node> roots) {
    Map<Node, List<Node>> arms = new HashMap<>();
    Set<Node> jumped = new HashSet<>();
    for (int i = body.size() - 1; i >= 0; i--) {
      Node select = body.get(i);
      if (select.operation() == Operation.SELECT && !jumped.contains(select)) {
        BitSet without = needed(roots, Optional.of(select));
        List<Node> arm = body.stream().filter(node -> !without.get(node.id())).toList();
        if (arm.size() >= LONG_ARM) {
          arms.put(select, arm);
          jumped.addAll(arm);
        }
      }
    }
    return arms;
  }

  private void computeAll(List<Node> body, Map<Node, List<Node>> longArms) {
    Set<Node> jumped = new HashSet<>();
    longArms.values().forEach(jumped::addAll);
    for (Node node : body) {
      if (longArms.containsKey(node)) {
        jumpOver(longArms.get(node), node);
      } else if (!jumped.contains(node)) {
        compute(node);
      }
    }
  }

  /** Computes a select, and its second arm only if a lane needs it. */
  private void jumpOver(List<Node> arm, Node select) {
    load(places.get(select.input(1)));
    int result = store(vector(select.type()));
    load(places.get(select.input(0)));
    call(Instruction.INVOKEVIRTUAL, MASK, "allTrue", "()Z");
    int jump = bytes.size();
    op(Instruction.IFNE);
    writeShort(0); // filled in at the end
    int outer = locals.size();
    Map<Node, Map<Type, Integer>> outerCasts = new HashMap<>();
    casts.forEach((condition, places) -> outerCasts.put(condition, new EnumMap<>(places)));

    arm.forEach(this::compute);
    compute(select);
    load(places.get(select));
    local(Instruction.ASTORE, result);

    locals.subList(outer, locals.size()).clear();
    casts.clear();
    casts.putAll(outerCasts);
    places.put(select, result);
    jumps.put(jump, bytes.size());
    target();
  }

  /** The inputs that must be there as vectors: all, but for the count of a shift that is known. */
  private static List<Node> operands(Node node) {
    return isShift(node) && node.input(1).isConstant() ? List.of(node.input(0)) : node.inputs();
  }

  private static boolean isShift(Node node) {
    return switch (node.operation()) {
      case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> true;
      default -> false;
    };
  }

  /** Computes one node and keeps it in a local variable. */
  private void compute(Node node) {
    switch (node.operation()) {
      case CONSTANT -> {
        loadSpecies(node.type());
        if (node.type() == Type.FLOAT) {
          op(Instruction.LDC_W);
          writeShort(writer.number(node.number()));
        } else {
          push(node.payload());
        }
        broadcast(node.type());
      }
      case UNIFORM -> {
        loadSpecies(Type.FLOAT);
        load(UNIFORMS);
        push(node.payload());
        op(Instruction.FALOAD);
        broadcast(Type.FLOAT);
      }
      case STREAM -> {
        loadSpecies(Type.FLOAT);
        loadPosition(node.payload() == 0 ? FIRST : SECOND);
        call(
            Instruction.INVOKESTATIC,
            FLOATS,
            home == Home.ARRAYS ? "fromArray" : "fromMemorySegment",
            "(%s%s)L%s;".formatted(SPECIES, position(), FLOATS));
      }
      case ADD -> method(node, "add");
      case SUBTRACT -> method(node, "sub");
      case MULTIPLY -> method(node, "mul");
      case NEGATE -> method(node, "neg");
      case ABSOLUTE -> method(node, "abs");
      case FMA -> method(node, "fma");
      case AND -> method(node, "and");
      case OR -> method(node, "or");
      case XOR -> lanewise(node, "XOR", "Associative");
      case SHIFT_LEFT -> lanewise(node, "LSHL", "Binary");
      case SHIFT_RIGHT -> lanewise(node, "ASHR", "Binary");
      case SHIFT_RIGHT_UNSIGNED -> lanewise(node, "LSHR", "Binary");
      case TO_BITS, FROM_BITS -> reinterpret(node);
      case TO_INT -> convert(node, "F2I");
      case TO_FLOAT -> convert(node, "I2F");
      case LESS -> compare(node, "LT");
      case LESS_OR_EQUAL -> compare(node, "LE");
      case GREATER -> compare(node, "GT");
      case GREATER_OR_EQUAL -> compare(node, "GE");
      case EQUAL -> compare(node, "EQ");
      case NOT_EQUAL -> compare(node, "NE");
      case SELECT -> {
        int mask = mask(node.input(0), node.type());
        load(places.get(node.input(2)));
        load(places.get(node.input(1)));
        load(mask);
        call(
            Instruction.INVOKEVIRTUAL,
            vector(node.type()),
            "blend",
            "(%sL%s;)L%s;".formatted(VECTOR, MASK, vector(node.type())));
      }
      case CARRIED -> throw new AssertionError("set before the loop");
    }
    places.put(node, store(vector(node.type())));
  }

  /** A call on the first input, with the others as arguments. */
  private void method(Node node, String name) {
    node.inputs().forEach(input -> load(places.get(input)));
    call(
        Instruction.INVOKEVIRTUAL,
        vector(node.input(0).type()),
        name,
        "(%s)L%s;".formatted(VECTOR.repeat(node.inputs().size() - 1), vector(node.type())));
  }

  private void lanewise(Node node, String operator, String group) {
    boolean immediate = isShift(node) && node.input(1).isConstant();
    load(places.get(node.input(0)));
    operator(operator, group);
    if (immediate) {
      push(node.input(1).payload());
    } else {
      load(places.get(node.input(1)));
    }
    call(
        Instruction.INVOKEVIRTUAL,
        INTS,
        "lanewise",
        "(L%s$Binary;%s)L%s;".formatted(OPERATORS, immediate ? "I" : VECTOR, INTS));
  }

  // Here and below the species is named, although the API has methods that find it: C2 loses them
  // in
  // JDK 17 once other code has used them with other species, and then boxes each vector.

  private void reinterpret(Node node) {
    load(places.get(node.input(0)));
    loadSpecies(node.type());
    push(0);
    call(
        Instruction.INVOKEVIRTUAL,
        vector(node.input(0).type()),
        "reinterpretShape",
        "(%sI)%s".formatted(SPECIES, VECTOR));
    cast(vector(node.type()));
  }

  private void convert(Node node, String operator) {
    load(places.get(node.input(0)));
    operator(operator, "Conversion");
    loadSpecies(node.type());
    push(0);
    call(
        Instruction.INVOKEVIRTUAL,
        vector(node.input(0).type()),
        "convertShape",
        "(L%s$Conversion;%sI)%s".formatted(OPERATORS, SPECIES, VECTOR));
    cast(vector(node.type()));
  }

  private void cast(String type) {
    op(Instruction.CHECKCAST);
    writeShort(writer.type(type));
  }

  private void compare(Node node, String operator) {
    load(places.get(node.input(0)));
    operator(operator, "Comparison");
    load(places.get(node.input(1)));
    call(
        Instruction.INVOKEVIRTUAL,
        vector(node.input(0).type()),
        "compare",
        "(L%s$Comparison;%s)L%s;".formatted(OPERATORS, VECTOR, MASK));
  }

  /** Returns where a condition is kept as a mask for vectors of this type. */
  private int mask(Node condition, Type type) {
    return casts
        .computeIfAbsent(condition, key -> new EnumMap<>(Type.class))
        .computeIfAbsent(
            type,
            key -> {
              // The API refuses a mask that was made by comparing vectors of the other type.
              if (condition.input(0).type() == type) {
                return places.get(condition);
              }
              load(places.get(condition));
              loadSpecies(type);
              call(Instruction.INVOKEVIRTUAL, MASK, "cast", "(%s)L%s;".formatted(SPECIES, MASK));
              return store(MASK);
            });
  }

  private static String vector(Type type) {
    return switch (type) {
      case FLOAT -> FLOATS;
      case INT -> INTS;
      case CONDITION -> MASK;
    };
  }

  private static String array(Type type) {
    return type == Type.FLOAT ? "[F" : "[I";
  }

  private void broadcast(Type type) {
    call(
        Instruction.INVOKESTATIC,
        vector(type),
        "broadcast",
        "(%s%s)L%s;".formatted(SPECIES, type == Type.FLOAT ? "F" : "I", vector(type)));
  }

  private void operator(String name, String group) {
    op(Instruction.GETSTATIC);
    writeShort(writer.field(OPERATORS, name, "L%s$%s;".formatted(OPERATORS, group)));
  }

  private void loadSpecies(Type type) {
    op(Instruction.GETSTATIC);
    writeShort(writer.field(vector(type), "SPECIES_PREFERRED", SPECIES));
  }

  private void loadState(Type type, int number) {
    loadSpecies(type);
    load(type == Type.FLOAT ? FLOAT_STATE : INT_STATE);
    push(number * lanes);
  }

  /** Pushes what holds elements and the position in it that this round is at. */
  private void loadPosition(int elements) {
    load(elements);
    local(Instruction.ILOAD, elements + 1);
    local(Instruction.ILOAD, INDEX);
    op(Instruction.IADD);
    if (home == Home.SEGMENTS) {
      // Segments count bytes.
      op(Instruction.I2L);
      op(Instruction.ICONST_2);
      op(Instruction.LSHL);
      call(Instruction.INVOKESTATIC, ORDER, "nativeOrder", "()L%s;".formatted(ORDER));
    }
  }

  /** Returns the types of what {@link #loadPosition} pushes. */
  private String position() {
    return home == Home.ARRAYS ? "[FI" : "L%s;JL%s;".formatted(home.type(), ORDER);
  }

  private void load(int local) {
    local(Instruction.ALOAD, local);
  }

  /** Stores the top of the stack in a new local variable. */
  private int store(String type) {
    locals.add(writer.type(type));
    maxLocals = Math.max(maxLocals, locals.size());
    local(Instruction.ASTORE, locals.size() - 1);
    return locals.size() - 1;
  }

  private void local(int instruction, int number) {
    if (number > 255) {
      op(Instruction.WIDE);
      op(instruction);
      writeShort(number);
    } else {
      op(instruction);
      op(number);
    }
  }

  private void push(int value) {
    op(Instruction.LDC_W);
    writeShort(writer.number(value));
  }

  private void call(int instruction, String owner, String name, String descriptor) {
    op(instruction);
    writeShort(writer.method(owner, name, descriptor));
  }

  private void op(int instruction) {
    ClassWriter.write(code, out -> out.writeByte(instruction));
  }

  private void writeShort(int value) {
    ClassWriter.write(code, out -> out.writeShort(value));
  }

  /** Instructions, by the names of the specification. */
  private static final class Instruction {
    static final int ICONST_0 = 3;
    static final int ICONST_2 = 5;
    static final int LDC_W = 19;
    static final int ILOAD = 21;
    static final int ALOAD = 25;
    static final int FALOAD = 48;
    static final int ISTORE = 54;
    static final int ASTORE = 58;
    static final int IADD = 96;
    static final int LSHL = 121;
    static final int IINC = 132;
    static final int I2L = 133;
    static final int IFNE = 154;
    static final int IF_ICMPGE = 162;
    static final int GOTO = 167;
    static final int RETURN = 177;
    static final int GETSTATIC = 178;
    static final int INVOKEVIRTUAL = 182;
    static final int INVOKESPECIAL = 183;
    static final int INVOKESTATIC = 184;
    static final int CHECKCAST = 192;
    static final int WIDE = 196;
  }
}
