package dev.activations.api;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that a user most likely meant. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns the candidate with the smallest edit distance (insertions, deletions, replacements).
   *
   * @param wanted what was written
   * @param candidates the names that exist, at least one
   */
  public static String to(String wanted, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(wanted, candidate)))
        .orElseThrow();
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
