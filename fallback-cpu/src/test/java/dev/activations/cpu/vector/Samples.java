package dev.activations.cpu.vector;

/** Small formulas, each for something that the translator must know. All take two floats. */
final class Samples {
  private Samples() {}

  record Two(float a, float b) {}

  record Nested(Two two, int sign) {}

  record Sums(int high, int mid, int low) {}

  static float add(float x, float y) {
    return x + y;
  }

  static float subtract(float x, float y) {
    return x - y;
  }

  static float multiply(float x, float y) {
    return x * y;
  }

  static float negate(float x, float y) {
    return -x;
  }

  static float absolute(float x, float y) {
    return Math.abs(x);
  }

  static float fused(float x, float y) {
    return Math.fma(x, y, -x);
  }

  static float second(float x, float y) {
    return y;
  }

  static float constant(float x, float y) {
    return 0x1.5p3f;
  }

  static float smallConstants(float x, float y) {
    return x * 2.0f + (y - 1.0f) * 0.0f;
  }

  static float bits(float x, float y) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x));
  }

  static float intConstants(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat((i + 5) * 3 - 100 + 30000 ^ 0x12345678);
  }

  static float intArithmetic(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    int j = Float.floatToRawIntBits(y);
    return Float.intBitsToFloat(-(i + j) * i - j);
  }

  static float logic(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    int j = Float.floatToRawIntBits(y);
    return Float.intBitsToFloat((i & j | 0x40) ^ i);
  }

  static float shifts(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat((i << 9) + (i >> 5) + (i >>> 3));
  }

  static float shiftsByLanes(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    int j = Float.floatToRawIntBits(y);
    return Float.intBitsToFloat((i << j) + (i >> j) + (i >>> j));
  }

  static float toFloat(float x, float y) {
    return (float) Float.floatToRawIntBits(x);
  }

  static float toInt(float x, float y) {
    // A cast is defined in all dialects only where the integer holds the value.
    boolean inside = Math.abs(x) < 0x1p31f;
    return Float.intBitsToFloat((int) (inside ? x : 0.0f));
  }

  static float less(float x, float y) {
    return x < y ? x : 1.0f;
  }

  static float lessOrEqual(float x, float y) {
    return x <= y ? x : 1.0f;
  }

  static float greater(float x, float y) {
    return x > y ? x : 1.0f;
  }

  static float greaterOrEqual(float x, float y) {
    return x >= y ? x : 1.0f;
  }

  static float equal(float x, float y) {
    return x == y ? 1.0f : 2.0f;
  }

  static float notEqual(float x, float y) {
    return x != y ? 1.0f : 2.0f;
  }

  static float notLess(float x, float y) {
    return !(x < y) ? 1.0f : 2.0f;
  }

  static float intComparisons(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    int j = Float.floatToRawIntBits(y);
    float a = i < j ? 1.0f : 2.0f;
    float b = i <= j ? 4.0f : 8.0f;
    float c = i > j ? 16.0f : 32.0f;
    float d = i >= j ? 64.0f : 128.0f;
    float e = i == j ? 256.0f : 512.0f;
    float f = i != j ? 1024.0f : 2048.0f;
    return a + b + c + d + e + f;
  }

  static float intComparisonsWithZero(float x, float y) {
    int i = Float.floatToRawIntBits(x);
    float a = i < 0 ? 1.0f : 2.0f;
    float b = i <= 0 ? 4.0f : 8.0f;
    float c = i > 0 ? 16.0f : 32.0f;
    float d = i >= 0 ? 64.0f : 128.0f;
    float e = i == 0 ? 256.0f : 512.0f;
    float f = i != 0 ? 1024.0f : 2048.0f;
    return a + b + c + d + e + f;
  }

  static float intSelectedByFloats(float x, float y) {
    int n = x < y ? 0x3F800000 : 0x40000000;
    return Float.intBitsToFloat(n);
  }

  static float floatSelectedByInts(float x, float y) {
    return (Float.floatToRawIntBits(x) & 1) == 0 ? x : y;
  }

  static float keptCondition(float x, float y) {
    boolean left = x < 0.0f;
    float a = left ? x : y;
    int n = left ? 1 : 3;
    return left ? a * 2.0f : a + (float) n;
  }

  static float negatedCondition(float x, float y) {
    boolean right = !(x < 0.0f);
    return right ? x : y;
  }

  static float both(float x, float y) {
    return x > 0.0f && y > 0.0f ? x : y;
  }

  static float either(float x, float y) {
    boolean any = x > 0.0f || y > 0.0f;
    return any ? x : y;
  }

  static float nested(float x, float y) {
    return x < -1.0f ? (y < 0.0f ? x : y) : x > 1.0f ? x + y : x == 0.0f ? 7.0f : x * y;
  }

  static float selectedArgument(float x, float y) {
    return subtract(x < y ? x : y, y > 0.0f ? y : -x);
  }

  static float manyLocals(float x, float y) {
    float a = x + 1.0f;
    float b = a + y;
    float c = b * a;
    float d = c - b;
    a = d + a;
    return a * b + c * d;
  }

  static float records(float x, float y) {
    Two t = new Two(x + y, x - y);
    Nested n = new Nested(new Two(t.b(), t.a()), 1);
    return n.two().a() * 3.0f + n.two().b();
  }

  static float selectedRecord(float x, float y) {
    Two t = x < y ? new Two(x, y) : new Two(y, x * 2.0f);
    return t.a() - t.b() * 0.5f;
  }

  static float selectInConstructor(float x, float y) {
    boolean left = x < y;
    Two t = new Two(left ? x : 1.0f, left ? 2.0f : y);
    return t.a() * t.b();
  }

  static float folded(float x, float y) {
    float two = 1.0f + 1.0f;
    return x * (two * two - 0x1p-24f);
  }

  /** An arm that is worth a jump, with a cast of a condition, and another such arm within. */
  static float longArms(float x, float y) {
    return Math.abs(x) < 8.0f ? x + y : (y < 0.0f ? x : longArm(x, x < y ? 1 : 2)) * y;
  }

  private static float longArm(float x, int step) {
    int a = Float.floatToRawIntBits(x) + step;
    a = (a ^ (a << 13)) + step;
    a = (a ^ (a >>> 17)) + step;
    a = (a ^ (a << 5)) + step;
    a = (a ^ (a >>> 7)) + step;
    a = (a ^ (a << 3)) + step;
    return (float) (a >> 8);
  }

  static float constantFlag(float x, float y) {
    return flagged(x, true) - flagged(y, false);
  }

  private static float flagged(float x, boolean doubled) {
    float a = doubled ? x + x : x;
    return doubled && a > 0.0f ? a : -a;
  }

  // What follows is not run over two streams.

  static float uniforms(float x, float a, Two two) {
    return Math.fma(x, a, two.a()) - (two.b() + a);
  }

  static Sums sums(float x, float y) {
    int bits = Float.floatToRawIntBits(y);
    return new Sums((int) x, bits >> 9, -(bits & 0x3FFFFF));
  }

  static float divide(float x, float y) {
    return x / y;
  }

  static float library(float x, float y) {
    return Math.max(x, y);
  }

  static float loop(float x, float y) {
    float sum = x;
    for (int i = 0; i < 3; i++) {
      sum += y;
    }
    return sum;
  }

  static float doubles(float x, float y) {
    return (float) (x * 2.0);
  }

  static int compared(float x, float y) {
    return Float.compare(x, y);
  }
}
