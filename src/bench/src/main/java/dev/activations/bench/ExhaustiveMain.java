package dev.activations.bench;

import dev.activations.Choice;
import dev.activations.Devices;
import dev.activations.api.ActivationException;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.Exhaustive;
import dev.activations.verify.Exhaustive.Result;
import dev.activations.verify.ExhaustiveTable;
import dev.activations.verify.Measurement;
import dev.activations.verify.OutputCost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes functions through all 2^32 inputs on a device and compares their digests with the carried
 * ones. Exits with 0 when all agree, 1 when one does not, 2 when it was not understood.
 */
public final class ExhaustiveMain {
  private static final String USAGE =
      "usage: ci/exhaustive.sh [kind] [direction] [--device D] [--measure] [--update]";

  private final List<Kind> kinds = new ArrayList<>();
  private final List<Direction> directions = new ArrayList<>();
  private String device = "cpu";
  private boolean measured;
  private Optional<Path> update = Optional.empty();

  private ExhaustiveMain() {}

  /** The command. {@code --update} is followed by the table's file. */
  public static void main(String[] args) throws IOException {
    ExhaustiveMain run = new ExhaustiveMain();
    try {
      run.parse(args);
      System.exit(run.run() ? 0 : 1);
    } catch (IllegalArgumentException | ActivationException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
    }
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--measure" -> measured = true;
        case "--device" -> device = value(args, ++i);
        case "--update" -> update = Optional.of(Path.of(value(args, ++i)));
        default -> {
          String name = args[i];
          if (name.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + name);
          }
          Arrays.stream(Direction.values())
              .filter(direction -> direction.stem().equalsIgnoreCase(name))
              .findAny()
              .ifPresentOrElse(directions::add, () -> kinds.add(Kind.named(name)));
        }
      }
    }
    if (update.isPresent() && !measured) {
      throw new IllegalArgumentException("--update needs --measure: the table holds errors too");
    }
  }

  private static String value(String[] args, int at) {
    if (at == args.length) {
      throw new IllegalArgumentException(args[at - 1] + " needs a value");
    }
    return args[at];
  }

  private boolean run() throws IOException {
    Choice choice = Devices.choose(device);
    System.err.println(choice);
    ExhaustiveTable carried = ExhaustiveTable.carried();
    boolean equal = true;
    for (Kind kind : kinds.isEmpty() ? List.of(Kind.values()) : kinds) {
      for (Direction direction : Exhaustive.directions(kind)) {
        if (directions.isEmpty() || directions.contains(direction)) {
          String name = kind.stem() + " " + direction.stem();
          long start = System.nanoTime();
          Result result =
              Exhaustive.run(choice.device(), kind, direction, measured, Progress.of(name));
          equal &= print(name, result, carried.find(kind, direction), System.nanoTime() - start);
          if (measured && direction == Direction.BACKWARD_FROM_OUTPUT) {
            print(kind, OutputCost.of(kind));
          }
          save(result);
        }
      }
    }
    return equal;
  }

  private boolean print(String name, Result result, Optional<Result> carried, long nanos) {
    boolean isNew = carried.isEmpty() || update.isPresent();
    boolean equal = isNew || carried.get().digest() == result.digest();
    String verdict =
        isNew
            ? "new"
            : equal ? "as carried" : "DIFFERS from %016x".formatted(carried.orElseThrow().digest());
    System.out.printf(
        Locale.ROOT,
        "%-22s digest %016x %s%s, %.0f s%n",
        name,
        result.digest(),
        verdict,
        result.measurement().map(ExhaustiveMain::errors).orElse(""),
        nanos / 1e9);
    return equal;
  }

  private static void print(Kind kind, OutputCost cost) {
    System.out.printf(
        Locale.ROOT,
        "%-22s from its output at most %.4g from f'(x), at %08x%n",
        kind.stem(),
        cost.error(),
        Float.floatToRawIntBits(cost.at()));
  }

  private static String errors(Measurement errors) {
    return String.format(
        Locale.ROOT,
        ", at most %.4f ULP at %08x (subnormal %.4f at %08x), %d above 1",
        errors.normal(),
        errors.normalAt(),
        errors.subnormal(),
        errors.subnormalAt(),
        errors.aboveOne());
  }

  /** After each function, so that an interrupted run keeps what it has. */
  private void save(Result result) throws IOException {
    if (update.isPresent()) {
      ExhaustiveTable table = ExhaustiveTable.read(update.get());
      table.put(result);
      table.write(update.get());
    }
  }
}
