package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A product and a sum round apart, unless a formula says fma. The formulas leave hardly anything to
 * fuse, so the conformance suite would not miss the pragma that forbids it; this test would.
 */
class ContractionTest {
  @Test
  void productAndSumRoundApart() {
    // Squared, the input is 1 + 2^-11 + 2^-24, which rounds to 1 + 2^-11.
    float x = 1 + 0x1p-12f;
    String formula =
        "INLINE float relu(float x) { return x * x - 0x1.002p0f; }\n"
            + "INLINE float relu_derivative(float x) {\n"
            + "  float square = x * x;\n"
            + "  return square - 0x1.002p0f;\n"
            + "}\n"
            + "INLINE float relu_derivative_from_output(float y) { return y; }\n";
    Source source =
        Source.of(
            Kind.RELU, Dtype.F32, 1, List.of(new Source.Piece("activation/relu.cl", formula)));
    for (OpenClDevice device : OpenClDevices.all()) {
      try (OpenClSession session = OpenClSession.open(device)) {
        session.use(Kind.RELU, session.build(source));
        DeviceBuffer buffer = session.upload(x, x);
        Op op = Op.of(Kind.RELU);
        session.forward(op, buffer.slice(0, 1), buffer.slice(0, 1));
        session.derivative(op, buffer.slice(1, 1), buffer.slice(1, 1));
        float[] results = session.download(buffer);
        assertEquals(0, results[0], device + ": in one expression");
        assertEquals(0, results[1], device + ": in two statements");
      }
    }
  }
}
