package dev.activations.verify;

/**
 * One number for a whole function: the sum, modulo 2^64, of a mix of every input's and its output's
 * bits. A sum knows no order, so any number of threads and devices can take part.
 *
 * <p>The mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195)
 * over the input's bits in the upper and the output's bits in the lower half of a 64-bit word.
 */
public final class Digest {
  private long sum;

  /**
   * Takes one value into account.
   *
   * @param input the bits of the input, or the place of the value where inputs are rows
   * @param output the bits of the output
   */
  public void add(int input, int output) {
    sum += mix((long) input << 32 | output & 0xFFFFFFFFL);
  }

  /**
   * Takes one value of a function of doubles into account: the mix is that of the input's mix and
   * the output.
   */
  public void addDouble(double input, double output) {
    sum += mix(mix(Double.doubleToLongBits(input)) + Double.doubleToRawLongBits(output));
  }

  private static long mix(long word) {
    long z = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Takes all that another digest has seen into account. */
  public void merge(Digest other) {
    sum += other.sum;
  }

  /** Returns the digest of all values so far. */
  public long value() {
    return sum;
  }
}
