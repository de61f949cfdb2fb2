package dev.activations.verify;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
import dev.activations.verify.Checks.Notes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts the forms of every activation on a class path: each {@link Kind} has PTX in every tier
 * under its stem, each formula that it is made of a scalar Java class, an OpenCL C and a CUDA C
 * source, for float64 too where the kind supports it, each type of 16 bits has its PTX, none of
 * them belongs to no kind, and the two kernel sources are the same file.
 */
public final class Inventory {
  private static final String SCALAR = "dev/activations/cpu/scalar";
  private static final String OPENCL = "dev/activations/kernels/cl";
  private static final String CUDA = "dev/activations/kernels/cuda";

  private final ClassLoader loader;

  private Inventory(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Counts what a class loader can see.
   *
   * @return one check for each form, and one for each folder of twins
   */
  public static List<Check> run(ClassLoader loader) {
    Inventory inventory = new Inventory(loader);
    Checks checks = new Checks(check -> {});
    checks.check("scalar Java", inventory::scalar);
    checks.check("scalar Java of float64", inventory::scalarDoubles);
    checks.check("OpenCL C", notes -> inventory.files(OPENCL + "/activation", ".cl", notes));
    checks.check("OpenCL C of float64", inventory::kernelDoubles);
    checks.check("CUDA C", notes -> inventory.files(CUDA + "/activation", ".cu", notes));
    Set<String> tiers = inventory.list(CUDA + "/ptx", Files::isDirectory);
    checks.check("tiers of PTX", notes -> notes.compared(tiers.size()));
    for (String tier : tiers) {
      String folder = CUDA + "/ptx/" + tier;
      checks.check(
          "PTX for " + tier, notes -> inventory.programs(folder, Stream.of(Kind.values()), notes));
      checks.check(
          "PTX of float64 for " + tier,
          notes -> inventory.programs(folder + "/float64", ofDoubles(), notes));
      for (Dtype dtype : List.of(Dtype.F16, Dtype.BF16)) {
        checks.check(
            "PTX of %s for %s".formatted(dtype.label(), tier),
            notes ->
                compare(
                    inventory.list(folder + "/" + dtype.label(), Files::isRegularFile),
                    Set.of("storage.ptx"),
                    notes));
      }
    }
    for (String folder : List.of("activation", "launch", "lib")) {
      checks.check("twins in " + folder, notes -> inventory.twins(folder, notes));
    }
    return checks.done();
  }

  private void scalar(Notes notes) {
    Set<String> definitions = new TreeSet<>();
    for (String file : list(SCALAR, Files::isRegularFile)) {
      String name = file.replace(".class", "");
      if (hasForward(name)) {
        definitions.add(name);
      }
    }
    compare(definitions, stems(Edges::className), notes);
  }

  private boolean hasForward(String simpleName) {
    return Arrays.stream(definition(simpleName).getDeclaredMethods())
        .map(Method::getName)
        .anyMatch("forward"::equals);
  }

  private Class<?> definition(String simpleName) {
    try {
      return Class.forName(SCALAR.replace('/', '.') + "." + simpleName, false, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a class file that names another class: " + simpleName, e);
    }
  }

  private static Stream<Kind> ofDoubles() {
    return Arrays.stream(Kind.values()).filter(kind -> kind.supports(Dtype.F64));
  }

  /** Those of them that are a function of an element, or of one and its row, and its derivative. */
  private static Stream<Kind> functionsOfDoubles() {
    return ofDoubles().filter(kind -> kind.shape() == Kind.Shape.POINTWISE || isOverAxis(kind));
  }

  private static boolean isOverAxis(Kind kind) {
    return kind.shape() == Kind.Shape.OVER_AXIS;
  }

  /** Each has both functions of doubles. */
  private void scalarDoubles(Notes notes) {
    functionsOfDoubles()
        .forEach(
            kind -> {
              hasDoubles(kind, "forward", notes);
              hasDoubles(kind, isOverAxis(kind) ? "gradient" : "derivative", notes);
            });
    notes.compared(2 * functionsOfDoubles().count());
  }

  private void hasDoubles(Kind kind, String name, Notes notes) {
    Predicate<Method> ofDoubles =
        method -> method.getName().equals(name) && method.getReturnType() == double.class;
    Method[] methods = definition(Edges.className(kind.stem())).getMethods();
    if (Arrays.stream(methods).noneMatch(ofDoubles)) {
      notes.problem("%s: no %s of doubles".formatted(kind.stem(), name));
    }
  }

  /**
   * Each has both functions once more under FLOAT64, or once for both types, as {@code real}. The
   * CUDA twins are the same files.
   */
  private void kernelDoubles(Notes notes) {
    Map<String, String> sources = sources(OPENCL + "/activation", ".cl");
    functionsOfDoubles()
        .forEach(
            kind -> {
              String source = sources.getOrDefault(kind.stem(), "");
              String ending = isOverAxis(kind) ? "_gradient" : "_derivative";
              for (String function : List.of(kind.stem(), kind.stem() + ending)) {
                Pattern signature =
                    Pattern.compile(
                        "^INLINE (double|real) %s\\(\\1 [xy]".formatted(function),
                        Pattern.MULTILINE);
                if (!signature.matcher(source).find()) {
                  notes.problem("%s.cl: no %s of doubles".formatted(kind.stem(), function));
                }
              }
            });
    notes.compared(2 * functionsOfDoubles().count());
  }

  private void files(String folder, String ending, Notes notes) {
    compare(list(folder, Files::isRegularFile), stems(stem -> stem + ending), notes);
  }

  /** Each activation has a program, and so have the sums over channels. */
  private void programs(String folder, Stream<Kind> kinds, Notes notes) {
    Set<String> wanted =
        kinds.map(kind -> kind.stem() + ".ptx").collect(Collectors.toCollection(TreeSet::new));
    wanted.add(ChannelSum.STEM + ".ptx");
    compare(list(folder, Files::isRegularFile), wanted, notes);
  }

  /** The stems of all formulas; some kinds are made of those of others. */
  private static Set<String> stems(UnaryOperator<String> name) {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> kind.formulas().stream())
        .map(name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void compare(Set<String> found, Set<String> wanted, Notes notes) {
    wanted.stream()
        .filter(name -> !found.contains(name))
        .forEach(name -> notes.problem(name + " is missing"));
    found.stream()
        .filter(name -> !wanted.contains(name))
        .forEach(name -> notes.problem(name + " belongs to no kind"));
    notes.compared(found.size());
  }

  /** The same names and the same bytes on both sides; the prelude is where they differ. */
  private void twins(String folder, Notes notes) {
    Map<String, String> opencl = sources(OPENCL + "/" + folder, ".cl");
    Map<String, String> cuda = sources(CUDA + "/" + folder, ".cu");
    compare(cuda.keySet(), opencl.keySet(), notes);
    opencl.forEach(
        (name, text) -> {
          if (!name.equals("prelude") && !text.equals(cuda.getOrDefault(name, text))) {
            notes.problem("%s.cl and %s.cu are not the same file".formatted(name, name));
          }
        });
  }

  private Map<String, String> sources(String folder, String ending) {
    Map<String, String> sources = new TreeMap<>();
    for (String name : list(folder, Files::isRegularFile)) {
      sources.put(name.replace(ending, ""), text(folder + "/" + name));
    }
    return sources;
  }

  private String text(String resource) {
    try (InputStream in = loader.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of what is in a folder, in all directories and jars of the class path. */
  private Set<String> list(String folder, Predicate<Path> wanted) {
    Set<String> names = new TreeSet<>();
    try {
      for (URL url : Collections.list(loader.getResources(folder))) {
        URI uri = url.toURI();
        if (uri.getScheme().equals("jar")) {
          URI jar = URI.create(uri.toString().replaceFirst("!.*", "!/"));
          try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
            addNames(files.getPath("/" + folder), wanted, names);
          }
        } else {
          addNames(Path.of(uri), wanted, names);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path that is no URI", e);
    }
    return names;
  }

  private static void addNames(Path folder, Predicate<Path> wanted, Set<String> names)
      throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(wanted)
          // Zip file systems end the names of folders with a slash.
          .forEach(file -> names.add(file.getFileName().toString().replace("/", "")));
    }
  }
}
