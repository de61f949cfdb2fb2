package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SourceTest {
  @Test
  void optionsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      // Arabic has digits of its own, which no compiler takes.
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertEquals(
          "-cl-std=CL1.2 -DFUNCTION=relu -DDERIVATIVE=relu_derivative"
              + " -DFROM_OUTPUT=relu_derivative_from_output -DARITY=0 -DITEMS=4",
          Source.of(Kind.RELU, Dtype.F32, 4).options());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void formulasBranchOnGpusAlone() {
    Source source = Source.of(Kind.GELU, Dtype.F32, 1);
    assertEquals(source, source.on(Device.Type.GPU));
    assertEquals(source.options() + " -DBRANCHLESS", source.on(Device.Type.CPU).options());
    assertTrue(source.text().contains("#ifdef BRANCHLESS"));
  }
}
