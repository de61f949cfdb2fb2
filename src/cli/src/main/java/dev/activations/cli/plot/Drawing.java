package dev.activations.cli.plot;

import dev.activations.files.InputException;
import java.io.IOException;
import java.io.OutputStream;

/** Work that draws, which not every Java can. */
@FunctionalInterface
public interface Drawing {

  /** Draws. */
  void draw() throws IOException;

  /**
   * Draws.
   *
   * @throws InputException if this Java cannot draw
   */
  static void run(Drawing drawing) throws IOException {
    try {
      drawing.draw();
    } catch (LinkageError | InternalError e) {
      throw new InputException(
          "this Java cannot draw (%s); run it with one that has the module java.desktop and fonts:"
                  .formatted(e)
              + " 'apt-get install openjdk-17-jre-headless fontconfig'");
    }
  }

  /**
   * Draws on trial, before work that is long.
   *
   * @throws InputException if this Java cannot draw
   */
  static void check() throws IOException {
    run(
        () -> {
          Chart trial = new Chart("", "x", "y", 300, 300);
          trial.add("trial", new double[] {0, 1}, new double[] {0, 1}, 0);
          trial.write(Picture.PNG, OutputStream.nullOutputStream());
        });
  }
}
