package dev.activations.api;

import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import java.util.Objects;

/**
 * A run of elements in a session's memory. Made by {@link Session#allocate} and {@link
 * Session#upload}; lives until it or its session is closed. Safe for use by several threads, as its
 * session is.
 */
public final class DeviceBuffer implements AutoCloseable {
  private final Session session;
  private final Allocation allocation;
  private final Dtype dtype;
  private final long offset;
  private final long count;

  DeviceBuffer(Session session, Allocation allocation, Dtype dtype, long offset, long count) {
    this.session = session;
    this.allocation = allocation;
    this.dtype = dtype;
    this.offset = offset;
    this.count = count;
  }

  /** Returns the session that owns it. */
  public Session session() {
    return session;
  }

  /** Returns the type of its elements. */
  public Dtype dtype() {
    return dtype;
  }

  /** Returns the number of its elements. */
  public long count() {
    return count;
  }

  /**
   * Returns a view of some of its elements. The view shares the memory and does not own it: closing
   * a view has no effect, and it is closed when the buffer it comes from is.
   *
   * @param from the first element of the view, counted in elements from the start of this buffer
   * @param length the number of elements
   * @throws IndexOutOfBoundsException if this buffer does not hold these elements
   */
  public DeviceBuffer slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, count);
    return new DeviceBuffer(session, allocation.view(), dtype, offset + from, length);
  }

  /**
   * Gives the memory back once the work enqueued before is done with it. Does nothing on a view or
   * when closed already.
   */
  @Override
  public void close() {
    if (allocation.owned()) {
      session.free(allocation);
    }
  }

  Allocation allocation() {
    return allocation;
  }

  Slice toSlice() {
    return new Slice(allocation.memory(), offset);
  }

  /** Whether two buffers share elements. */
  boolean overlaps(DeviceBuffer other) {
    return allocation.memory() == other.allocation.memory()
        && offset < other.offset + other.count
        && other.offset < offset + count;
  }

  /** Its formula has overwritten its input here. */
  void loseInput(Formula formula) {
    allocation.lost().lose(offset, offset + count, formula);
  }

  /** Something that is nobody's lost input was written here. */
  void written() {
    allocation.lost().write(offset, offset + count);
  }

  /** A formula has taken its input from here, and left it here. */
  void readBy(Formula formula) {
    allocation.lost().read(offset, offset + count, formula);
  }

  /** Whether some of this was the input of a formula, which has overwritten it. */
  boolean hasLostInput(Formula formula) {
    return allocation.lost().contains(offset, offset + count, formula);
  }

  boolean startsWith(DeviceBuffer other) {
    return allocation.memory() == other.allocation.memory() && offset == other.offset;
  }

  @Override
  public String toString() {
    return "%d elements of %s on %s".formatted(count, dtype.label(), session.device().id());
  }

  /** A piece of memory, whether it is still there, and what is lost; views share it all. */
  static final class Allocation {
    private final Memory memory;
    private final Allocation owner;
    private final LostInputs lost;
    private boolean open = true;

    Allocation(Memory memory) {
      this.memory = memory;
      this.owner = this;
      this.lost = new LostInputs();
    }

    private Allocation(Allocation owner) {
      this.memory = owner.memory;
      this.owner = owner.owner;
      this.lost = owner.lost;
    }

    Allocation view() {
      return new Allocation(this);
    }

    Memory memory() {
      return memory;
    }

    LostInputs lost() {
      return lost;
    }

    boolean owned() {
      return owner == this;
    }

    boolean isOpen() {
      return owner.open;
    }

    /** Returns whether this call is the one that closed it. */
    boolean close() {
      boolean was = owner.open;
      owner.open = false;
      return was;
    }
  }
}
