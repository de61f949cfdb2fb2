package dev.activations.files;

import dev.activations.api.Dtype;
import java.util.Optional;

/**
 * What to read of an input, and how.
 *
 * @param tensor the name of the tensor, for formats that hold several; may be left out where there
 *     is only one
 * @param as float32 or float64, which the elements are converted to, each rounded to nearest; their
 *     own type if empty
 * @param header whether the first line of a {@code .csv} names its columns
 * @param raw the layout of a raw file, which needs it
 */
public record ReadOptions(
    Optional<String> tensor, Optional<Dtype> as, boolean header, Optional<RawLayout> raw) {

  /** Nothing but the input. */
  public static final ReadOptions NONE =
      new ReadOptions(Optional.empty(), Optional.empty(), false, Optional.empty());

  /** Elements are converted to the types that Java computes in. */
  public ReadOptions {
    if (as.isPresent() && as.get().isStorage()) {
      throw new InputException(
          "elements are read as float32 or float64, got %s".formatted(as.get().label()));
    }
  }

  /** Returns these options with a tensor chosen. */
  public ReadOptions withTensor(String name) {
    return new ReadOptions(Optional.of(name), as, header, raw);
  }

  /** Returns these options with a type to convert to. */
  public ReadOptions withType(Dtype type) {
    return new ReadOptions(tensor, Optional.of(type), header, raw);
  }

  /** Returns these options with a header line to skip. */
  public ReadOptions withHeader() {
    return new ReadOptions(tensor, as, true, raw);
  }

  /** Returns these options with the layout of a raw file. */
  public ReadOptions withLayout(RawLayout layout) {
    return new ReadOptions(tensor, as, header, Optional.of(layout));
  }
}
