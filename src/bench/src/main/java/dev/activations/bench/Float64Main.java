package dev.activations.bench;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.Float64;
import dev.activations.verify.Float64.Row;
import dev.activations.verify.Float64Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures the float64 definitions on a dense sample of inputs. Exits with 0 when all are within
 * their bounds, 1 when one is not, 2 when it was not understood.
 */
public final class Float64Main {
  private static final String USAGE = "usage: ci/float64.sh [kind ...] [--samples N] [--update]";

  private final List<Kind> kinds = new ArrayList<>();
  private int samples = 10_000;
  private Optional<Path> update = Optional.empty();

  private Float64Main() {}

  /** The command. {@code --update} is followed by the table's file. */
  public static void main(String[] args) throws IOException {
    Float64Main run = new Float64Main();
    try {
      run.parse(args);
      System.exit(run.run() ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
    }
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--samples" -> samples = Integer.parseInt(value(args, ++i));
        case "--update" -> update = Optional.of(Path.of(value(args, ++i)));
        default -> {
          if (args[i].startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + args[i]);
          }
          kinds.add(Kind.named(args[i]));
        }
      }
    }
  }

  static String value(String[] args, int at) {
    if (at == args.length) {
      throw new IllegalArgumentException(args[at - 1] + " needs a value");
    }
    return args[at];
  }

  private boolean run() throws IOException {
    boolean kept = true;
    for (Kind kind : kinds.isEmpty() ? Float64.kinds() : kinds) {
      for (Direction direction : List.of(Direction.FORWARD, Direction.DERIVATIVE)) {
        String name = kind.stem() + " " + direction.stem();
        long start = System.nanoTime();
        Row row = Float64.run(kind, direction, samples, Progress.of(name));
        kept &= row.worst() <= kind.bound64(direction);
        System.out.printf(
            Locale.ROOT,
            "%-26s at most %.4f ULP at %s (subnormal %.4f at %s), %,d samples, %.0f s%n",
            name,
            row.normal(),
            row.normalAt(),
            row.subnormal(),
            row.subnormalAt(),
            row.samples(),
            (System.nanoTime() - start) / 1e9);
        save(row);
      }
    }
    return kept;
  }

  /** After each function, so that an interrupted run keeps what it has. */
  private void save(Row row) throws IOException {
    if (update.isPresent()) {
      Float64Table table = Float64Table.read(update.get());
      table.put(row);
      table.write(update.get());
    }
  }
}
