package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.spi.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a driver compiled is found again by the next session. */
class ProgramCacheTest {
  private static final float[] X = {-2, 0, 3};
  private static final float[] RELU = {0, 0, 3};
  private static final float[] TWICE = {0, 0, 6};

  @TempDir Path directory;
  private final OpenClDevice device = OpenClDevices.first();
  private final Source relu = Source.of(Kind.RELU, Dtype.F32, device.walk().items(Dtype.F32));

  @BeforeEach
  void use() {
    System.setProperty(Cache.PROPERTY, directory.toString());
  }

  @AfterEach
  void leave() {
    System.clearProperty(Cache.PROPERTY);
  }

  private float[] run() {
    try (OpenClSession session = OpenClSession.open(device)) {
      return session.forward(Op.of(Kind.RELU), X);
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private List<String> key(Source source) {
    Description description = device.description();
    List<String> key = new ArrayList<>(description.key());
    key.addAll(List.of(source.on(description.type()).options(), source.text()));
    return key;
  }

  /** The binary of a program that is not what its source says, so that its use is seen. */
  private byte[] forged() throws IOException {
    String text = relu.text().replace("quiet(x, x > 0.0f ? x : 0.0f)", "x > 0.0f ? x + x : 0.0f");
    Source twice = new Source(relu.file(), relu.options(), text);
    try (OpenClSession session = OpenClSession.open(device)) {
      session.use(Kind.RELU, session.build(twice));
      assertArrayEquals(TWICE, session.forward(Op.of(Kind.RELU), X));
    }
    return Cache.ofUser().get(key(twice)).orElseThrow();
  }

  @Test
  void nextSessionTakesTheBinary() throws IOException {
    assertArrayEquals(RELU, run());
    assertEquals(1, entries().size());
    Cache.ofUser().put(key(relu), forged());
    assertArrayEquals(TWICE, run());
  }

  @Test
  void brokenBinariesAreBuiltAnew() throws IOException {
    assertArrayEquals(RELU, run());
    byte[] good = Files.readAllBytes(entries().get(0));
    good[good.length / 2] ^= 1;
    Files.write(entries().get(0), good);
    assertArrayEquals(RELU, run());

    // Whole for the cache, and nonsense for the driver.
    Cache.ofUser().put(key(relu), new byte[] {1, 2, 3});
    assertArrayEquals(RELU, run());
    assertArrayEquals(RELU, run());
  }

  @Test
  void canBeSwitchedOff() throws IOException {
    System.setProperty(Cache.PROPERTY, "off");
    assertArrayEquals(RELU, run());
    assertEquals(List.of(), entries());
  }
}
