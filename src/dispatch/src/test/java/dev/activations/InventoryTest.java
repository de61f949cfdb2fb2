package dev.activations;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.verify.Inventory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Stands here because this is the first module that sees all forms of an activation. */
class InventoryTest {
  @TestFactory
  Stream<DynamicTest> everyKindHasAllItsForms() {
    return Inventory.run(getClass().getClassLoader()).stream()
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check.name(), () -> assertTrue(check.passed(), check.detail())));
  }
}
