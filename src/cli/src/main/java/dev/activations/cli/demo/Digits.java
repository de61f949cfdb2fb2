package dev.activations.cli.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * Images of handwritten digits; where they come from stands in the README beside the resource.
 *
 * @param pixels image after image, {@value #PIXELS} values from 0 to 1 each
 * @param labels the digit that each image shows
 */
public record Digits(float[] pixels, int[] labels) {
  /** The number of pixels of an image, 8 rows of 8. */
  public static final int PIXELS = 64;

  /** The number of classes. */
  public static final int CLASSES = 10;

  /** The network was trained on as many of the first images, and on no other. */
  public static final int TRAINED = 1347;

  private static final float WHITE = 16;

  /** Reads the images that the jar carries. */
  public static Digits load() throws IOException {
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
  public int count() {
    return labels.length;
  }

  /** Returns the images from one to before another. */
  public Digits range(int from, int to) {
    return new Digits(
        Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS),
        Arrays.copyOfRange(labels, from, to));
  }

  /** Returns these images, less the mean of all their pixels and by its standard deviation. */
  public Digits standardized() {
    double sum = 0;
    double squares = 0;
    for (float pixel : pixels) {
      sum += pixel;
      squares += (double) pixel * pixel;
    }
    double mean = sum / pixels.length;
    double deviation = Math.sqrt(squares / pixels.length - mean * mean);
    float[] standardized = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      standardized[i] = (float) ((pixels[i] - mean) / deviation);
    }
    return new Digits(standardized, labels);
  }

  /** Returns the same images in another order. */
  public Digits shuffled(Random random) {
    float[] mixed = pixels.clone();
    int[] digits = labels.clone();
    for (int i = count() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int digit = digits[i];
      digits[i] = digits[j];
      digits[j] = digit;
      for (int p = 0; p < PIXELS; p++) {
        float pixel = mixed[i * PIXELS + p];
        mixed[i * PIXELS + p] = mixed[j * PIXELS + p];
        mixed[j * PIXELS + p] = pixel;
      }
    }
    return new Digits(mixed, digits);
  }
}
