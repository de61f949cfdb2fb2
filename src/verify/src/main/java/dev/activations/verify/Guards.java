package dev.activations.verify;

import dev.activations.api.DeviceBuffer;
import java.util.Arrays;

/** Elements around those of a pass, which it must not touch. */
final class Guards {
  /** What they are: a float that no formula gives. */
  static final float GUARD = Float.intBitsToFloat(0x5EEDBEEF);

  /** How many stand on either side; odd, so that slices start at no alignment. */
  static final int COUNT = 37;

  private Guards() {}

  /** Returns the values with guards on either side. */
  static float[] around(float[] values) {
    float[] guarded = new float[values.length + 2 * COUNT];
    Arrays.fill(guarded, GUARD);
    System.arraycopy(values, 0, guarded, COUNT, values.length);
    return guarded;
  }

  /** Returns what lies between the guards. */
  static DeviceBuffer within(DeviceBuffer guarded) {
    return guarded.slice(COUNT, guarded.count() - 2 * COUNT);
  }
}
