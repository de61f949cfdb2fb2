package dev.activations.cli;

import dev.activations.api.ActivationException;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.cli.bench.BenchCommand;
import dev.activations.cli.demo.DemoCommand;
import dev.activations.cli.plot.PlotCommand;
import dev.activations.cli.train.TrainCommand;
import dev.activations.files.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code activations} command. Exit codes: 0 when all went well, 1 when a device, a disk or the
 * memory failed, 2 when something in the request must be changed.
 */
@Command(
    name = "activations",
    versionProvider = Main.Version.class,
    description = "Neural-network activations with the same bits on every device.",
    synopsisSubcommandLabel = "<command>",
    footer = {"", "Exit codes: 0 done; 1 a device, disk or memory failed; 2 change the request."})
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  private Main() {}

  /** Runs the command and ends the program with its exit code. */
  public static void main(String[] args) {
    // Numbers are for programs too, and the same everywhere: 0.8146, in the digits 0 to 9.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(run(Screen.ofProcess(), DeviceSource.FOUND, ApplyCommand.PIECE, args));
  }

  /**
   * Runs the command.
   *
   * @param pieceElements how many elements of a file to hold in memory at a time
   * @return the exit code
   */
  static int run(Screen screen, DeviceSource devices, int pieceElements, String... args) {
    CommandLine command =
        new CommandLine(new Main())
            .addSubcommand(new DevicesCommand(screen, devices))
            .addSubcommand(new DoctorCommand(screen, devices))
            .addSubcommand(new ListCommand(screen))
            .addSubcommand(new ExplainCommand(screen))
            .addSubcommand(new RecommendCommand(screen, System.in))
            .addSubcommand(new PlotCommand(screen, devices))
            .addSubcommand(new ApplyCommand(screen, System.in, devices, pieceElements))
            .addSubcommand(new DemoCommand(screen, devices))
            .addSubcommand(new TrainCommand(screen, devices))
            .addSubcommand(new VerifyCommand(screen, devices))
            .addSubcommand(BenchCommand.of(screen, devices))
            .setOut(new PrintWriter(screen.out(), true))
            .setErr(new PrintWriter(screen.err(), true))
            .setParameterExceptionHandler(Main::misused)
            .setExecutionExceptionHandler(Main::failed);
    try {
      int code = command.execute(args);
      // Results that got lost, on a full disk for instance, are no success.
      if (code == 0 && screen.out().checkError()) {
        complain(command, "the results could not be written to the standard output");
        return FAILED;
      }
      return code;
    } catch (OutOfMemoryError e) {
      complain(command, "out of memory (%s); raise java's -Xmx".formatted(e.getMessage()));
      return FAILED;
    }
  }

  /** Called when no subcommand is given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, got none");
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String nearest = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      nearest = "; did you mean %s?".formatted(unmatched.getSuggestions().get(0));
    }
    complain(command, e.getMessage() + nearest + "; see '%s --help'".formatted(name(command)));
    return REFUSED;
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
    if (e instanceof InputException || e instanceof DeviceUnavailableException) {
      complain(command, e.getMessage());
      return REFUSED;
    }
    if (e instanceof ActivationException) {
      complain(command, e.getMessage());
      return FAILED;
    }
    if (e instanceof IOException) {
      complain(command, e.getClass().getSimpleName() + ": " + e.getMessage());
      return FAILED;
    }
    throw e;
  }

  private static void complain(CommandLine command, String message) {
    command.getErr().println(name(command) + ": " + message);
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    static String ofLibrary() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not built as a jar)" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {
        "activations " + ofLibrary(),
        "Java %s, %s, %s %s"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"))
      };
    }
  }
}
