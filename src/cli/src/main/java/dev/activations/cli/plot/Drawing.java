package dev.activations.cli.plot;

import dev.activations.files.InputException;
import java.io.IOException;

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
}
