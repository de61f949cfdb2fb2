package dev.activations.bench;

import dev.activations.Devices;
import dev.activations.api.Activation;
import dev.activations.api.Dtype;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Prints what an element costs from a million elements on, from one mapped file into another,
 * tenfold each time. The input is a file without blocks, which reads as zeros; the output is
 * written.
 */
public final class ScaleMain {
  private static final String USAGE =
      "usage: ci/scale.sh [activation] [--device D] [--largest N] [--directory P]";

  /** Passes over a size go on for as long, and are two at the least, of which the faster counts. */
  private static final long NANOS = 1_000_000_000L;

  /** As much time for Java's compiler before. */
  private static final long WARM_UP = 8_000_000_000L;

  private String activation = "gelu";
  private String device = "cpu";
  private long largest = 1_000_000_000L;
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

  private ScaleMain() {}

  /** The command. */
  public static void main(String[] args) throws IOException {
    ScaleMain run = new ScaleMain();
    try {
      run.parse(args);
      run.run();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
    }
  }

  private void parse(String[] args) {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--device" -> device = Float64Main.value(args, ++i);
        case "--largest" -> largest = (long) Double.parseDouble(Float64Main.value(args, ++i));
        case "--directory" -> directory = Path.of(Float64Main.value(args, ++i));
        default -> activation = args[i];
      }
    }
  }

  private void run() throws IOException {
    Op op = Op.of(Activation.parse(activation));
    try (Session session = Devices.choose(device).open()) {
      measure(session, op, 1_000_000, WARM_UP);
      System.out.printf(
          "%s of float32 in mapped files, on %s%n%16s %15s %8s %8s%n",
          op, session.device().id(), "elements", "ns an element", "GB/s", "passes");
      for (long count = 1_000_000; count < largest; count *= 10) {
        print(count, measure(session, op, count, NANOS));
      }
      print(largest, measure(session, op, largest, NANOS));
    }
  }

  private static void print(long count, List<Double> nanos) {
    double median = nanos.get((nanos.size() - 1) / 2);
    System.out.printf(
        Locale.ROOT,
        "%,16d %15.3f %8.2f %8d%n",
        count,
        median,
        2 * Float.BYTES / median,
        nanos.size());
  }

  /** Returns what an element of each pass took, from the fastest on. */
  private List<Double> measure(Session session, Op op, long count, long time) throws IOException {
    Path in = Files.createTempFile(directory, "scale-", ".in");
    Path out = Files.createTempFile(directory, "scale-", ".out");
    try (FileChannel from = open(in);
        FileChannel to = open(out)) {
      HostArray x = HostArray.mapped(from, MapMode.READ_WRITE, 0, Dtype.F32, count);
      HostArray y = HostArray.mapped(to, MapMode.READ_WRITE, 0, Dtype.F32, count);
      session.forward(op, x, y); // The file gets its blocks.
      List<Double> nanos = new ArrayList<>();
      long end = System.nanoTime() + time;
      while (nanos.size() < 2 || System.nanoTime() < end) {
        long start = System.nanoTime();
        session.forward(op, x, y);
        nanos.add((System.nanoTime() - start) / (double) count);
      }
      Collections.sort(nanos);
      return nanos;
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
