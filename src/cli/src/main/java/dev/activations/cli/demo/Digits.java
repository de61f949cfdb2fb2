package dev.activations.cli.demo;

import java.io.IOException;
import java.util.Arrays;

/**
 * Images of handwritten digits; where they come from stands in the README beside the resource.
 *
 * @param pixels image after image, {@value #PIXELS} values from 0 to 1 each
 * @param labels the digit that each image shows
 */
record Digits(float[] pixels, int[] labels) {
  /** The number of pixels of an image, 8 rows of 8. */
  static final int PIXELS = 64;

  /** The number of classes. */
  static final int CLASSES = 10;

  /** The network was trained on as many of the first images, and on no other. */
  static final int TRAINED = 1347;

  private static final float WHITE = 16;

  /** Reads the images that the jar carries. */
  static Digits load() throws IOException {
    float[][] rows = Resource.rows("digits.csv");
    float[] pixels = new float[rows.length * PIXELS];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < PIXELS; j++) {
        pixels[i * PIXELS + j] = rows[i][j] / WHITE;
      }
      labels[i] = (int) rows[i][PIXELS];
    }
    return new Digits(pixels, labels);
  }

  /** Returns the number of images. */
  int count() {
    return labels.length;
  }

  /** Returns the images from one to before another. */
  Digits range(int from, int to) {
    return new Digits(
        Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS),
        Arrays.copyOfRange(labels, from, to));
  }
}
