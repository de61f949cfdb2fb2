import dev.activations.Activations;
import dev.activations.Devices;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.util.Arrays;

/**
 * The artifacts as modules: names each device that gives the bits of gelu(1). {@code ci/package.sh}
 * runs it with the jars on the module path.
 */
public class Modules {
  /** Prints, or throws where something differs. */
  public static void main(String[] arguments) {
    float[] x = new float[100_000];
    Arrays.fill(x, 1);
    float[] expected = Activations.forward(Kind.GELU, x);
    for (Finding finding : Devices.findings()) {
      if (finding.isUsable()) {
        try (Session session = finding.device().get().open()) {
          // Often enough for loops over vectors to take over.
          for (int i = 0; i < 20; i++) {
            if (!Arrays.equals(expected, session.forward(Op.of(Kind.GELU), x))) {
              throw new AssertionError(finding);
            }
          }
        }
        System.out.println(finding.id());
      }
    }
    if (expected[0] != 0.8413447f || !Devices.class.getModule().isNamed()) {
      throw new AssertionError(expected[0] + " in " + Devices.class.getModule());
    }
  }
}
