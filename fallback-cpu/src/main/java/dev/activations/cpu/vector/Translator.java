package dev.activations.cpu.vector;

import dev.activations.cpu.vector.ClassFile.Member;
import dev.activations.cpu.vector.ClassFile.Method;
import dev.activations.cpu.vector.Node.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows the bytecode of a formula with nodes in place of numbers, and so finds its graph. Calls
 * within the library are followed; both arms of a {@code ?:} are followed, and where they meet
 * again each value in which they differ becomes a select.
 *
 * <p>This is sound because the dialect of the formulas has no side effects, no loops, and nothing
 * that can fail: it does no harm to compute the arm that is not taken.
 */
final class Translator {
  /** Whether HotSpot casts vectors of floats to ints; see {@link Graph#truncate}. */
  private static final boolean CASTS = Runtime.version().feature() >= 20;

  private final Graph graph;
  private final ClassLoader loader;
  private final Map<String, ClassFile> classes = new HashMap<>();
  private int uniforms;

  Translator(Graph graph, ClassLoader loader) {
    this.graph = graph;
    this.loader = loader;
  }

  /**
   * Calls a static method, the only one of its name.
   *
   * @param owner the internal name of its class
   * @return what it returns, in terms of the arguments
   * @throws UnsupportedOperationException if it leaves the dialect; the message says where
   */
  Value call(String owner, String name, List<? extends Value> arguments) {
    return new Frame(file(owner).method(name), arguments).run();
  }

  /**
   * Calls a static method with uniforms for the arguments that are not given: one for each float,
   * and for a record one for each of its floats. They come after the uniforms of earlier calls.
   */
  Value callWithUniforms(String owner, String name, List<? extends Value> given) {
    List<String> types = argumentTypes(file(owner).method(name).descriptor());
    List<Value> arguments = new ArrayList<>(given);
    for (String type : types.subList(given.size(), types.size())) {
      if (type.equals("F")) {
        arguments.add(graph.uniform(uniforms++));
      } else {
        String className = type.substring(1, type.length() - 1);
        Value.Aggregate record = new Value.Aggregate(className);
        for (String field : file(className).fields()) {
          record.fields().put(field, graph.uniform(uniforms++));
        }
        arguments.add(record);
      }
    }
    return call(owner, name, arguments);
  }

  private ClassFile file(String owner) {
    return classes.computeIfAbsent(owner, name -> ClassFile.read(loader, name));
  }

  private static List<String> argumentTypes(String descriptor) {
    List<String> types = new ArrayList<>();
    for (int at = 1; descriptor.charAt(at) != ')'; ) {
      int end = descriptor.charAt(at) == 'L' ? descriptor.indexOf(';', at) + 1 : at + 1;
      types.add(descriptor.substring(at, end));
      at = end;
    }
    return types;
  }

  /** One call: its local variables and operand stack. */
  private final class Frame {
    private final Method method;
    private final int[] joins;
    private Value[] locals = new Value[256];
    private Deque<Value> stack = new ArrayDeque<>();

    Frame(Method method, List<? extends Value> arguments) {
      this.method = method;
      this.joins = joins(method);
      for (int i = 0; i < arguments.size(); i++) {
        locals[i] = arguments.get(i);
      }
    }

    /** The state of {@code other} as its branch is taken. */
    private Frame(Frame other) {
      method = other.method;
      joins = other.joins;
      locals = other.locals.clone();
      stack = new ArrayDeque<>(other.stack);
    }

    /** Returns the result, or null from a constructor. */
    Value run() {
      execute(0, method.code().length);
      return stack.poll();
    }

    private void execute(int from, int to) {
      for (int at = from; at != to; ) {
        int opcode = method.unsigned(at);
        if (Opcode.isConditional(opcode)) {
          Branch branch = branch(opcode);
          Frame jumped = new Frame(this);
          int join = joins[at];
          execute(at + 3, join);
          jumped.execute(at + method.signedShort(at + 1), join);
          merge(branch, jumped);
          at = join;
        } else if (opcode == Opcode.GOTO) {
          at += method.signedShort(at + 1);
        } else if (Opcode.isReturn(opcode)) {
          at = method.code().length;
        } else {
          step(at, opcode);
          at += Opcode.length(opcode);
        }
      }
    }

    /** A condition, and whether the jump is taken where it holds or where it does not. */
    private record Branch(Node condition, boolean jumpsWhenTrue) {}

    private Branch branch(int opcode) {
      if (opcode >= Opcode.IF_ICMPEQ) {
        Node right = pop();
        Node left = pop();
        return new Branch(
            graph.compare(Opcode.comparison(opcode - Opcode.IF_ICMPEQ), left, right), true);
      }
      Operation asked = Opcode.comparison(opcode - Opcode.IFEQ);
      Value tested = stack.pop();
      if (tested instanceof Node value) {
        // The one form in which the graph knows a boolean again.
        return asked == Operation.EQUAL
            ? new Branch(graph.compare(Operation.NOT_EQUAL, value, graph.constant(0)), false)
            : new Branch(graph.compare(asked, value, graph.constant(0)), true);
      }
      if (!(tested instanceof Value.Comparison floats)) {
        throw unsupported("a test of a reference");
      }
      // fcmpg makes NaN greater, fcmpl less. Where that decides the test, the opposite comparison
      // is the one that is false for NaN.
      boolean trueIfNaN =
          switch (asked) {
            case NOT_EQUAL -> true;
            case GREATER, GREATER_OR_EQUAL -> floats.greaterIfNaN();
            case LESS, LESS_OR_EQUAL -> !floats.greaterIfNaN();
            default -> false;
          };
      Operation ordered = trueIfNaN ? Opcode.opposite(asked) : asked;
      return new Branch(
          graph.compare(ordered, floats.left(), floats.right()), /* jumpsWhenTrue= */ !trueIfNaN);
    }

    /** Joins this arm, where the branch was not taken, with the one that jumped. */
    private void merge(Branch branch, Frame jumped) {
      for (int i = 0; i < locals.length; i++) {
        locals[i] = merge(branch, locals[i], jumped.locals[i]);
      }
      Deque<Value> merged = new ArrayDeque<>();
      for (Value value : stack) {
        merged.addLast(merge(branch, value, jumped.stack.pop()));
      }
      stack = merged;
    }

    private Value merge(Branch branch, Value stayed, Value went) {
      if (stayed == went) {
        return stayed;
      }
      if (stayed instanceof Node a && went instanceof Node b && a.type() == b.type()) {
        return branch.jumpsWhenTrue()
            ? graph.select(branch.condition(), b, a)
            : graph.select(branch.condition(), a, b);
      }
      if (stayed instanceof Value.Aggregate a
          && went instanceof Value.Aggregate b
          && a.fields().keySet().equals(b.fields().keySet())) {
        Value.Aggregate both = new Value.Aggregate(a.className());
        a.fields()
            .forEach(
                (name, value) ->
                    both.fields().put(name, merge(branch, value, b.fields().get(name))));
        return both;
      }
      // A variable of one arm only; the verifier has seen to it that nobody reads it.
      return null;
    }

    private void step(int at, int opcode) {
      switch (opcode) {
        case 2, 3, 4, 5, 6, 7, 8 -> push(graph.constant(opcode - 3)); // iconst
        case 11, 12, 13 -> push(graph.constant((float) (opcode - 11))); // fconst
        case 16 -> push(graph.constant((int) method.code()[at + 1])); // bipush
        case 17 -> push(graph.constant(method.signedShort(at + 1))); // sipush
        case 18 -> loadConstant(method.unsigned(at + 1)); // ldc
        case 19 -> loadConstant(method.unsignedShort(at + 1)); // ldc_w
        case 21, 23, 25 -> push(locals[method.unsigned(at + 1)]); // iload, fload, aload
        case 26, 27, 28, 29 -> push(locals[opcode - 26]); // iload_n
        case 34, 35, 36, 37 -> push(locals[opcode - 34]); // fload_n
        case 42, 43, 44, 45 -> push(locals[opcode - 42]); // aload_n
        case 54, 56, 58 -> locals[method.unsigned(at + 1)] = stack.pop(); // istore, fstore, astore
        case 59, 60, 61, 62 -> locals[opcode - 59] = stack.pop(); // istore_n
        case 67, 68, 69, 70 -> locals[opcode - 67] = stack.pop(); // fstore_n
        case 75, 76, 77, 78 -> locals[opcode - 75] = stack.pop(); // astore_n
        case 87 -> stack.pop(); // pop
        case 89 -> push(stack.peek()); // dup
        case 96, 98 -> binary(Operation.ADD); // iadd, fadd
        case 100, 102 -> binary(Operation.SUBTRACT); // isub, fsub
        case 104, 106 -> binary(Operation.MULTIPLY); // imul, fmul
        case 116, 118 -> push(graph.arithmetic(Operation.NEGATE, pop())); // ineg, fneg
        case 120 -> binary(Operation.SHIFT_LEFT); // ishl
        case 122 -> binary(Operation.SHIFT_RIGHT); // ishr
        case 124 -> binary(Operation.SHIFT_RIGHT_UNSIGNED); // iushr
        case 126 -> binary(Operation.AND); // iand
        case 128 -> binary(Operation.OR); // ior
        case 130 -> binary(Operation.XOR); // ixor
        case 134 -> push(graph.convert(Operation.TO_FLOAT, Type.FLOAT, pop())); // i2f
        case 139 -> push(truncated(pop())); // f2i
        case 149, 150 -> { // fcmpl, fcmpg
          Node right = pop();
          push(new Value.Comparison(pop(), right, opcode == 150));
        }
        case 180 -> { // getfield
          Value.Aggregate record = (Value.Aggregate) stack.pop();
          push(record.fields().get(member(at).name()));
        }
        case 181 -> { // putfield
          Value value = stack.pop();
          ((Value.Aggregate) stack.pop()).fields().put(member(at).name(), value);
        }
        case 182, 183 -> invoke(member(at), true); // invokevirtual, invokespecial
        case 184 -> invoke(member(at), false); // invokestatic
        case 187 -> // new
            push(new Value.Aggregate(method.file().className(method.unsignedShort(at + 1))));
        default ->
            throw unsupported("opcode %d at %d, as 'javap -c' prints it".formatted(opcode, at));
      }
    }

    private void invoke(Member called, boolean onObject) {
      int count = argumentTypes(called.descriptor()).size() + (onObject ? 1 : 0);
      Value[] arguments = new Value[count];
      for (int i = count - 1; i >= 0; i--) {
        arguments[i] = stack.pop();
      }
      switch (called.owner() + "." + called.name()) {
        case "java/lang/Math.fma" ->
            push(graph.arithmetic(Operation.FMA, Arrays.copyOf(arguments, 3, Node[].class)));
        case "java/lang/Math.abs" ->
            push(graph.arithmetic(Operation.ABSOLUTE, (Node) arguments[0]));
        case "java/lang/Float.floatToRawIntBits" ->
            push(graph.convert(Operation.TO_BITS, Type.INT, (Node) arguments[0]));
        case "java/lang/Float.intBitsToFloat" ->
            push(graph.convert(Operation.FROM_BITS, Type.FLOAT, (Node) arguments[0]));
        case "java/lang/Record.<init>" -> {}
        default -> {
          if (called.owner().startsWith("java/")) {
            throw unsupported("a call of %s.%s".formatted(called.owner(), called.name()));
          }
          Method target = file(called.owner()).method(called.name(), called.descriptor());
          Value result = new Frame(target, Arrays.asList(arguments)).run();
          if (result != null) {
            push(result);
          }
        }
      }
    }

    private Member member(int at) {
      return method.file().member(method.unsignedShort(at + 1));
    }

    private void loadConstant(int index) {
      Object constant = method.file().constant(index);
      if (constant instanceof Float number) {
        push(graph.constant(number.floatValue()));
      } else if (constant instanceof Integer number) {
        push(graph.constant(number.intValue()));
      } else {
        throw unsupported("a constant that is neither float nor int");
      }
    }

    private Node truncated(Node value) {
      return CASTS || value.isConstant()
          ? graph.convert(Operation.TO_INT, Type.INT, value)
          : graph.truncate(value);
    }

    private void binary(Operation operation) {
      Node right = pop();
      push(graph.arithmetic(operation, pop(), right));
    }

    private Node pop() {
      if (stack.pop() instanceof Node node) {
        return node;
      }
      throw unsupported("arithmetic on the result of a float comparison");
    }

    private void push(Value value) {
      stack.push(value);
    }

    private UnsupportedOperationException unsupported(String what) {
      return unsupportedIn(method, what);
    }
  }

  private static UnsupportedOperationException unsupportedIn(Method method, String what) {
    return new UnsupportedOperationException(
        "a formula may only use what is listed in package dev.activations.cpu.vector; "
            + "%s%s uses %s".formatted(method.name(), method.descriptor(), what));
  }

  /**
   * For each instruction the next one that every path from it must pass: its immediate
   * post-dominator. All jumps go forward, so one pass from the end finds them.
   */
  private static int[] joins(Method method) {
    int end = method.code().length;
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < end; at += Opcode.length(method.unsigned(at))) {
      if (Opcode.length(method.unsigned(at)) == 0) {
        throw unsupportedIn(method, "opcode %d at %d".formatted(method.unsigned(at), at));
      }
      starts.add(at);
    }
    int[] joins = new int[end + 1];
    for (int i = starts.size() - 1; i >= 0; i--) {
      int at = starts.get(i);
      int opcode = method.unsigned(at);
      int next = at + Opcode.length(opcode);
      boolean jumps = opcode == Opcode.GOTO || Opcode.isConditional(opcode);
      int target = jumps ? at + method.signedShort(at + 1) : next;
      if (target <= at) {
        throw unsupportedIn(method, "a loop");
      }
      if (Opcode.isReturn(opcode)) {
        joins[at] = end;
      } else if (opcode == Opcode.GOTO) {
        joins[at] = target;
      } else {
        int a = next;
        int b = target;
        while (a != b) {
          if (a < b) {
            a = joins[a];
          } else {
            b = joins[b];
          }
        }
        joins[at] = a;
      }
    }
    return joins;
  }
}
