package dev.activations.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.peers.Table.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Speeds, shares and errors, from timings of known numbers. */
class TableTest {
  private static final List<Timing> TIMINGS =
      List.of(
          new Timing("copy", "relu", "forward", 1000, 1, 800),
          new Timing("copy", "relu", "backward", 1000, 1, 400),
          new Timing("copy", "relu", "forward", 100_000, 1, 100_000),
          new Timing("libtorch", "relu", "forward", 1000, 1, 1000),
          new Timing("libtorch", "relu", "backward", 1000, 2, 1000),
          new Timing("libtorch", "relu", "forward", 100_000, 1, 400_000));

  @Test
  void aBackwardPassMovesThreeArraysAndTheFastestCopyOfItsSizeIsTheMeasure() {
    List<Map<String, Object>> rows = Table.rows(TIMINGS, (l, k, d) -> new Errors(2, 1));
    assertEquals(
        List.of(8.0, 12.0, 2.0), rows.stream().map(row -> row.get("gigabytesPerSecond")).toList());
    assertEquals(
        List.of(8.0 / 20, 12.0 / 20, 2.0 / 8),
        rows.stream().map(row -> row.get("shareOfCopy")).toList());
    assertEquals(
        List.of(1.0, 1.0, 4.0), rows.stream().map(row -> row.get("nsPerElement")).toList());
  }

  @Test
  void aFunctionIsJudgedOnce() {
    List<String> judged = new ArrayList<>();
    Table.rows(
        TIMINGS,
        (library, kind, direction) -> {
          judged.add(library + " " + kind + " " + direction);
          return new Errors(0, 0);
        });
    assertEquals(List.of("libtorch relu forward", "libtorch relu backward"), judged);
  }

  @Test
  void markdownHasARowForEachTiming() {
    String table = Table.markdown(Table.rows(TIMINGS, (l, k, d) -> new Errors(1.9e6, 0.5)));
    assertTrue(
        table.contains(
            "| relu | backward | 1000 | 2 | libtorch | 1.000 | 12.00 | 0.60 | 1.90e+06 | 0.500 |"),
        table);
  }
}
