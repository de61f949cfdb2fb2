package dev.activations.api;

/** What goes wrong on a device, as opposed to in the caller's arguments. */
public class ActivationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message what was tried, what came, what to do
   * @param cause may be null
   */
  public ActivationException(String message, Throwable cause) {
    super(message, cause);
  }
}
