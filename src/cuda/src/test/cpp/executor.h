// What translated PTX runs on: the threads of a block, the memory they may touch, and the few
// instructions that C++ does not have. What a GPU leaves undefined is a fault here.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

// Each instruction is a function or two: calls would take most of the time.
#define INLINE __attribute__((always_inline)) inline

namespace ptx {

// Codes of the driver for what goes wrong in a kernel.
constexpr int kIllegalAddress = 700;
constexpr int kMisalignedAddress = 716;
constexpr int kLaunchFailed = 719;

// What a kernel did that it must not do.
struct Fault {
  int code;
  const char* what;
};

struct Range {
  uint64_t begin;
  uint64_t end;

  bool holds(uint64_t address, size_t size) const {
    return begin <= address && address <= end && size <= end - address;
  }
};

// What runs a launch.
class Machine {
 public:
  virtual ~Machine() = default;
  // The allocation that holds an address; throws a fault where there is none.
  virtual Range allocation(uint64_t address) = 0;
  // Waits for all threads of the block. All must come to the same place of the program.
  virtual void barrier(int place) = 0;
};

class Thread {
 public:
  Thread(Machine* machine, char* shared, size_t shared_size)
      : machine_(machine), shared_(shared), shared_size_(shared_size) {}

  uint32_t tid = 0;
  uint32_t ntid = 0;
  uint32_t ctaid = 0;
  uint32_t nctaid = 0;

  void barrier(int place) { machine_->barrier(place); }

  template <class T>
  INLINE T load_global(uint64_t address) {
    return load<T>(global(address, sizeof(T)));
  }

  template <class T>
  INLINE void store_global(uint64_t address, T value) {
    memcpy(global(address, sizeof(T)), &value, sizeof(T));
  }

  // A vector is read and written at once, so that it must begin at a multiple of its size.
  template <class T>
  INLINE void check_vector(uint64_t address, int count) {
    global(address, count * sizeof(T));
  }

  template <class T>
  INLINE T load_shared(uint64_t address) {
    return load<T>(shared(address, sizeof(T)));
  }

  template <class T>
  INLINE void store_shared(uint64_t address, T value) {
    memcpy(shared(address, sizeof(T)), &value, sizeof(T));
  }

  template <class T>
  INLINE static T load(const char* from) {
    T value;
    memcpy(&value, from, sizeof(T));
    return value;
  }

 private:
  char* global(uint64_t address, size_t size) {
    if (address % size != 0) throw Fault{kMisalignedAddress, "misaligned address"};
    if (!last_.holds(address, size)) {
      last_ = machine_->allocation(address);
      if (!last_.holds(address, size)) throw Fault{kIllegalAddress, "access beyond an allocation"};
    }
    return reinterpret_cast<char*>(address);
  }

  char* shared(uint64_t address, size_t size) {
    if (address % size != 0) throw Fault{kMisalignedAddress, "misaligned shared address"};
    if (!Range{0, shared_size_}.holds(address, size)) {
      throw Fault{kIllegalAddress, "access beyond shared memory"};
    }
    return shared_ + address;
  }

  Machine* machine_;
  char* shared_;
  size_t shared_size_;
  Range last_ = {0, 0};
};

// A kernel of a translated module. A list of them ends with one that has no name.
struct Kernel {
  const char* name;
  // Runs one thread. Argument i stands at 8·i.
  void (*run)(Thread& thread, const char* arguments);
  int arguments;
  const int* argument_sizes;
  uint32_t max_threads;
  size_t shared_size;
  bool has_barriers;
};

// ---- Registers: untyped bits of a width ----

template <class To, class From>
INLINE To as(From from) {
  static_assert(sizeof(To) == sizeof(From), "an operand of another width");
  To to;
  memcpy(&to, &from, sizeof(To));
  return to;
}

template <class To, class From>
INLINE void set(To& to, From from) {
  to = as<To>(from);
}

// A load of fewer bits than its register has.
template <class To, class From>
INLINE void extend(To& to, From from) {
  static_assert(std::is_unsigned<From>::value && sizeof(To) >= sizeof(From), "no wider register");
  to = from;
}

// ---- Instructions ----

// NaN loses against a number, and -0 is below +0.
template <class T>
INLINE T maximum(T a, T b) {
  if (a != a) return b;
  if (b != b) return a;
  if (a == b) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

template <class T>
INLINE T minimum(T a, T b) {
  return -maximum(-a, -b);
}

// Towards zero, to the nearest that there is; 0 for NaN.
template <class T, class R>
INLINE T truncate(R x) {
  if (x != x) return 0;
  if (x < static_cast<R>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  if (x >= static_cast<R>(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  return static_cast<T>(x);
}

// A shift beyond the width leaves nothing, or the sign.
template <class T>
INLINE T shift_left(T value, uint32_t by) {
  return by < 8 * sizeof(T) ? value << by : 0;
}

template <class T>
INLINE T shift_right(T value, uint32_t by) {
  if (by < 8 * sizeof(T)) return value >> by;
  return value < 0 ? static_cast<T>(-1) : 0;
}

// The lowest bits of one number in place of those of another, from a place on. What is beyond the
// width falls off.
template <class T>
INLINE T insert_bits(T bits, T into, uint32_t at, uint32_t count) {
  at &= 0xFF;
  count &= 0xFF;
  T mask = shift_left(static_cast<T>(~shift_left(~T{0}, count)), at);
  return (into & ~mask) | (shift_left(bits, at) & mask);
}

template <class T>
INLINE T divide(T a, T b) {
  if (b == 0) throw Fault{kLaunchFailed, "division by zero"};
  return a / b;
}

template <class T>
INLINE T remainder(T a, T b) {
  if (b == 0) throw Fault{kLaunchFailed, "division by zero"};
  return a % b;
}

}  // namespace ptx
