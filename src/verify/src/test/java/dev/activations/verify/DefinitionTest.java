package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DefinitionTest {
  @TestFactory
  Stream<DynamicTest> theDefinitionKeepsItsBounds() {
    return Conformance.runDefinition().stream()
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check.name(), () -> assertTrue(check.passed(), check.detail())));
  }
}
