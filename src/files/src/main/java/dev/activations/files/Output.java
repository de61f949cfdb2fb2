package dev.activations.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Where bytes are written to. What is closed without a commit has failed. */
public interface Output extends Closeable {

  /** Returns where to write. */
  WritableByteChannel channel();

  /** Makes what was written the result; to be called once, after the last byte. */
  void commit() throws IOException;
}
