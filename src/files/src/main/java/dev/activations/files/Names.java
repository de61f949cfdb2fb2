package dev.activations.files;

import java.util.Collection;
import java.util.Optional;

/** Chooses one of the tensors of a file. */
final class Names {
  private Names() {}

  /**
   * Returns the name that is wanted, or else the only one.
   *
   * @throws InputException if there is none such
   */
  static String choose(Input in, Optional<String> wanted, Collection<String> names) {
    if (wanted.isPresent() && names.contains(wanted.get())) {
      return wanted.get();
    }
    String there = names.isEmpty() ? "none" : InputException.shown(String.join(", ", names));
    if (wanted.isPresent()) {
      throw in.wrong("has no tensor '%s'; it has %s", InputException.shown(wanted.get()), there);
    }
    if (names.size() != 1) {
      throw in.wrong("expected one tensor, or the name of one with --tensor; it has %s", there);
    }
    return names.iterator().next();
  }
}
