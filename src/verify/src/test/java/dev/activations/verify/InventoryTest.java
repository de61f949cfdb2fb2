package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Kind;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {
  @TempDir Path folder;

  @Test
  void theScalarFormsAreComplete() throws IOException {
    Check check = run().get("scalar Java");
    assertTrue(check.passed(), check.detail());
  }

  @Test
  void missingFormsOrphansAndUnequalTwinsAreFound() throws IOException {
    for (String name : List.of("cl/activation/relu.cl", "cuda/activation/relu.cu")) {
      write(name, name);
    }
    write("cl/activation/rely.cl", "");
    write("cl/lib/prelude.cl", "one");
    write("cuda/lib/prelude.cu", "other");
    Map<String, Check> checks = run();
    List<String> missing =
        Arrays.stream(Kind.values())
            .filter(Kind::hasFormula)
            .map(kind -> kind.stem() + ".cl is missing")
            .filter(problem -> !problem.startsWith("relu.cl"))
            .sorted()
            .toList();
    assertEquals(
        "%s; and %d more".formatted(String.join("; ", missing.subList(0, 3)), missing.size() - 2),
        checks.get("OpenCL C").detail());
    assertEquals(
        "rely is missing; relu.cl and relu.cu are not the same file",
        checks.get("twins in activation").detail());
    assertTrue(checks.get("twins in lib").passed());
    assertTrue(
        checks.get("OpenCL C of float64").detail().startsWith("linear.cl: no linear of doubles; "));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve("dev/activations/kernels").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Map<String, Check> run() throws IOException {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return Inventory.run(loader).stream()
          .collect(Collectors.toMap(Check::name, Function.identity()));
    }
  }
}
