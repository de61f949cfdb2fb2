package dev.activations.cpu.scalar;

/**
 * Random numbers without a state: Threefry-2x32 with 20 rounds scrambles a counter with a key, by
 * adding, rotating and exclusive or alone. The same key and counter give the same words on every
 * device, whatever the order in which they are asked for.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw 2011, Parallel Random Numbers: As Easy as 1, 2, 3,
 * doi:10.1145/2063384.2063405.
 */
public final class Threefry {
  private Threefry() {}

  private static Words round(Words w, int left) {
    int sum = w.first() + w.second();
    return new Words(sum, ((w.second() << left) | (w.second() >>> (32 - left))) ^ sum);
  }

  private static Words rounds(Words w, int a, int b, int c, int d) {
    return round(round(round(round(w, a), b), c), d);
  }

  /** w plus two words of the key and the number of the injection. */
  private static Words inject(Words w, int first, int second, int number) {
    return new Words(w.first() + first, w.second() + second + number);
  }

  /** Two random words. */
  public static Words random(Words key, Words counter) {
    int a = key.first();
    int b = key.second();
    int c = 0x1BD11BDA ^ a ^ b;
    Words w = inject(counter, a, b, 0);
    w = inject(rounds(w, 13, 15, 26, 6), b, c, 1);
    w = inject(rounds(w, 17, 29, 16, 24), c, a, 2);
    w = inject(rounds(w, 13, 15, 26, 6), a, b, 3);
    w = inject(rounds(w, 17, 29, 16, 24), b, c, 4);
    return inject(rounds(w, 13, 15, 26, 6), c, a, 5);
  }

  /** A word as a number in (0, 1): one of the 2^23 odd multiples of 2^-24, each as likely. */
  public static float unit(int word) {
    return Math.fma((float) (word >>> 9), 0x1p-23f, 0x1p-24f);
  }
}
