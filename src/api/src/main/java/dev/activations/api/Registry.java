package dev.activations.api;

import dev.activations.spi.FormulaProvider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The formulas that names can mean: the library's and those that were registered. */
final class Registry {
  private static final Map<String, CustomFormula> CUSTOM = new ConcurrentSkipListMap<>();

  private static volatile boolean provided;

  private Registry() {}

  static void register(CustomFormula formula) {
    CustomFormula before = CUSTOM.putIfAbsent(formula.stem(), formula);
    if (before != null && !before.equals(formula)) {
      throw new IllegalStateException(
          "%s is registered already, as another formula; give this one another name"
              .formatted(formula.stem()));
    }
  }

  static List<Formula> known() {
    if (!provided) {
      synchronized (Registry.class) {
        ServiceLoader.load(FormulaProvider.class, Registry.class.getClassLoader())
            .forEach(provider -> provider.formulas().forEach(Registry::register));
        provided = true;
      }
    }
    return Stream.concat(Arrays.stream(Kind.values()), CUSTOM.values().stream()).toList();
  }

  static Formula named(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    Map<String, Formula> names = new LinkedHashMap<>();
    for (Formula formula : known()) {
      names.put(formula.stem(), formula);
      if (formula instanceof Kind kind) {
        kind.aliases().forEach(alias -> names.put(alias, kind));
      }
    }
    Formula found = names.get(wanted);
    if (found == null) {
      throw new IllegalArgumentException(
          "unknown activation '%s'; did you mean %s? Known: %s"
              .formatted(
                  name,
                  Nearest.to(wanted, names.keySet()),
                  known().stream().map(Formula::stem).collect(Collectors.joining(", "))));
    }
    return found;
  }
}
