// Random numbers without a state: Threefry-2x32 with 20 rounds scrambles a counter with a key, by
// adding, rotating and exclusive or alone. The same key and counter give the same words on every
// device, whatever the order in which they are asked for.
//
// Source: Salmon, Moraes, Dror, Shaw 2011, Parallel Random Numbers: As Easy as 1, 2, 3,
// doi:10.1145/2063384.2063405.

// Two words: a key, a counter, or what becomes of them.
typedef struct {
  uint first, second;
} Words;

INLINE Words words(uint first, uint second) {
  Words w;
  w.first = first;
  w.second = second;
  return w;
}

// The words of a seed or of an index, the lower one first.
INLINE Words words_of(int64 value) { return words((uint)value, (uint)(value >> 32)); }

INLINE Words threefry_round(Words w, int left) {
  uint sum = w.first + w.second;
  return words(sum, ((w.second << left) | (w.second >> (32 - left))) ^ sum);
}

INLINE Words threefry_rounds(Words w, int a, int b, int c, int d) {
  return threefry_round(threefry_round(threefry_round(threefry_round(w, a), b), c), d);
}

// w plus two words of the key and the number of the injection.
INLINE Words threefry_inject(Words w, uint first, uint second, uint number) {
  return words(w.first + first, w.second + second + number);
}

// Two random words.
INLINE Words threefry(Words key, Words counter) {
  uint a = key.first;
  uint b = key.second;
  uint c = 0x1BD11BDAu ^ a ^ b;
  Words w = threefry_inject(counter, a, b, 0u);
  w = threefry_inject(threefry_rounds(w, 13, 15, 26, 6), b, c, 1u);
  w = threefry_inject(threefry_rounds(w, 17, 29, 16, 24), c, a, 2u);
  w = threefry_inject(threefry_rounds(w, 13, 15, 26, 6), a, b, 3u);
  w = threefry_inject(threefry_rounds(w, 17, 29, 16, 24), b, c, 4u);
  return threefry_inject(threefry_rounds(w, 13, 15, 26, 6), c, a, 5u);
}

// A word as a number in (0, 1): one of the 2^23 odd multiples of 2^-24, each as likely.
INLINE real unit_number(uint word) {
  return fma((real)(int)(word >> 9), (real)0x1p-23f, (real)0x1p-24f);
}
