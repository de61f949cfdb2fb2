package dev.activations.cpu;

/**
 * What a loop runs over: adjacent elements of arrays, and what it adds up on its way.
 *
 * @param <A> the arrays; see {@link Storage}
 */
final class Span<A> {
  /** The first stream and where it begins. */
  A first;

  int firstAt;

  /** The second stream; the first again where a formula has only one. */
  A second;

  int secondAt;

  /** Where a loop that maps writes. */
  A out;

  int outAt;

  /** The number of elements, zero or more. */
  int count;

  /** The arguments of the formula that are the same for all elements. */
  A uniforms;

  /** What a loop that folds starts from and leaves, a number of the arrays' type. */
  double folded;

  /** What a loop that adds integers adds to. */
  long high;

  long mid;

  long low;

  /** Returns the elements after some of these, with the same uniforms, for a loop that maps. */
  Span<A> after(int some) {
    Span<A> rest = new Span<>();
    rest.first = first;
    rest.firstAt = firstAt + some;
    rest.second = second;
    rest.secondAt = secondAt + some;
    rest.out = out;
    rest.outAt = outAt + some;
    rest.count = count - some;
    rest.uniforms = uniforms;
    return rest;
  }

  /** Moves to the elements after these. */
  void advance(int next) {
    firstAt += count;
    secondAt += count;
    outAt += count;
    count = next;
  }
}
