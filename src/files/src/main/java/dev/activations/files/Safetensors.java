package dev.activations.files;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named tensors behind a header in JSON that says where each is; little-endian and row-major.
 * Specification: github.com/huggingface/safetensors, "Format".
 */
final class Safetensors {
  /** As the specification has it. */
  private static final int LONGEST_HEADER = 100_000_000;

  /** Elements begin at a multiple of this many bytes. */
  private static final int ALIGNMENT = 8;

  private static final String METADATA = "__metadata__";
  private static final String HEADER = "the .safetensors header";

  private Safetensors() {}

  /** Reads the tensor chosen, or the only one. */
  static TensorReader reader(Input in, ReadOptions options) throws IOException {
    Map<String, Object> header = header(in);
    header.remove(METADATA);
    long end = 0;
    for (Map.Entry<String, Object> entry : header.entrySet()) {
      end = Math.max(end, offsets(in, entry.getKey(), entry.getValue())[1]);
    }
    String name = Names.choose(in, options.tensor(), header.keySet());
    Map<?, ?> entry = (Map<?, ?>) header.get(name);
    long[] offsets = offsets(in, name, entry);
    ElementType type = type(in, entry.get("dtype"));
    long[] shape = Layout.shape(in, integers(in, name, entry.get("shape")), type);
    Layout layout = new Layout(shape, type, ByteOrder.LITTLE_ENDIAN, false);
    if (layout.bytes() != offsets[1] - offsets[0]) {
      throw malformed(
          in,
          "%s takes %d bytes, but its offsets leave %d",
          InputException.shown(name),
          layout.bytes(),
          offsets[1] - offsets[0]);
    }
    if (!in.skip(offsets[0])) {
      throw in.wrong(
          "truncated: expected %d bytes of elements, as the header says, but the file has %d bytes",
          end, in.position());
    }
    return new ElementReader(in, layout, Optional.of(name), options.as(), end - offsets[1]);
  }

  /** Writes one tensor. */
  static TensorWriter writer(WritableByteChannel to, String file, Tensor tensor)
      throws IOException {
    if (tensor.name().equals(METADATA)) {
      throw InputException.in(file, "a .safetensors cannot name a tensor '%s'", METADATA);
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", ElementType.of(tensor.dtype()).name());
    entry.put("shape", tensor.shape());
    entry.put("data_offsets", new long[] {0, tensor.bytes()});
    byte[] json = JSON.std.asBytes(Map.of(tensor.name(), entry));
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[Long.BYTES + padded];
    Arrays.fill(header, (byte) ' ');
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    return new ElementWriter(to, header, tensor, ByteOrder.LITTLE_ENDIAN);
  }

  private static Map<String, Object> header(Input in) throws IOException {
    long length = in.bytes(Long.BYTES, HEADER).getLong();
    if (length < 2 || length > LONGEST_HEADER) {
      throw malformed(
          in,
          "expected a length of 2 to %d, got %s",
          LONGEST_HEADER,
          Long.toUnsignedString(length));
    }
    if (in.remaining().isPresent() && in.remaining().getAsLong() < length) {
      throw in.wrong("truncated: the file ends inside %s of %d bytes", HEADER, length);
    }
    String json = StandardCharsets.UTF_8.decode(in.bytes((int) length, HEADER)).toString();
    if (!json.startsWith("{")) {
      throw malformed(in, "expected '{', got '%s'", InputException.shown(json.substring(0, 1)));
    }
    try {
      return JSON.std.with(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS).mapFrom(json);
    } catch (IOException e) {
      // The first line; the others say where in the text.
      String why = e.getMessage().lines().findFirst().orElse("no JSON");
      throw malformed(in, "%s", InputException.shown(why));
    }
  }

  /** Returns where a tensor begins and ends. */
  private static long[] offsets(Input in, String name, Object entry) {
    if (!(entry instanceof Map<?, ?> fields)) {
      throw malformed(in, "%s must have dtype, shape and data_offsets", InputException.shown(name));
    }
    List<BigInteger> offsets = integers(in, name, fields.get("data_offsets"));
    if (offsets.size() != 2
        || offsets.get(0).signum() < 0
        || offsets.get(0).compareTo(offsets.get(1)) > 0
        || offsets.get(1).bitLength() > 62) {
      throw malformed(
          in,
          "data_offsets of %s must be its begin and end, got %s",
          InputException.shown(name),
          InputException.shown(offsets));
    }
    return new long[] {offsets.get(0).longValue(), offsets.get(1).longValue()};
  }

  private static List<BigInteger> integers(Input in, String name, Object list) {
    List<BigInteger> integers = new ArrayList<>();
    for (Object value : list instanceof List<?> values ? values : List.of("no list")) {
      if (!(value instanceof Integer || value instanceof Long || value instanceof BigInteger)) {
        throw malformed(
            in,
            "shape and data_offsets of %s must be lists of integers, got %s",
            InputException.shown(name),
            InputException.shown(list));
      }
      integers.add(new BigInteger(value.toString()));
    }
    return integers;
  }

  private static ElementType type(Input in, Object dtype) {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.name().equals(dtype))
        .findFirst()
        .orElseThrow(
            () ->
                in.wrong(
                    "expected dtype F16, BF16, F32 or F64, got %s", InputException.shown(dtype)));
  }

  private static InputException malformed(Input in, String format, Object... values) {
    return in.wrong("malformed .safetensors header: %s", format.formatted(values));
  }
}
