package dev.activations.api;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that a user most likely meant. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns the candidate with the smallest edit distance: insertions, deletions, replacements and
   * swaps of neighbours.
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
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, a, i, b, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int cheapest(int[][] edits, String a, int i, String b, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int edit = edits[i - 1][j - 1] + (same ? 0 : 1);
    edit = Math.min(edit, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(edit, 1 + edits[i - 2][j - 2]) : edit;
  }
}
