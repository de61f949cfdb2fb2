package dev.activations.cli.bench;

import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * How long a pass took in each of several runs.
 *
 * @param seconds all above 0, in the order in which they were measured
 */
public record Times(List<Double> seconds) {
  /** The confidence of {@link #error}, which is that of JMH. */
  private static final double CONFIDENCE = 0.999;

  /**
   * Checks that these are times.
   *
   * @throws IllegalArgumentException if there is none, or one is not above 0 and finite
   */
  public Times {
    seconds = List.copyOf(seconds);
    if (seconds.isEmpty() || !seconds.stream().allMatch(s -> s > 0 && Double.isFinite(s))) {
      throw new IllegalArgumentException("expected times above 0, got " + seconds);
    }
  }

  /** Returns these times and then the others. */
  Times and(Times others) {
    return new Times(Stream.concat(seconds.stream(), others.seconds.stream()).toList());
  }

  /** Returns the time that half of the runs stayed below. */
  public double median() {
    return quantile(0.5);
  }

  /** Returns half of the distance between the quartiles, as a share of the median. */
  double spread() {
    return (quantile(0.75) - quantile(0.25)) / 2 / median();
  }

  /**
   * Returns the time that a share of the runs stayed below; between two times it goes straight from
   * one to the next.
   */
  double quantile(double share) {
    double[] sorted = seconds.stream().mapToDouble(s -> s).sorted().toArray();
    double position = share * (sorted.length + 1) - 1;
    int below = (int) Math.floor(position);
    if (below < 0) {
      return sorted[0];
    }
    if (below >= sorted.length - 1) {
      return sorted[sorted.length - 1];
    }
    return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
  }

  /** Returns the mean. */
  double mean() {
    return seconds.stream().mapToDouble(s -> s).average().orElseThrow();
  }

  /**
   * Returns by how much the mean may be off with a confidence of 99.9 %, by Student's t; NaN for
   * fewer than three times.
   */
  double error() {
    int n = seconds.size();
    if (n < 3) {
      return Double.NaN;
    }
    double mean = mean();
    double squares = seconds.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    return student(n - 1) * Math.sqrt(squares / (n - 1) / n);
  }

  /** Returns the t that Student's distribution is beyond, on both sides, once in a thousand. */
  private static double student(int freedom) {
    double low = 0;
    double high = 1;
    // The share is I(f/(f + t²); f/2, 1/2), which falls with t. In s = t/(1 + t) it is in (0, 1).
    for (double middle = 0.5; low < middle && middle < high; middle = (low + high) / 2) {
      double t = middle / (1 - middle);
      double beyond = RegularizedBeta.value(freedom / (freedom + t * t), freedom / 2.0, 0.5);
      if (beyond > 1 - CONFIDENCE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low / (1 - low);
  }
}
