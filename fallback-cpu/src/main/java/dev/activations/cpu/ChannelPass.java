package dev.activations.cpu;

import dev.activations.cpu.Loops.Sums;
import dev.activations.cpu.scalar.ChannelSums;
import dev.activations.cpu.scalar.RowArithmetic;
import dev.activations.spi.ChannelSum;

/**
 * Sums over the elements of channels, in two passes: the first finds the largest term of each
 * channel, the second adds integers in units of it.
 *
 * <p>Workers take parts: neighbouring channels whose elements fill a cache line, and some of their
 * runs. Long runs are read where they lie; short ones are gathered channel by channel. Integers may
 * be added in any order, so that any split gives the same bits.
 */
final class ChannelPass {
  /** Floats in a cache line. */
  private static final int LINE = 16;

  /** From this length on a run is worth a loop of its own. */
  private static final int LONG = 256;

  private final Sums loops;
  private final Operands<float[]> operands;
  private final long outer;
  private final long inner;
  private final Channel[] channels;

  /** Channels of a part, runs of each, and elements of each run. */
  private final int across;

  private final int runs;
  private final int along;

  ChannelPass(
      Sums loops,
      ChannelSum sum,
      Elements<float[]> x,
      Elements<float[]> dy,
      Elements<float[]> out) {
    this.loops = loops;
    this.operands = new Operands<>(Storage.FLOATS, x, dy, out);
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
      operands.out().put(c, new float[] {channels[c].total()}, 0, 1);
    }
  }

  private static long parts(long count, int each) {
    return (count + each - 1) / each;
  }

  /** What a channel's terms have come to. Several workers may bring their parts. */
  private static final class Channel {
    float magnitude;
    long high;
    long low;

    synchronized void fold(Span<float[]> part) {
      magnitude = RowArithmetic.maximum(magnitude, (float) part.folded);
    }

    synchronized void add(Span<float[]> part) {
      high += part.high;
      low += part.low;
    }

    float total() {
      return ChannelSums.total(RowArithmetic.sumOfLimbs(high, low), magnitude);
    }
  }

  /** Does something with terms of one channel that lie side by side. */
  private interface Phase {
    void run(Channel channel, Operands<float[]> terms, long from, int count, Scratch scratch);
  }

  private void fold(
      Channel channel, Operands<float[]> terms, long from, int count, Scratch scratch) {
    Span<float[]> span = new Span<>();
    terms.run(loops.fold(), span, from, count, false, scratch);
    channel.fold(span);
  }

  private void add(
      Channel channel, Operands<float[]> terms, long from, int count, Scratch scratch) {
    Span<float[]> span = new Span<>();
    span.uniforms = new float[] {channel.magnitude};
    terms.run(loops.sum(), span, from, count, false, scratch);
    channel.add(span);
  }

  private void part(long number, Scratch scratch, Phase phase) {
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
    gather(operands.first(), run, height, channel, width, scratch.first(Storage.FLOATS));
    if (operands.second() != operands.first()) {
      gather(operands.second(), run, height, channel, width, scratch.second(Storage.FLOATS));
    }
    int count = height * length;
    for (int c = 0; c < width; c++) {
      Elements<float[]> first = new Elements.OfArray<>(scratch.first(Storage.FLOATS), c * count);
      boolean two = operands.second() != operands.first();
      Elements<float[]> second =
          two ? new Elements.OfArray<>(scratch.second(Storage.FLOATS), c * count) : first;
      phase.run(
          channels[channel + c],
          new Operands<>(Storage.FLOATS, first, second, first),
          0,
          count,
          scratch);
    }
  }

  private long at(long run, int channel) {
    return (run * channels.length + channel) * inner;
  }

  /** Copies whole short runs, so that the elements of each channel lie side by side. */
  private void gather(
      Elements<float[]> from, long run, int height, int channel, int width, float[] tile) {
    int length = (int) inner;
    float[] line = new float[width * length];
    for (int o = 0; o < height; o++) {
      from.get(at(run + o, channel), line, 0, line.length);
      for (int c = 0; c < width; c++) {
        int to = (c * height + o) * length;
        for (int i = 0; i < length; i++) {
          tile[to + i] = line[c * length + i];
        }
      }
    }
  }
}
