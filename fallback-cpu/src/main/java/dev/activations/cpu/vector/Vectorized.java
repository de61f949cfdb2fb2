package dev.activations.cpu.vector;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/** A formula as a graph, of which loops over elements in one memory or the other are made. */
public final class Vectorized {
  private final String name;
  private final Graph graph;
  private final Optional<Node> result;
  private final List<Node> carried;

  /**
   * What loops are made of.
   *
   * @param name what profilers show
   * @param result what goes to the output, if there is one
   * @param carried what becomes of the accumulators in each round
   */
  Vectorized(String name, Graph graph, Optional<Node> result, List<Node> carried) {
    this.name = name;
    this.graph = graph;
    this.result = result;
    this.carried = carried;
  }

  /** Makes the loop over arrays. */
  public VectorLoop<float[]> overArrays() {
    return define(Home.ARRAYS);
  }

  /** Makes the loop over memory segments. Needs Java 22. */
  public VectorLoop<Object> overSegments() {
    return define(Home.SEGMENTS);
  }

  @SuppressWarnings("unchecked") // The class is written for the home of these elements.
  private <A> VectorLoop<A> define(Home home) {
    String className = Vectorized.class.getPackageName().replace('.', '/') + "/" + name;
    byte[] bytes = LoopEmitter.emit(className, Vectorizer.lanes(), home, graph, result, carried);
    ModuleLayer.boot()
        .findModule(Vectorizer.MODULE)
        .ifPresent(Vectorized.class.getModule()::addReads);
    try {
      return (VectorLoop<A>)
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a loop of " + name, e);
    }
  }
}
