package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.CustomFormula;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inputs where a definition may change its mind: every number that its compiled classes name,
 * of either sign, and the numbers beside it.
 *
 * <p>A branch compares its input with a constant, and a constant stands in the constant pool of the
 * class. So no list of thresholds has to be kept beside the formulas, and none can be forgotten.
 * Coefficients come along and do no harm.
 */
final class Edges {
  private static final String PACKAGE = "dev/activations/cpu/scalar/";

  private Edges() {}

  /** Returns the edges of a formula, in ascending order. */
  static float[] of(Activation activation) {
    Set<Float> edges = new TreeSet<>();
    float[] parameters = activation.floats();
    for (float constant : constants(definition(activation.formula())).floats()) {
      add(edges, constant);
      // Where a factor comes before the comparison.
      for (float parameter : parameters) {
        add(edges, constant / parameter);
      }
    }
    float[] values = new float[edges.size()];
    int at = 0;
    for (float edge : edges) {
      values[at++] = edge;
    }
    return values;
  }

  /** Returns the edges among the doubles, in ascending order. */
  static double[] ofDoubles(Activation activation) {
    Set<Double> edges = new TreeSet<>();
    for (double constant : constants(definition(activation.formula())).doubles()) {
      addDouble(edges, constant);
      for (double parameter : activation.doubles()) {
        addDouble(edges, constant / parameter);
      }
    }
    return edges.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void addDouble(Set<Double> edges, double value) {
    for (double magnitude : new double[] {Math.abs(value), -Math.abs(value)}) {
      edges.addAll(Arrays.asList(Math.nextDown(magnitude), magnitude, Math.nextUp(magnitude)));
    }
  }

  /** Returns the class that defines a formula in scalar Java, or where it has none its gate. */
  static Class<?> definition(Formula formula) {
    if (formula instanceof CustomFormula custom) {
      return custom.definition();
    }
    if (formula instanceof Kind kind && !kind.hasFormula()) {
      return definition(kind.gate().orElseThrow());
    }
    try {
      return Class.forName(PACKAGE.replace('/', '.') + className(formula.stem()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(formula.stem() + " has no definition", e);
    }
  }

  /** Returns the name of the class that defines a kind: {@code hard_swish} to {@code HardSwish}. */
  static String className(String stem) {
    StringBuilder name = new StringBuilder();
    for (String word : stem.split("_")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  private static void add(Set<Float> edges, float value) {
    for (float magnitude : new float[] {Math.abs(value), -Math.abs(value)}) {
      edges.addAll(Arrays.asList(Math.nextDown(magnitude), magnitude, Math.nextUp(magnitude)));
    }
  }

  /** The numbers that classes name. */
  record Constants(Set<Float> floats, Set<Double> doubles) {}

  /**
   * The numbers in the constant pools of a class and of all classes of the library that it uses.
   */
  static Constants constants(Class<?> definition) {
    // These are instructions of the bytecode and stand in no pool.
    Constants constants =
        new Constants(new HashSet<>(Set.of(0f, 1f, 2f)), new HashSet<>(Set.of(0.0, 1.0)));
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(definition.getName().replace('.', '/'));
    while (!open.isEmpty()) {
      String name = open.remove();
      if (seen.add(name)) {
        try (InputStream bytes = definition.getResourceAsStream("/" + name + ".class")) {
          if (bytes == null) {
            throw new IllegalStateException("no class " + name + " on the class path");
          }
          scan(new DataInputStream(bytes), constants, open);
        } catch (IOException e) {
          throw new IllegalStateException("cannot read class " + name, e);
        }
      }
    }
    return constants;
  }

  /** Reads one constant pool: The Java Virtual Machine Specification, section 4.4. */
  private static void scan(DataInputStream in, Constants constants, Deque<String> used)
      throws IOException {
    in.skipNBytes(8);
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> {
          String text = in.readUTF();
          if (text.startsWith(PACKAGE)) {
            used.add(text);
          }
        }
        // An integer may be the bits of a float.
        case 3 -> constants.floats().add(Float.intBitsToFloat(in.readInt()));
        case 4 -> constants.floats().add(in.readFloat());
        // So may a long be those of a double. Both take two places.
        case 5, 6 -> {
          constants.doubles().add(in.readDouble());
          i++;
        }
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 15 -> in.skipNBytes(3);
        default -> throw new IOException("unknown tag in a constant pool: " + tag);
      }
    }
  }
}
