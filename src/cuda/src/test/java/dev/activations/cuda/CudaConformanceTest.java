package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.api.Finding;
import dev.activations.verify.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every CUDA device of this machine gives the bits of the definition; aborted where there is none.
 */
class CudaConformanceTest {
  @TestFactory
  Stream<DynamicNode> conforms() {
    return new CudaBackend().probe().stream().map(CudaConformanceTest::conforms);
  }

  private static DynamicNode conforms(Finding finding) {
    if (finding.device().isEmpty()) {
      return dynamicTest(finding.id(), () -> abort(finding.toString()));
    }
    return dynamicContainer(
        finding.toString(),
        Conformance.run(finding.device().get()).checks().stream()
            .map(
                check ->
                    dynamicTest(check.name(), () -> assertTrue(check.passed(), check.detail()))));
  }
}
