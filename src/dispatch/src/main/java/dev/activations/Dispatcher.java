package dev.activations;

import dev.activations.Decision.Candidate;
import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Cache;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs passes over the host's data where they are done soonest: on the CPU, or on a device that is
 * so much faster that the way there and back pays. It measures when that is, and {@link #explain}
 * says what it knows. Methods block, and are safe for use by several threads.
 *
 * <p>The CPU begins. Batches below {@value #LEAST} elements stay there, since the latency of any
 * other device is more than the CPU takes for them. With larger ones it goes on until it has spent
 * a second on passes of one kind, at the full speed that it has when Java has compiled its loops;
 * that is about what it costs to load drivers, build kernels and measure, so that those who would
 * gain less never pay for it. Then each device that {@link Devices#findings} calls usable and
 * without a caveat is measured on passes of this kind, in about 50 ms and the time it takes to
 * build its kernels. What was measured is kept with the compiled kernels, see {@link Cache}, for as
 * long as device, driver and library stay the same.
 *
 * <p>From then on each pass goes where it is predicted to be done soonest. Every pass is timed and
 * corrects the prediction for its kind and size; another device takes over when it is predicted to
 * be 5 % faster, and no more than 2 % of all time is spent on trying the others, in case one has
 * become faster. When passes of one kind have taken twice as long as before, and five seconds at
 * least, all is measured anew, in case something disturbed it.
 *
 * <p>A device that the property or the variable of {@link Devices} asks for runs everything, and
 * nothing is measured. A failure on a device is thrown and never recomputed elsewhere; the device
 * is then left out for as long as the dispatcher is open.
 */
public final class Dispatcher implements AutoCloseable {
  /** Batches of fewer elements stay on the CPU, which takes some 10 µs for a relu over so many. */
  public static final long LEAST = 1 << 16;

  /** Seconds that the CPU works at full speed before other devices are looked for. */
  private static final double START = 1;

  /** After how many times as long devices are measured anew, which then costs some 2 %. */
  private static final double AGAIN = 5;

  private static final String CLOSED = "the dispatcher is closed";

  private final Choice home;
  private final Optional<Supplier<List<Finding>>> others;
  private final CostStore store;
  private final double start;
  private final Place begin;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<Workload.Task, Passes> passes = new HashMap<>();
  private volatile boolean open = true;

  /** A device with its session; passes on it run, and are timed, one after the other. */
  private static final class Place {
    final Device device;
    volatile String failure = "";
    private Session session;
    private boolean closed;

    Place(Device device) {
      this.device = device;
    }

    synchronized Session session() {
      if (closed) {
        throw new IllegalStateException(CLOSED);
      }
      if (session == null) {
        session = device.open();
      }
      return session;
    }

    /** Runs a pass; returns how long it took, without the wait for others. */
    synchronized double seconds(Consumer<Session> pass) {
      Session opened = session();
      long start = System.nanoTime();
      pass.accept(opened);
      return (System.nanoTime() - start) / 1e9;
    }

    Candidate candidate(Optional<Estimate> estimate, String remark) {
      return new Candidate(device.id(), device.name(), estimate, remark);
    }

    synchronized void close() {
      closed = true;
      if (session != null) {
        session.close();
      }
    }
  }

  /** Passes of one kind: how long the CPU has worked on them, and then the devices measured. */
  private static final class Passes {
    final WarmUp warmUp;
    double inAll;
    double next;
    CostModel model;
    List<Place> measured = List.of();
    List<Candidate> leftOut = List.of();

    Passes(double start) {
      warmUp = new WarmUp(start);
    }

    void leaveFailed() {
      for (int i = 0; i < measured.size(); i++) {
        if (!measured.get(i).failure.isEmpty()) {
          model.leave(i);
        }
      }
    }
  }

  /**
   * A dispatcher.
   *
   * @param home where passes begin
   * @param others where other devices are found, or nothing if all passes stay at home
   * @param start the seconds that home works before others are looked for
   */
  Dispatcher(Choice home, Optional<Supplier<List<Finding>>> others, CostStore store, double start) {
    this.home = home;
    this.others = others;
    this.store = store;
    this.start = start;
    this.begin = new Place(home.device());
    places.put(home.device().id(), begin);
  }

  /**
   * Opens a dispatcher. Loads no driver, unless a device is asked for.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  public static Dispatcher open() {
    CostStore store = new CostStore(Cache.ofUser());
    return Devices.asked()
        .map(asked -> new Dispatcher(asked, Optional.empty(), store, START))
        .orElseGet(
            () ->
                new Dispatcher(
                    Devices.forHostData(), Optional.of(Devices::findings), store, START));
  }

  /**
   * Opens a dispatcher among some devices.
   *
   * @param home where passes begin, and small ones stay: a device that works in the host's memory
   * @param others what is measured, except for devices of the same back end
   */
  public static Dispatcher among(Choice home, List<Finding> others) {
    List<Finding> findings = List.copyOf(others);
    CostStore store = new CostStore(Cache.ofUser());
    return new Dispatcher(home, Optional.of(() -> findings), store, START);
  }

  /** Returns where passes begin, and why. */
  public Choice home() {
    return home;
  }

  /** Computes {@code f(in)} into {@code out}, as {@link Session#forward} does. */
  public void forward(Op op, FloatBuffer in, FloatBuffer out) {
    run(workload(op, Direction.FORWARD, in, out), session -> session.forward(op, in, out));
  }

  /** Computes {@code f(in)} in float64, as {@link Session#forward} does. */
  public void forward(Op op, DoubleBuffer in, DoubleBuffer out) {
    run(workload(op, Direction.FORWARD, in, out), session -> session.forward(op, in, out));
  }

  /** Computes {@code f'(in)} into {@code out}, as {@link Session#derivative} does. */
  public void derivative(Op op, FloatBuffer in, FloatBuffer out) {
    run(workload(op, Direction.DERIVATIVE, in, out), session -> session.derivative(op, in, out));
  }

  /** Computes {@code f'(in)} in float64, as {@link Session#derivative} does. */
  public void derivative(Op op, DoubleBuffer in, DoubleBuffer out) {
    run(workload(op, Direction.DERIVATIVE, in, out), session -> session.derivative(op, in, out));
  }

  /** Computes the gradient with respect to the input, as {@link Session#backward} does. */
  public void backward(Op op, FloatBuffer saved, FloatBuffer dy, FloatBuffer dx) {
    run(
        workload(op, Direction.BACKWARD, saved, dy, dx),
        session -> session.backward(op, saved, dy, dx));
  }

  /** Computes the gradient with respect to the input in float64, as {@link Session#backward}. */
  public void backward(Op op, DoubleBuffer saved, DoubleBuffer dy, DoubleBuffer dx) {
    run(
        workload(op, Direction.BACKWARD, saved, dy, dx),
        session -> session.backward(op, saved, dy, dx));
  }

  /** Tells where a pass over float32 in arrays would go, and why. Runs and measures nothing. */
  public Decision explain(Op op, Direction direction, long count) {
    return explain(Workload.of(op, direction, count));
  }

  /** Tells where a pass would go, and why. Runs and measures nothing. */
  public synchronized Decision explain(Workload workload) {
    Passes kind = passes.getOrDefault(workload.task(), new Passes(start));
    if (others.isEmpty()) {
      return stays(workload, home.reason());
    }
    if (workload.count() < LEAST) {
      return stays(workload, "because fewer than %d elements stay there".formatted(LEAST));
    }
    return kind.model == null
        ? stays(
            workload,
            "because other devices are measured when it has spent %s on such passes at full speed, and it has spent %s"
                .formatted(Estimate.text(start), Estimate.text(kind.warmUp.spent())))
        : measured(kind, workload);
  }

  private Decision stays(Workload workload, String reason) {
    Device device = home.device();
    Candidate only =
        new Candidate(device.id(), device.name(), Optional.empty(), "It was not measured.");
    return new Decision(workload, device.id(), reason, List.of(only));
  }

  private static Decision measured(Passes kind, Workload workload) {
    kind.leaveFailed();
    List<Estimate> estimates = kind.model.estimates(workload);
    Place best = kind.measured.get(kind.model.best(workload));
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < estimates.size(); i++) {
      Place place = kind.measured.get(i);
      candidates.add(
          place.failure.isEmpty()
              ? place.candidate(Optional.of(estimates.get(i)), "")
              : place.candidate(Optional.empty(), place.failure));
    }
    candidates.sort(
        Comparator.comparingDouble(
            each -> each.estimate().map(Estimate::seconds).orElse(Double.POSITIVE_INFINITY)));
    String reason = reason(best.device.id(), candidates);
    candidates.sort(Comparator.comparing(each -> !each.id().equals(best.device.id())));
    candidates.addAll(kind.leftOut);
    return new Decision(workload, best.device.id(), reason, candidates);
  }

  /** The candidates are sorted, the fastest first. */
  private static String reason(String best, List<Candidate> candidates) {
    if (!candidates.get(0).id().equals(best)) {
      return "because %s is not predicted to be faster by %.0f %%"
          .formatted(candidates.get(0).id(), 100 * CostModel.MARGIN);
    }
    if (candidates.size() < 2 || candidates.get(1).estimate().isEmpty()) {
      return "the only device that could be measured";
    }
    double fastest = candidates.get(0).estimate().orElseThrow().seconds();
    double next = candidates.get(1).estimate().orElseThrow().seconds();
    return "predicted to take %s, where %s would take %.2f times as long"
        .formatted(Estimate.text(fastest), candidates.get(1).id(), next / fastest);
  }

  /**
   * Measures now what {@link #explain} is to know, instead of when the CPU has spent a second on
   * such passes. The CPU first spends what is left of that second, or up to ten where Java takes
   * long to compile. Measures nothing where a device was asked for, and stops when the thread is
   * interrupted.
   *
   * @param workload a pass of the kind, of any size
   */
  public synchronized void measure(Workload workload) {
    checkOpen();
    Passes kind = kind(workload);
    if (others.isEmpty() || kind.model != null) {
      return;
    }
    Workload warm = workload.resized(LEAST);
    synchronized (begin) {
      try (SessionMachine machine = new SessionMachine(begin.session(), false)) {
        while (!kind.warmUp.isOver() && !Thread.currentThread().isInterrupted()) {
          kind.warmUp.add(machine.pass(warm), warm.count());
        }
      }
    }
    measure(kind, workload);
  }

  /** Closes all sessions. Does nothing when closed already. */
  @Override
  public synchronized void close() {
    open = false;
    places.values().forEach(Place::close);
  }

  private static Workload workload(Op op, Direction direction, Buffer... buffers) {
    boolean direct = true;
    for (Buffer buffer : buffers) {
      direct &= buffer.isDirect() && order(buffer) == ByteOrder.nativeOrder();
    }
    Dtype dtype = buffers[0] instanceof FloatBuffer ? Dtype.F32 : Dtype.F64;
    return new Workload(op, direction, dtype, buffers[0].remaining(), direct);
  }

  private static ByteOrder order(Buffer buffer) {
    return buffer instanceof FloatBuffer floats ? floats.order() : ((DoubleBuffer) buffer).order();
  }

  private void run(Workload workload, Consumer<Session> pass) {
    checkOpen();
    boolean measures = others.isPresent() && workload.count() >= LEAST;
    Place place = measures ? choose(workload) : begin;
    try {
      double seconds = place.seconds(pass);
      if (measures) {
        observe(place, workload, seconds);
      }
    } catch (ActivationException e) {
      place.failure = "It is left out since a pass failed: " + e.getMessage();
      throw e;
    }
  }

  private synchronized Place choose(Workload workload) {
    Passes kind = kind(workload);
    if (kind.model == null ? kind.warmUp.isOver() : kind.inAll >= kind.next) {
      measure(kind, workload);
    }
    if (kind.model == null) {
      return begin;
    }
    kind.leaveFailed();
    return kind.measured.get(kind.model.choose(workload));
  }

  private synchronized void observe(Place place, Workload workload, double seconds) {
    Passes kind = kind(workload);
    kind.inAll += seconds;
    if (kind.model == null) {
      kind.warmUp.add(seconds, workload.count());
    } else if (kind.measured.contains(place)) {
      kind.model.observe(kind.measured.indexOf(place), workload, seconds);
    }
  }

  private Passes kind(Workload workload) {
    return passes.computeIfAbsent(workload.task(), any -> new Passes(start));
  }

  /** Measures all devices, or none if it is interrupted. */
  private void measure(Passes kind, Workload workload) {
    boolean again = kind.model != null;
    List<Place> measured = new ArrayList<>(List.of(begin));
    List<Candidate> leftOut = new ArrayList<>();
    try {
      List<Costs> costs = new ArrayList<>(List.of(costs(begin, workload, again)));
      for (Finding finding : others.orElseThrow().get()) {
        if (finding.backend().equals(home.device().backend())) {
          continue;
        }
        Optional<String> obstacle = obstacle(finding, workload);
        if (obstacle.isPresent()) {
          leftOut.add(left(finding, obstacle.get()));
          continue;
        }
        Device device = finding.device().orElseThrow();
        Place place = places.computeIfAbsent(device.id(), id -> new Place(device));
        if (!place.failure.isEmpty()) {
          leftOut.add(left(finding, place.failure));
          continue;
        }
        try {
          costs.add(costs(place, workload, again));
          measured.add(place);
        } catch (Calibration.InterruptedCalibration e) {
          throw e;
        } catch (RuntimeException | LinkageError e) {
          leftOut.add(left(finding, "It could not be measured: " + e.getMessage()));
        }
      }
      kind.measured = measured;
      kind.leftOut = leftOut;
      kind.model = new CostModel(costs);
      kind.next =
          measured.size() > 1 ? Math.max(AGAIN * start, 2 * kind.inAll) : Double.POSITIVE_INFINITY;
    } catch (Calibration.InterruptedCalibration e) {
      // The thread is wanted elsewhere; the next call measures.
    }
  }

  private static Candidate left(Finding finding, String remark) {
    return new Candidate(finding.id(), finding.name(), Optional.empty(), remark);
  }

  private static Optional<String> obstacle(Finding finding, Workload workload) {
    if (finding.device().isEmpty()) {
      return Optional.of("not usable. %s Remedy: %s".formatted(finding.reason(), finding.remedy()));
    }
    Device device = finding.device().get();
    return device
        .caveat()
        .map(caveat -> "It is only used when asked for: " + caveat)
        .or(() -> device.obstacle(workload.op().formula()).map(Finding::reason))
        .or(() -> device.obstacle(workload.dtype()).map(Finding::reason));
  }

  private Costs costs(Place place, Workload workload, boolean again) {
    // The CPU is measured by every program, because Java compiles its loops anew in each.
    boolean apart = place != begin;
    if (apart && !again) {
      Optional<Costs> kept = store.get(place.device, workload);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    synchronized (place) {
      try (SessionMachine machine = new SessionMachine(place.session(), apart)) {
        Costs costs = Calibration.of(machine, workload);
        if (apart) {
          store.put(place.device, workload, costs);
        }
        return costs;
      }
    }
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException(CLOSED);
    }
  }
}
