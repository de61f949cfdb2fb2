package dev.activations.cuda.standin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Translates a PTX module to C++, instruction by instruction, for {@code executor.h}. It knows what
 * the kernels use and refuses everything else by name: an instruction whose result differs between
 * GPUs cannot slip through.
 */
final class Translator {
  /** What a translation cannot be made of. */
  static final class UnsupportedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedException(String message) {
      super(message);
    }
  }

  /**
   * An instruction that computes.
   *
   * @param name its name, a pattern
   * @param expression its value in C++, of the operands $1 to $4; $T is the type of the name's last
   *     part, $D the one before, $C the comparison
   * @param unsigned whether the operands are read as unsigned, since overflow wraps
   */
  private record Rule(Pattern name, String expression, boolean unsigned) {
    Rule(String name, String expression) {
      this(Pattern.compile(name), expression, false);
    }

    static Rule wrapping(String name, String expression) {
      return new Rule(Pattern.compile(name), expression, true);
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("fma\\.rn\\.f(32|64)", "std::fma($1, $2, $3)"),
          new Rule("add\\.rn\\.f(32|64)", "$1 + $2"),
          new Rule("sub\\.rn\\.f(32|64)", "$1 - $2"),
          new Rule("mul\\.rn\\.f(32|64)", "$1 * $2"),
          new Rule("neg\\.f(32|64)", "-$1"),
          new Rule("abs\\.f(32|64)", "std::fabs($1)"),
          new Rule("max\\.f(32|64)", "ptx::maximum($1, $2)"),
          new Rule("min\\.f(32|64)", "ptx::minimum($1, $2)"),
          Rule.wrapping("add\\.[su](32|64)", "$1 + $2"),
          Rule.wrapping("sub\\.[su](32|64)", "$1 - $2"),
          Rule.wrapping("mul\\.lo\\.[su](32|64)", "$1 * $2"),
          Rule.wrapping("mad\\.lo\\.[su](32|64)", "$1 * $2 + $3"),
          new Rule("mul\\.wide\\.s32", "int64_t{$1} * $2"),
          new Rule("mul\\.wide\\.u32", "uint64_t{$1} * $2"),
          Rule.wrapping("neg\\.s(32|64)", "-$1"),
          new Rule("div\\.(s|u)(32|64)", "ptx::divide($1, $2)"),
          new Rule("rem\\.(s|u)(32|64)", "ptx::remainder($1, $2)"),
          new Rule("min\\.(s|u)(32|64)", "$1 < $2 ? $1 : $2"),
          new Rule("max\\.(s|u)(32|64)", "$1 > $2 ? $1 : $2"),
          new Rule("and\\.b(16|32|64)", "static_cast<$T>($1 & $2)"),
          new Rule("or\\.b(16|32|64)", "static_cast<$T>($1 | $2)"),
          new Rule("xor\\.(b32|b64)", "$1 ^ $2"),
          new Rule("not\\.(b32|b64)", "~$1"),
          new Rule("and\\.pred", "$1 && $2"),
          new Rule("or\\.pred", "$1 || $2"),
          new Rule("xor\\.pred", "$1 != $2"),
          new Rule("not\\.pred", "!$1"),
          new Rule("shl\\.(b32|b64)", "ptx::shift_left($1, $u2)"),
          new Rule("shr\\.(s|u)(32|64)", "ptx::shift_right($1, $u2)"),
          new Rule(
              "shf\\.l\\.wrap\\.b32",
              "static_cast<uint32_t>(((uint64_t{$2} << 32 | $1) << ($u3 & 31)) >> 32)"),
          new Rule("bfi\\.(b32|b64)", "ptx::insert_bits($1, $2, $u3, $u4)"),
          new Rule("selp\\.(f(32|64)|[bsu](16|32|64))", "$p3 ? $1 : $2"),
          new Rule("setp\\.(eq|ne|lt|le|gt|ge)\\.[sub](16|32|64)", "$1 $C $2"),
          new Rule("setp\\.(eq|lt|le|gt|ge)\\.f(32|64)", "$1 $C $2"),
          // A comparison that ends in u holds for NaN; ne alone does not.
          new Rule("setp\\.neu\\.f(32|64)", "$1 != $2"),
          new Rule("setp\\.ltu\\.f(32|64)", "!($1 >= $2)"),
          new Rule("setp\\.leu\\.f(32|64)", "!($1 > $2)"),
          new Rule("setp\\.gtu\\.f(32|64)", "!($1 <= $2)"),
          new Rule("setp\\.geu\\.f(32|64)", "!($1 < $2)"),
          new Rule("setp\\.num\\.f(32|64)", "$1 == $1 && $2 == $2"),
          new Rule("setp\\.nan\\.f(32|64)", "$1 != $1 || $2 != $2"),
          new Rule("mov\\.(f(32|64)|[sub](16|32|64)|pred)", "$1"),
          new Rule("cvta\\.to\\.global\\.u64", "$1"),
          new Rule("cvt\\.[su](16|32|64)\\.[su](16|32|64)", "static_cast<$D>($1)"),
          new Rule("cvt\\.rn\\.f(32|64)\\.[su](32|64)", "static_cast<$D>($1)"),
          new Rule("cvt\\.rzi\\.[su](32|64)\\.f(32|64)", "ptx::truncate<$D>($1)"));

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("f32", "float"),
          Map.entry("f64", "double"),
          Map.entry("s16", "int16_t"),
          Map.entry("u16", "uint16_t"),
          Map.entry("b16", "uint16_t"),
          Map.entry("s32", "int32_t"),
          Map.entry("u32", "uint32_t"),
          Map.entry("b32", "uint32_t"),
          Map.entry("s64", "int64_t"),
          Map.entry("u64", "uint64_t"),
          Map.entry("b64", "uint64_t"),
          Map.entry("pred", "bool"));

  private static final Map<String, String> COMPARISONS =
      Map.of("eq", "==", "ne", "!=", "lt", "<", "le", "<=", "gt", ">", "ge", ">=");

  private static final Map<String, String> SPECIAL =
      Map.of(
          "%tid.x", "thread.tid",
          "%ntid.x", "thread.ntid",
          "%ctaid.x", "thread.ctaid",
          "%nctaid.x", "thread.nctaid");

  private static final Pattern HEAD =
      Pattern.compile("\\.version \\d+\\.\\d+\n\\.target sm_\\d+\n\\.address_size 64\n");
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\.visible \\.entry (\\w+)\\(([^)]*)\\)\\s*\\.maxntid (\\d+), 1, 1\\s*\\{\n(.*?)\n\\}\n",
          Pattern.DOTALL);
  private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+)\\s+(\\w+)");
  private static final Pattern REGISTERS =
      Pattern.compile("\\.reg \\.(\\w+)\\s+%([a-z]+)<(\\d+)>;");
  private static final Pattern SHARED =
      Pattern.compile("\\.shared \\.align (\\d+) \\.b8 (\\w+)\\[(\\d+)\\];");
  private static final Pattern LABEL = Pattern.compile("\\$(\\w+):");
  private static final Pattern INSTRUCTION =
      Pattern.compile("(?:@(!?)%(p\\d+)\\s+)?([a-z][\\w.]*)(?:\\s+(.*))?;");
  private static final Pattern ADDRESS = Pattern.compile("\\[([%\\w$]+)(?:\\+(-?\\d+))?\\]");
  private static final Pattern MEMORY =
      Pattern.compile(
          "(ld|st)\\.(param|global|shared)(?:\\.v([24]))?\\.(f(?:32|64)|[sub](?:16|32|64))");

  private final Map<String, Integer> parameters = new LinkedHashMap<>();
  private final Map<String, Integer> shared = new LinkedHashMap<>();
  private int sharedSize;
  private boolean barriers;

  private Translator() {}

  /**
   * Translates a module.
   *
   * @throws UnsupportedException if it uses what the translator does not know
   */
  static String translate(String ptx) {
    String text = ptx.replaceAll("(?m)^//.*\n", "");
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt()) {
      throw new UnsupportedException("unknown beginning of a module: " + text.lines().findFirst());
    }
    StringBuilder functions = new StringBuilder();
    StringBuilder table = new StringBuilder();
    Matcher entry = ENTRY.matcher(text);
    int at = head.end();
    while (entry.find()) {
      checkBlank(text.substring(at, entry.start()));
      at = entry.end();
      functions.append(
          new Translator()
              .kernel(entry.group(1), entry.group(2), entry.group(3), entry.group(4), table));
    }
    checkBlank(text.substring(at));
    return """
        #include "executor.h"

        %s
        extern "C" const ptx::Kernel kernels[] = {
        %s    {}};
        """
        .formatted(functions, table);
  }

  private static void checkBlank(String between) {
    if (!between.isBlank()) {
      throw new UnsupportedException("unknown between kernels: " + between.strip());
    }
  }

  private String kernel(
      String name, String signature, String threads, String body, StringBuilder table) {
    List<String> sizes = new ArrayList<>();
    Matcher parameter = PARAMETER.matcher(signature);
    while (parameter.find()) {
      parameters.put(parameter.group(2), sizes.size());
      sizes.add("sizeof(%s)".formatted(type(parameter.group(1))));
    }
    String statements =
        body.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(line -> "  " + statement(line) + "\n")
            .collect(Collectors.joining());
    table.append(
        "    {\"%s\", %s, %d, %s_sizes, %s, %d, %s},\n"
            .formatted(name, name, sizes.size(), name, threads, sharedSize, barriers));
    return """
        static const int %s_sizes[] = {%s};

        static void %s(ptx::Thread& thread, const char* arguments) {
        %s}

        """
        .formatted(name, String.join(", ", sizes), name, statements);
  }

  private String statement(String line) {
    Matcher match = REGISTERS.matcher(line);
    if (match.matches()) {
      String prefix = match.group(2);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(match.group(3)); i++) {
        names.add(prefix + i + "{}");
      }
      return "%s %s;".formatted(type(match.group(1)), String.join(", ", names));
    }
    match = SHARED.matcher(line);
    if (match.matches()) {
      int alignment = Integer.parseInt(match.group(1));
      sharedSize = (sharedSize + alignment - 1) / alignment * alignment;
      shared.put(match.group(2), sharedSize);
      sharedSize += Integer.parseInt(match.group(3));
      return "";
    }
    match = LABEL.matcher(line);
    if (match.matches()) {
      return match.group(1) + ":;";
    }
    if (line.equals(".pragma \"nounroll\";")) {
      return "";
    }
    match = INSTRUCTION.matcher(line);
    if (!match.matches()) {
      throw new UnsupportedException("unknown line: " + line);
    }
    String action = instruction(match.group(3), operands(match.group(4)));
    return match.group(2) == null
        ? action
        : "if (%s%s) %s".formatted(match.group(1), match.group(2), action);
  }

  private String instruction(String name, List<String> operands) {
    switch (name) {
      case "ret" -> {
        return "return;";
      }
      case "bra", "bra.uni" -> {
        return "goto %s;".formatted(operands.get(0).substring(1));
      }
      case "bar.sync" -> {
        if (!operands.equals(List.of("0"))) {
          throw new UnsupportedException("unknown barrier: " + operands);
        }
        barriers = true;
        return "thread.barrier(__LINE__);";
      }
      case "mov.b32" -> {
        return operands.size() == 3 ? halves(operands) : compute(name, operands);
      }
      default -> {
        Matcher memory = MEMORY.matcher(name);
        return memory.matches()
            ? memory.group(3) == null
                ? access(memory.group(1), memory.group(2), memory.group(4), operands)
                : vector(memory.group(1), memory.group(2), memory.group(4), operands)
            : compute(name, operands);
      }
    }
  }

  private String access(String way, String space, String typeName, List<String> operands) {
    boolean load = way.equals("ld");
    Matcher address = ADDRESS.matcher(operands.get(load ? 1 : 0));
    if (!address.matches() || space.equals("param") && !load) {
      throw new UnsupportedException("unknown access: %s.%s %s".formatted(way, space, operands));
    }
    String type = type(typeName);
    String base = address.group(1);
    String offset = address.group(2) == null ? "0" : address.group(2);
    if (space.equals("param")) {
      return "ptx::set(%s, ptx::Thread::load<%s>(arguments + %d + %s));"
          .formatted(register(operands.get(0)), type, 8 * known(parameters, base), offset);
    }
    String place = base.startsWith("%") ? register(base) : Integer.toString(known(shared, base));
    // The upper bits of a wider register become zero.
    String set = typeName.equals("u16") ? "extend" : "set";
    return load
        ? "ptx::%s(%s, thread.load_%s<%s>(%s + %sll));"
            .formatted(set, register(operands.get(0)), space, type, place, offset)
        : "thread.store_%s<%s>(%s + %sll, %s);"
            .formatted(space, type, place, offset, read(operands.get(1), type));
  }

  /** Several registers at once, from or to an address that is a multiple of the size of all. */
  private String vector(String way, String space, String typeName, List<String> operands) {
    int count = operands.size() - 1;
    boolean load = way.equals("ld");
    Matcher address = ADDRESS.matcher(operands.get(load ? count : 0));
    if (!address.matches() || !space.equals("global")) {
      throw new UnsupportedException("unknown access: %s.%s %s".formatted(way, space, operands));
    }
    String type = type(typeName);
    StringBuilder all =
        new StringBuilder(
            "{ uint64_t at = %s + %sll; thread.check_vector<%s>(at, %d);"
                .formatted(
                    register(address.group(1)),
                    address.group(2) == null ? "0" : address.group(2),
                    type,
                    count));
    for (int i = 0; i < count; i++) {
      String operand = operands.get(load ? i : i + 1).replaceAll("[{}]", "");
      all.append(
          load
              ? " ptx::set(%s, thread.load_global<%s>(at + %d * sizeof(%2$s)));"
                  .formatted(register(operand), type, i)
              : " thread.store_global<%s>(at + %d * sizeof(%1$s), %s);"
                  .formatted(type, i, read(operand, type)));
    }
    return all.append(" }").toString();
  }

  /** Takes a register apart into two halves, the lower one first, or makes it of them. */
  private String halves(List<String> operands) {
    List<String> registers = operands.stream().map(each -> each.replaceAll("[{}]", "")).toList();
    if (operands.get(0).startsWith("{")) {
      String whole = read(registers.get(2), "uint32_t");
      return "{ ptx::set(%s, static_cast<uint16_t>(%s)); ptx::set(%s, static_cast<uint16_t>(%2$s >> 16)); }"
          .formatted(register(registers.get(0)), whole, register(registers.get(1)));
    }
    return "ptx::set(%s, uint32_t{%s} | uint32_t{%s} << 16);"
        .formatted(
            register(registers.get(0)),
            read(registers.get(1), "uint16_t"),
            read(registers.get(2), "uint16_t"));
  }

  private String compute(String name, List<String> operands) {
    Rule rule =
        RULES.stream()
            .filter(candidate -> candidate.name().matcher(name).matches())
            .findFirst()
            .orElseThrow(() -> new UnsupportedException("unknown instruction: " + name));
    String[] parts = name.split("\\.");
    String type = type(parts[parts.length - 1]);
    if (rule.unsigned()) {
      type = type.startsWith("u") ? type : "u" + type;
    }
    String value = rule.expression();
    if (value.contains("$C")) {
      value = value.replace("$C", COMPARISONS.get(parts[1]));
    }
    value = value.replace("$T", type);
    if (value.contains("$D")) {
      value = value.replace("$D", type(parts[parts.length - 2]));
    }
    for (int i = 1; i < operands.size(); i++) {
      value =
          value
              .replace("$u" + i, read(operands.get(i), "uint32_t"))
              .replace("$p" + i, read(operands.get(i), "bool"))
              .replace("$" + i, read(operands.get(i), type));
    }
    if (value.contains("$")) {
      throw new UnsupportedException("too few operands: %s %s".formatted(name, operands));
    }
    return "ptx::set(%s, %s);".formatted(register(operands.get(0)), value);
  }

  /** An operand's value, its bits taken for a type of the same width. */
  private String read(String operand, String type) {
    if (SPECIAL.containsKey(operand)) {
      return "ptx::as<%s>(%s)".formatted(type, SPECIAL.get(operand));
    }
    if (operand.startsWith("%")) {
      return "ptx::as<%s>(%s)".formatted(type, register(operand));
    }
    if (operand.matches("0f[0-9A-Fa-f]{8}")) {
      return "ptx::as<%s>(uint32_t{0x%s})".formatted(type, operand.substring(2));
    }
    if (operand.matches("0d[0-9A-Fa-f]{16}")) {
      return "ptx::as<%s>(uint64_t{0x%s})".formatted(type, operand.substring(2));
    }
    if (operand.equals(Long.toString(Long.MIN_VALUE))) {
      // C++ has no literal for it.
      return "static_cast<%s>(1ull << 63)".formatted(type);
    }
    if (operand.matches("-?\\d+")) {
      return "static_cast<%s>(%sll)".formatted(type, operand);
    }
    return "static_cast<%s>(%d)".formatted(type, known(shared, operand));
  }

  private static int known(Map<String, Integer> names, String name) {
    Integer value = names.get(name);
    if (value == null) {
      throw new UnsupportedException("unknown name: " + name);
    }
    return value;
  }

  private static String register(String operand) {
    if (!operand.matches("%[a-z]+\\d+")) {
      throw new UnsupportedException("unknown register: " + operand);
    }
    return operand.substring(1);
  }

  private static String type(String name) {
    String type = TYPES.get(name);
    if (type == null) {
      throw new UnsupportedException("unknown type: " + name);
    }
    return type;
  }

  private static List<String> operands(String text) {
    return text == null ? List.of() : List.of(text.strip().split("\\s*,\\s*"));
  }
}
