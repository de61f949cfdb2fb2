package dev.activations.api;

/** A kernel source or image that a driver would not build. */
public final class KernelBuildException extends ActivationException {
  private static final long serialVersionUID = 1L;
  private final String file;
  private final String options;
  private final String log;

  /**
   * A failed build.
   *
   * @param file the kernel's file, for example {@code activation/gelu.cl}
   * @param options the build options
   * @param log what the compiler said, whole
   */
  public KernelBuildException(String file, String options, String log) {
    super("cannot build %s with options '%s':%n%s".formatted(file, options, log), null);
    this.file = file;
    this.options = options;
    this.log = log;
  }

  /** Returns the kernel's file. */
  public String file() {
    return file;
  }

  /** Returns the build options. */
  public String options() {
    return options;
  }

  /** Returns the compiler's log, whole. */
  public String log() {
    return log;
  }
}
