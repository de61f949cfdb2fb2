package dev.activations.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** The libraries that are compared. */
public enum Library {
  /** This one, on the CPU with SIMD. */
  ACTIVATIONS(Ours::new),
  /** PyTorch's C++ library, its functions that write into a given tensor. */
  LIBTORCH(apart("bytedeco", "Libtorch")),
  /** oneDNN, its primitives. */
  ONEDNN(apart("bytedeco", "OneDnn")),
  /** ONNX Runtime, a graph of one node, which writes into a given tensor. Has no backward. */
  ONNXRUNTIME(OnnxRuntime::new),
  /** ND4J, its operations that write into a given array. */
  ND4J(apart("nd4j", "Nd4jOps"));

  /** One for each module: a native library belongs to a single loader. */
  private static final Map<String, ClassLoader> LOADERS = new ConcurrentHashMap<>();

  private final IntFunction<Peer> maker;

  Library(IntFunction<Peer> maker) {
    this.maker = maker;
  }

  /** Loads the library, which is to use so many threads. */
  Peer open(int threads) {
    return maker.apply(threads);
  }

  /**
   * A peer with a class path of its own: bytedeco's bindings and ND4J each need their own version
   * of JavaCPP.
   *
   * @param room the directory of its module, and the last part of its package
   */
  private static IntFunction<Peer> apart(String room, String name) {
    return threads -> {
      ClassLoader loader = LOADERS.computeIfAbsent(room, Library::load);
      // ND4J looks for its back end there.
      Thread.currentThread().setContextClassLoader(loader);
      try {
        return (Peer)
            loader
                .loadClass(Library.class.getPackageName() + "." + room + "." + name)
                .getConstructor(int.class)
                .newInstance(threads);
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(room + " did not load", e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** Reads the class path that ci/peers.sh has written. */
  private static ClassLoader load(String room) {
    Path target = Path.of(System.getProperty("peers.home"), room, "target");
    try {
      List<URL> urls = new ArrayList<>();
      urls.add(target.resolve("classes").toUri().toURL());
      for (String jar :
          Files.readString(target.resolve("classpath")).strip().split(File.pathSeparator)) {
        urls.add(Path.of(jar).toUri().toURL());
      }
      return new URLClassLoader(urls.toArray(URL[]::new), Library.class.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException("ci/peers.sh lays out the class path of " + room, e);
    }
  }
}
