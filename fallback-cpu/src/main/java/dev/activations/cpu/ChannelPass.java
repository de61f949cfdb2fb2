package dev.activations.cpu;

import dev.activations.cpu.RowLoops.Sum;
import dev.activations.cpu.scalar.DoubleRowArithmetic;
import dev.activations.spi.ChannelSum;

/**
 * Sums over the elements of channels, in two passes: the first finds the largest term of each
 * channel, the second adds integers in units of it.
 *
 * <p>Workers take parts: neighbouring channels whose elements fill a cache line, and some of their
 * runs. Long runs are read where they lie; short ones are gathered channel by channel. Integers may
 * be added in any order, so that any split gives the same bits.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class ChannelPass<A> {
  /** Floats in a cache line. */
  private static final int LINE = 16;

  /** From this length on a run is worth a loop of its own. */
  private static final int LONG = 256;

  private final Arithmetic<A> arithmetic;
  private final Loops.Sums<A> loops;
  private final Operands<A> operands;
  private final long outer;
  private final long inner;
  private final Channel[] channels;

  /** Channels of a part, runs of each, and elements of each run. */
  private final int across;

  private final int runs;
  private final int along;

  /** The sum of a channel, of that of its limbs and its largest term. */
  interface Total {
    double of(Sum sum, double magnitude);
  }

  ChannelPass(Arithmetic<A> arithmetic, ChannelSum sum, Operands<A> operands) {
    this.arithmetic = arithmetic;
    this.loops = arithmetic.sums().apply(sum.dy().isPresent());
    this.operands = operands;
    // The runs of a single channel are one.
    boolean single = sum.channels() == 1;
    this.outer = single ? 1 : sum.outer();
    this.inner = single ? sum.terms() : sum.inner();
    this.channels = new Channel[Math.toIntExact(sum.channels())];
    this.across = inner < LINE ? (int) ((LINE + inner - 1) / Math.max(1, inner)) : 1;
    this.along = (int) Math.min(inner, Scratch.TILE);
    this.runs = Math.max(1, Scratch.TILE / (across * Math.max(1, along)));
  }

  void run(Pool pool, Scratch[] scratch) {
    for (int c = 0; c < channels.length; c++) {
      channels[c] = new Channel();
    }
    if (outer > 0 && inner > 0) {
      long parts = parts(channels.length, across) * parts(outer, runs) * parts(inner, along);
      pool.run(parts, (worker, part) -> part(part, scratch[worker], this::fold));
      pool.run(parts, (worker, part) -> part(part, scratch[worker], this::add));
    }
    for (int c = 0; c < channels.length; c++) {
      double total = arithmetic.total().of(channels[c].sum, channels[c].magnitude);
      operands.out().put(c, arithmetic.single().apply(total), 0, 1);
    }
  }

  private static long parts(long count, int each) {
    return (count + each - 1) / each;
  }

  /** What a channel's terms have come to. Several workers may bring their parts. */
  private static final class Channel {
    final Sum sum = new Sum();
    double magnitude;

    synchronized void fold(Span<?> part) {
      magnitude = DoubleRowArithmetic.maximum(magnitude, part.folded);
    }

    synchronized void add(Span<?> part) {
      sum.add(part);
    }
  }

  /** Does something with terms of one channel that lie side by side. */
  private interface Phase<A> {
    void run(Channel channel, Operands<A> terms, long from, int count, Scratch scratch);
  }

  private void fold(Channel channel, Operands<A> terms, long from, int count, Scratch scratch) {
    Span<A> span = new Span<>();
    terms.run(loops.fold(), span, from, count, false, scratch);
    channel.fold(span);
  }

  private void add(Channel channel, Operands<A> terms, long from, int count, Scratch scratch) {
    Span<A> span = new Span<>();
    span.uniforms = arithmetic.single().apply(channel.magnitude);
    terms.run(loops.sum(), span, from, count, false, scratch);
    channel.add(span);
  }

  private void part(long number, Scratch scratch, Phase<A> phase) {
    long inside = number % parts(inner, along) * along;
    long rest = number / parts(inner, along);
    int channel = (int) (rest % parts(channels.length, across)) * across;
    long run = rest / parts(channels.length, across) * runs;
    int width = Math.min(across, channels.length - channel);
    int height = (int) Math.min(runs, outer - run);
    int length = (int) Math.min(along, inner - inside);
    if (length >= LONG || height == 1 && width == 1) {
      for (int o = 0; o < height; o++) {
        phase.run(channels[channel], operands, at(run + o, channel) + inside, length, scratch);
      }
      return;
    }
    Storage<A> storage = arithmetic.storage();
    boolean two = operands.second() != operands.first();
    gather(operands.first(), run, height, channel, width, scratch.first(storage));
    if (two) {
      gather(operands.second(), run, height, channel, width, scratch.second(storage));
    }
    Elements<A> first = new Elements.OfArray<>(scratch.first(storage), 0);
    Elements<A> second = two ? new Elements.OfArray<>(scratch.second(storage), 0) : first;
    Operands<A> gathered = new Operands<>(storage, first, second, first);
    int count = height * length;
    for (int c = 0; c < width; c++) {
      phase.run(channels[channel + c], gathered, (long) c * count, count, scratch);
    }
  }

  private long at(long run, int channel) {
    return (run * channels.length + channel) * inner;
  }

  /** Copies whole short runs, so that the elements of each channel lie side by side. */
  private void gather(Elements<A> from, long run, int height, int channel, int width, A tile) {
    Storage<A> storage = arithmetic.storage();
    int length = (int) inner;
    A line = storage.allocate().apply(width * length);
    for (int o = 0; o < height; o++) {
      if (width == 1) {
        from.get(at(run + o, channel), tile, o * length, length);
        continue;
      }
      from.get(at(run + o, channel), line, 0, width * length);
      for (int c = 0; c < width; c++) {
        storage.copy().run(line, c * length, tile, (c * height + o) * length, length);
      }
    }
  }
}
