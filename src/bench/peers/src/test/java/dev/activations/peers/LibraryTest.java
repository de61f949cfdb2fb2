package dev.activations.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the libraries that have class paths of their own are looked for. */
class LibraryTest {
  @TempDir Path home;

  @BeforeEach
  void set() {
    System.setProperty("peers.home", home.toString());
  }

  @AfterEach
  void clear() {
    System.clearProperty("peers.home");
  }

  @Test
  void whatIsNotBuiltNamesTheCommandThatBuildsIt() {
    String message =
        assertThrows(UncheckedIOException.class, () -> Library.ONEDNN.open(1)).getMessage();
    assertEquals("ci/peers.sh lays out the class path of bytedeco", message);
  }

  @Test
  void aPeerIsLookedForInItsOwnModule() throws Exception {
    Files.createDirectories(home.resolve("nd4j/target/classes"));
    Files.writeString(home.resolve("nd4j/target/classpath"), home.resolve("nd4j.jar").toString());
    Throwable cause =
        assertThrows(IllegalStateException.class, () -> Library.ND4J.open(1)).getCause();
    assertTrue(cause instanceof ClassNotFoundException, cause::toString);
    assertEquals("dev.activations.peers.nd4j.Nd4jOps", cause.getMessage());
  }
}
