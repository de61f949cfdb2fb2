package dev.activations.api;

/** A call into a driver that failed. Nothing is recomputed elsewhere. */
public final class DeviceException extends ActivationException {
  private static final long serialVersionUID = 1L;
  private final String call;
  private final int code;
  private final String symbol;

  /**
   * A failed driver call.
   *
   * @param call the function called, for example {@code clEnqueueNDRangeKernel}
   * @param code the code it returned
   * @param symbol the code's symbolic name, for example {@code CL_OUT_OF_RESOURCES}
   * @param advice what the user can do, or an empty string
   */
  public DeviceException(String call, int code, String symbol, String advice) {
    super(
        "%s failed with %s (%d)%s"
            .formatted(call, symbol, code, advice.isEmpty() ? "" : ": " + advice),
        null);
    this.call = call;
    this.code = code;
    this.symbol = symbol;
  }

  /** Returns the driver function that failed. */
  public String call() {
    return call;
  }

  /** Returns the code that it returned. */
  public int code() {
    return code;
  }

  /** Returns the symbolic name of the code. */
  public String symbol() {
    return symbol;
  }
}
