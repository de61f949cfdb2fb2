package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.cli.Checkup.State;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code activations doctor}: what is missing or broken here, and what mends it. */
@Command(
    name = "doctor",
    description = "Looks for what is missing or broken, and says what mends it.",
    footer = {
      "",
      "What is missing, a GPU for instance, the rest can do without. Exit code 1 if",
      "something is broken.",
    })
final class DoctorCommand implements Callable<Integer> {
  private final Screen screen;
  private final DeviceSource devices;

  @Option(names = "--json", description = "Write JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say how it was found of what is in order, too.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  DoctorCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    List<Checkup> all = Checkup.all(devices);
    if (json) {
      screen
          .out()
          .println(
              JSON.std
                  .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
                  .asString(all.stream().map(DoctorCommand::map).toList()));
    } else {
      all.forEach(this::print);
    }
    return all.stream().anyMatch(checkup -> checkup.state() == State.BROKEN) ? 1 : 0;
  }

  private void print(Checkup checkup) {
    line(lower(checkup.state()), checkup.subject(), checkup.found());
    if (verbose || checkup.state() != State.OK) {
      line("", "  how", checkup.how());
    }
    if (!checkup.mend().isEmpty()) {
      line("", "  mend", checkup.mend());
    }
  }

  private void line(String state, String subject, String text) {
    screen.out().printf("%-7s  %-10s  %s%n", state, subject, text);
  }

  private static Map<String, Object> map(Checkup checkup) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("state", lower(checkup.state()));
    map.put("subject", checkup.subject());
    map.put("found", checkup.found());
    map.put("how", checkup.how());
    map.put("mend", checkup.mend());
    return map;
  }

  private static String lower(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
