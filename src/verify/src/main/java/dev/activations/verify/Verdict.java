package dev.activations.verify;

import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@link Conformance} found out about a device.
 *
 * @param device the device
 * @param functions one for each formula and direction, in the order in which they were checked
 * @param others the checks that concern no single function
 */
public record Verdict(Device device, List<Function> functions, List<Check> others) {

  /**
   * What was found out about one function.
   *
   * @param formula the formula
   * @param direction the direction
   * @param dtype what elements are stored as
   * @param compared how many values were compared with the definition, bit for bit
   * @param equalBits whether all of them were equal, and nothing else was wrong with them
   * @param errors the errors of a sample against the true values, if they were measured
   * @param digest the digest of the values of all 2^32 inputs, if it was taken
   * @param checks the checks, each with its detail
   */
  public record Function(
      Formula formula,
      Direction direction,
      Dtype dtype,
      long compared,
      boolean equalBits,
      Optional<Errors> errors,
      Optional<Digested> digest,
      List<Check> checks) {

    /** Returns whether every check passed. */
    public boolean holds() {
      return Check.failures(checks).isEmpty();
    }
  }

  /**
   * Errors of a sample, in {@link Ulp units in the last place} of the true value.
   *
   * @param measured how many results were measured
   * @param worst the largest error
   * @param bound what the library promises
   */
  public record Errors(long measured, double worst, double bound) {}

  /**
   * A digest and the one that the library carries.
   *
   * @param value the digest of what the device computed
   * @param carried the digest of what the definition computed when it was last measured
   */
  public record Digested(long value, long carried) {

    /** Returns whether they are equal. */
    public boolean isEqual() {
      return value == carried;
    }
  }

  /** Returns all checks, in the order in which they ran. */
  public List<Check> checks() {
    return Stream.concat(
            functions.stream().flatMap(function -> function.checks().stream()), others.stream())
        .toList();
  }

  /** Returns whether every check passed. */
  public boolean holds() {
    return Check.failures(checks()).isEmpty();
  }
}
