// A stand-in for the NVIDIA driver, libcuda.so.1, that runs translated PTX on the CPU: the part of
// the driver API that the library uses, and as strict as the documentation allows.
//
// Work in a stream is done as late as the API lets it be: when somebody waits for it. So whoever
// reads results, frees memory or changes a buffer too early is found out. Memory is poisoned, and so
// are the arguments of a launch once they are read; freed memory is out of bounds, handles are
// checked, and what is left when the last session leaves a context is reported on stderr.
//
// STAND_IN in the environment sets what there is and what goes wrong, as words `key=value`:
//
//   devices=2 driver=12040 capability=90 memory=1073741824
//   capability1=60              that of device 1, where it differs
//   forbidden=0                 a device of which no context may be made
//   trace=1                     tell on stderr when copies and launches would begin and end, if each
//                               took ten units of time, streams worked side by side, and all else
//                               took none
//   fail=cuMemAlloc_v2:3:2      the third call of a function returns code 2; may stand several
//   times

#include <dlfcn.h>
#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "executor.h"

namespace {

constexpr int kInvalidValue = 1;
constexpr int kOutOfMemory = 2;
constexpr int kNotInitialized = 3;
constexpr int kNoDevice = 100;
constexpr int kInvalidDevice = 101;
constexpr int kInvalidContext = 201;
constexpr int kNoBinaryForGpu = 209;
constexpr int kInvalidPtx = 218;
constexpr int kUnsupportedPtxVersion = 222;
constexpr int kInvalidHandle = 400;
constexpr int kNotFound = 500;

// Thrown by what a call does; the code is returned to its caller.
struct Refusal {
  int code;
};

void require(bool holds, int code) {
  if (!holds) throw Refusal{code};
}

// ---- What there is and what goes wrong ----

struct Settings {
  std::map<std::string, long> values = {{"devices", 1},       {"driver", 12040},
                                        {"capability", 90},   {"capability1", 0},
                                        {"memory", 1L << 30}, {"forbidden", -1},
                                        {"trace", 0}};
  struct Failure {
    std::string function;
    int call;
    int code;
  };
  std::vector<Failure> failures;

  Settings() {
    const char* text = getenv("STAND_IN");
    std::istringstream words(text ? text : "");
    for (std::string word; words >> word;) {
      size_t equals = word.find('=');
      std::string key = word.substr(0, equals);
      std::string value = word.substr(equals + 1);
      if (key == "fail") {
        std::replace(value.begin(), value.end(), ':', ' ');
        Failure failure;
        std::istringstream(value) >> failure.function >> failure.call >> failure.code;
        failures.push_back(failure);
      } else if (values.count(key)) {
        values[key] = atol(value.c_str());
      } else {
        fprintf(stderr, "stand-in: unknown setting %s\n", word.c_str());
        abort();
      }
    }
  }

  long operator[](const char* key) const { return values.at(key); }

  int capability(int device) const {
    long own = device == 1 ? values.at("capability1") : 0;
    return static_cast<int>(own != 0 ? own : values.at("capability"));
  }
};

const Settings settings;
std::map<std::string, int> calls;

// ---- Contexts and what they own ----

struct Context;

// Times are those of the trace: when all that is in a stream, or before an event, would be done.
struct Stream {
  std::deque<std::function<void()>> queue;
  uint64_t enqueued = 0;
  uint64_t done = 0;
  long time = 0;
};

struct Event {
  Stream* stream = nullptr;
  uint64_t position = 0;
  long time = 0;
};

// The time of the host, which moves on where it waits.
long now = 0;

void trace(const char* function, Stream* stream) {
  constexpr long kStep = 10;
  long begin = std::max(now, stream->time);
  stream->time = begin + kStep;
  if (settings["trace"]) fprintf(stderr, "%s %ld %ld\n", function, begin, stream->time);
}

struct Module {
  void* library;
  const ptx::Kernel* kernels;

  bool holds(const ptx::Kernel* kernel) const {
    for (const ptx::Kernel* each = kernels; each->name != nullptr; each++) {
      if (each == kernel) return true;
    }
    return false;
  }
};

struct Context {
  int device;
  int retained = 0;
  int lost = 0;
  size_t used = 0;
  std::map<uint64_t, uint64_t> memory;
  std::map<uint64_t, uint64_t> host;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Module*> modules;

  ptx::Range allocation(uint64_t address) {
    ptx::Range device = range(memory, address);
    ptx::Range mapped = range(host, address);
    ptx::Range found = mapped.holds(address, 1) ? mapped : device;
    if (found.begin == 0) throw ptx::Fault{ptx::kIllegalAddress, "not an address"};
    return found;
  }

  // The last range that does not begin after an address; an empty one where there is none.
  static ptx::Range range(const std::map<uint64_t, uint64_t>& ranges, uint64_t address) {
    auto next = ranges.upper_bound(address);
    if (next == ranges.begin()) return {0, 0};
    --next;
    return {next->first, next->second};
  }

  char* bytes(uint64_t address, size_t size) {
    if (!allocation(address).holds(address, size)) {
      throw ptx::Fault{ptx::kIllegalAddress, "copy beyond an allocation"};
    }
    return reinterpret_cast<char*>(address);
  }

  // Does the work of a stream up to a position. The first fault ends the context.
  void drain(Stream* stream, uint64_t position) {
    while (lost == 0 && stream->done < position) {
      std::function<void()> work = std::move(stream->queue.front());
      stream->queue.pop_front();
      stream->done++;
      try {
        work();
      } catch (const ptx::Fault& fault) {
        fprintf(stderr, "stand-in: %s\n", fault.what);
        lost = fault.code;
      }
    }
    require(lost == 0, lost);
  }

  void enqueue(Stream* stream, std::function<void()> work) {
    require(streams.count(stream), kInvalidHandle);
    stream->queue.push_back(std::move(work));
    stream->enqueued++;
  }

  void report_leaks() const {
    size_t left = memory.size() + host.size() + streams.size() + events.size() + modules.size();
    if (left > 0 && lost == 0) {
      fprintf(stderr,
              "stand-in: left behind: %zu allocations, %zu of the host, %zu streams, %zu events, "
              "%zu modules\n",
              memory.size(), host.size(), streams.size(), events.size(), modules.size());
    }
  }
};

std::mutex lock;
bool initialized = false;
std::vector<std::unique_ptr<Context>> contexts;
thread_local std::vector<Context*> current;

Context& context() {
  require(!current.empty(), kInvalidContext);
  Context& context = *current.back();
  require(context.retained > 0, kInvalidContext);
  require(context.lost == 0, context.lost);
  return context;
}

// Does a call: refused as the settings say, otherwise as it is.
int call(const char* function, const std::function<void()>& body) {
  std::lock_guard<std::mutex> guard(lock);
  int count = ++calls[function];
  try {
    for (const auto& failure : settings.failures) {
      if (failure.function == function && failure.call == count) {
        if (failure.code >= 700 && !current.empty()) current.back()->lost = failure.code;
        return failure.code;
      }
    }
    body();
    return 0;
  } catch (const Refusal& refusal) {
    return refusal.code;
  }
}

void check_device(int device) {
  require(initialized, kNotInitialized);
  require(0 <= device && device < settings["devices"], kInvalidDevice);
}

// ---- Running kernels ----

// A thread of a block that waits at barriers, on a stack of its own.
struct Fiber {
  std::unique_ptr<char[]> stack{new char[kStack]};
  // Where it begins, and where it waits. Jumps take no system call, as changes of context do.
  ucontext_t beginning;
  jmp_buf waiting;
  bool begun;
  bool ended;
  int place;
  static constexpr size_t kStack = 1 << 17;
};

class Launch : public ptx::Machine {
 public:
  Launch(Context* context, const ptx::Kernel* kernel, uint32_t grid, uint32_t threads,
         std::vector<uint64_t> arguments)
      : context_(context),
        kernel_(kernel),
        grid_(grid),
        threads_(threads),
        arguments_(std::move(arguments)),
        shared_(kernel->shared_size) {}

  void run() {
    if (kernel_->has_barriers) fibers_.resize(threads_);
    for (uint32_t block = 0; block < grid_; block++) {
      std::fill(shared_.begin(), shared_.end(), static_cast<char>(0xA5));
      if (kernel_->has_barriers) {
        run_fibers(block);
      } else {
        for (uint32_t thread = 0; thread < threads_; thread++) run_thread(block, thread);
      }
    }
  }

  ptx::Range allocation(uint64_t address) override { return context_->allocation(address); }

  void barrier(int place) override {
    Fiber& fiber = fibers_[running_];
    fiber.place = place;
    if (_setjmp(fiber.waiting) == 0) _longjmp(scheduler_, 1);
  }

 private:
  void run_thread(uint32_t block, uint32_t index) {
    ptx::Thread thread(this, shared_.data(), shared_.size());
    thread.tid = index;
    thread.ntid = threads_;
    thread.ctaid = block;
    thread.nctaid = grid_;
    kernel_->run(thread, reinterpret_cast<const char*>(arguments_.data()));
  }

  void run_fibers(uint32_t block) {
    block_ = block;
    fault_ = {0, nullptr};
    for (Fiber& fiber : fibers_) {
      fiber.begun = false;
      fiber.ended = false;
      getcontext(&fiber.beginning);
      fiber.beginning.uc_stack.ss_sp = fiber.stack.get();
      fiber.beginning.uc_stack.ss_size = Fiber::kStack;
      // makecontext passes integers only.
      auto self = reinterpret_cast<uintptr_t>(this);
      makecontext(&fiber.beginning, reinterpret_cast<void (*)()>(&Launch::enter), 2,
                  static_cast<unsigned>(self), static_cast<unsigned>(self >> 32));
    }
    // Each stretch between barriers runs in the other order, since no order is promised.
    for (bool forwards = true;; forwards = !forwards) {
      for (uint32_t i = 0; i < threads_; i++) {
        running_ = forwards ? i : threads_ - 1 - i;
        resume(fibers_[running_]);
        if (fault_.code != 0) throw fault_;
      }
      const Fiber& first = fibers_[0];
      for (const Fiber& fiber : fibers_) {
        if (fiber.ended != first.ended || (!fiber.ended && fiber.place != first.place)) {
          throw ptx::Fault{ptx::kLaunchFailed, "threads of a block at different barriers"};
        }
      }
      if (first.ended) return;
    }
  }

  // Runs a fiber to its next barrier, or its end.
  void resume(Fiber& fiber) {
    if (_setjmp(scheduler_) != 0) return;
    if (fiber.begun) _longjmp(fiber.waiting, 1);
    fiber.begun = true;
    setcontext(&fiber.beginning);
  }

  static void enter(unsigned low, unsigned high) {
    uintptr_t self = static_cast<uintptr_t>(high) << 32 | low;
    Launch* launch = reinterpret_cast<Launch*>(self);
    // An exception must not leave the stack that it was thrown on.
    try {
      launch->run_thread(launch->block_, launch->running_);
    } catch (const ptx::Fault& fault) {
      launch->fault_ = fault;
    }
    launch->fibers_[launch->running_].ended = true;
    _longjmp(launch->scheduler_, 1);
  }

  Context* context_;
  const ptx::Kernel* kernel_;
  uint32_t grid_;
  uint32_t threads_;
  std::vector<uint64_t> arguments_;
  std::vector<char> shared_;
  std::vector<Fiber> fibers_;
  jmp_buf scheduler_;
  uint32_t running_ = 0;
  uint32_t block_ = 0;
  ptx::Fault fault_ = {0, nullptr};
};

// ---- Modules ----

// The first line that begins with a word, or null.
const char* line_of(const char* text, const char* word) {
  while (text && strncmp(text, word, strlen(word)) != 0) {
    text = strchr(text, '\n');
    if (text) text++;
  }
  return text;
}

// The version that a module asks for, as CUDA counts: 6.3 is 6030.
int version_of(const char* text) {
  int major = 0;
  int minor = 0;
  const char* line = line_of(text, ".version ");
  require(line && sscanf(line, ".version %d.%d", &major, &minor) == 2, kInvalidPtx);
  return 1000 * major + 10 * minor;
}

// The compute capability that a module asks for, times ten.
int target_of(const char* text) {
  int target = 0;
  const char* line = line_of(text, ".target sm_");
  require(line && sscanf(line, ".target sm_%d", &target) == 1, kInvalidPtx);
  return target;
}

std::string own_directory() {
  Dl_info info;
  dladdr(reinterpret_cast<void*>(&own_directory), &info);
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/') + 1);
}

// FNV-1a of what follows version and target, by which the translations are named.
std::string digest(const char* text) {
  text = strstr(text, "\n.address_size");
  require(text != nullptr, kInvalidPtx);
  uint64_t hash = 0xCBF29CE484222325u;
  for (; *text; text++) hash = (hash ^ static_cast<unsigned char>(*text)) * 0x100000001B3u;
  char hex[17];
  snprintf(hex, sizeof(hex), "%016llx", static_cast<unsigned long long>(hash));
  return hex;
}

void* load_translation(const char* text, int device, std::string* log) {
  // PTX 6.3 came with CUDA 10.0; since 11.0 with PTX 7.0 they count alike.
  int newest = settings["driver"] >= 11000 ? settings["driver"] - 4000 : 6030;
  if (version_of(text) > newest) {
    *log = "Unsupported .version";
    throw Refusal{kUnsupportedPtxVersion};
  }
  require(target_of(text) <= settings.capability(device), kNoBinaryForGpu);
  void* library = dlopen((own_directory() + digest(text) + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    *log = dlerror();
    throw Refusal{kInvalidPtx};
  }
  return library;
}

// Writes a log where the options of cuModuleLoadDataEx ask for it.
void write_log(const std::string& log, unsigned count, const int* options, void** values) {
  constexpr int kErrorLog = 5;
  constexpr int kErrorLogSize = 6;
  char* buffer = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == kErrorLog) buffer = static_cast<char*>(values[i]);
    if (options[i] == kErrorLogSize) size = reinterpret_cast<uintptr_t>(values[i]) & 0xFFFFFFFF;
  }
  if (buffer && size) snprintf(buffer, size, "%s", log.c_str());
}

}  // namespace

// ---- The API ----

#define API extern "C" __attribute__((visibility("default"))) int

API cuDriverGetVersion(int* version) {
  return call(__func__, [&] { *version = static_cast<int>(settings["driver"]); });
}

API cuInit(unsigned) {
  return call(__func__, [&] {
    require(settings["devices"] > 0, kNoDevice);
    if (contexts.empty()) {
      for (int i = 0; i < settings["devices"]; i++) contexts.emplace_back(new Context{i});
    }
    initialized = true;
  });
}

API cuDeviceGetCount(int* count) {
  return call(__func__, [&] {
    require(initialized, kNotInitialized);
    *count = static_cast<int>(settings["devices"]);
  });
}

API cuDeviceGet(int* device, int ordinal) {
  return call(__func__, [&] {
    check_device(ordinal);
    *device = ordinal;
  });
}

API cuDeviceGetName(char* name, int size, int device) {
  return call(__func__, [&] {
    check_device(device);
    snprintf(name, size, "Stand-in %d", device);
  });
}

API cuDeviceGetAttribute(int* value, int attribute, int device) {
  return call(__func__, [&] {
    check_device(device);
    int capability = settings.capability(device);
    switch (attribute) {
      case 16:
        *value = 4;
        break;  // multiprocessors
      case 20:
        *value = 0;
        break;  // compute mode: default
      case 75:
        *value = capability / 10;
        break;  // compute capability, major
      case 76:
        *value = capability % 10;
        break;  // and minor
      default:
        throw Refusal{kInvalidValue};
    }
  });
}

API cuDeviceTotalMem_v2(size_t* bytes, int device) {
  return call(__func__, [&] {
    check_device(device);
    *bytes = settings["memory"];
  });
}

API cuDeviceGetUuid(char* uuid, int device) {
  return call(__func__, [&] {
    check_device(device);
    memset(uuid, 0x10 + device, 16);
  });
}

API cuDeviceGetPCIBusId(char* id, int size, int device) {
  return call(__func__, [&] {
    check_device(device);
    snprintf(id, size, "0000:0%d:00.0", device);
  });
}

API cuDevicePrimaryCtxRetain(Context** handle, int device) {
  return call(__func__, [&] {
    check_device(device);
    if (device == settings["forbidden"]) {
      fprintf(stderr, "stand-in: a context of device %d, which nobody chose\n", device);
    }
    *handle = contexts[device].get();
    (*handle)->retained++;
  });
}

API cuDevicePrimaryCtxRelease_v2(int device) {
  return call(__func__, [&] {
    check_device(device);
    Context& context = *contexts[device];
    require(context.retained > 0, kInvalidContext);
    if (--context.retained > 0) return;
    context.report_leaks();
    if (std::count(current.begin(), current.end(), &context) > 0) {
      fprintf(stderr, "stand-in: the context is left current to its thread\n");
    }
  });
}

API cuCtxPushCurrent_v2(Context* handle) {
  return call(__func__, [&] {
    require(handle != nullptr && handle->retained > 0, kInvalidContext);
    current.push_back(handle);
  });
}

API cuCtxPopCurrent_v2(Context** handle) {
  return call(__func__, [&] {
    require(!current.empty(), kInvalidContext);
    *handle = current.back();
    current.pop_back();
  });
}

API cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  return call(__func__, [&] {
    Context& owner = context();
    require(bytes > 0, kInvalidValue);
    size_t available = settings["memory"] - owner.used;
    require(bytes <= available, kOutOfMemory);
    // Not rounded up, so that the end of an allocation is where it was asked to be.
    void* memory = nullptr;
    require(posix_memalign(&memory, 256, bytes) == 0, kOutOfMemory);
    memset(memory, 0xA5, bytes);
    *address = reinterpret_cast<uint64_t>(memory);
    owner.memory[*address] = *address + bytes;
    owner.used += bytes;
  });
}

API cuMemFree_v2(uint64_t address) {
  return call(__func__, [&] {
    Context& owner = context();
    auto found = owner.memory.find(address);
    require(found != owner.memory.end(), kInvalidValue);
    owner.used -= found->second - found->first;
    owner.memory.erase(found);
    free(reinterpret_cast<void*>(address));
  });
}

API cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
  return call(__func__, [&] {
    Context& owner = context();
    require(posix_memalign(memory, 4096, bytes) == 0, kOutOfMemory);
    memset(*memory, 0xA5, bytes);
    uint64_t address = reinterpret_cast<uint64_t>(*memory);
    owner.host[address] = address + bytes;
  });
}

API cuMemHostGetDevicePointer_v2(uint64_t* address, void* memory, unsigned) {
  return call(__func__, [&] {
    *address = reinterpret_cast<uint64_t>(memory);
    require(Context::range(context().host, *address).holds(*address, 1), kInvalidValue);
  });
}

API cuMemFreeHost(void* memory) {
  return call(__func__, [&] {
    require(context().host.erase(reinterpret_cast<uint64_t>(memory)) == 1, kInvalidValue);
    free(memory);
  });
}

API cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, Stream* stream) {
  return call(__func__, [&] {
    Context& owner = context();
    owner.enqueue(stream, [=, &owner] { memcpy(owner.bytes(to, bytes), from, bytes); });
    trace("in", stream);
  });
}

API cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, Stream* stream) {
  return call(__func__, [&] {
    Context& owner = context();
    owner.enqueue(stream, [=, &owner] { memcpy(to, owner.bytes(from, bytes), bytes); });
    trace("out", stream);
  });
}

API cuStreamCreate(Stream** stream, unsigned) {
  return call(__func__, [&] {
    Context& owner = context();
    *stream = new Stream;
    owner.streams.insert(*stream);
  });
}

API cuStreamSynchronize(Stream* stream) {
  return call(__func__, [&] {
    Context& owner = context();
    require(owner.streams.count(stream), kInvalidHandle);
    owner.drain(stream, stream->enqueued);
    now = std::max(now, stream->time);
  });
}

API cuStreamDestroy_v2(Stream* stream) {
  return call(__func__, [&] {
    Context& owner = context();
    require(owner.streams.count(stream), kInvalidHandle);
    owner.drain(stream, stream->enqueued);
    owner.streams.erase(stream);
    delete stream;
  });
}

API cuEventCreate(Event** event, unsigned) {
  return call(__func__, [&] {
    Context& owner = context();
    *event = new Event;
    owner.events.insert(*event);
  });
}

API cuEventRecord(Event* event, Stream* stream) {
  return call(__func__, [&] {
    Context& owner = context();
    require(owner.events.count(event) && owner.streams.count(stream), kInvalidHandle);
    *event = {stream, stream->enqueued, std::max(now, stream->time)};
  });
}

API cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
  return call(__func__, [&] {
    Context& owner = context();
    require(owner.events.count(event) && owner.streams.count(event->stream), kInvalidHandle);
    owner.enqueue(stream, [=, &owner, before = *event] {
      owner.drain(before.stream, before.position);
    });
    stream->time = std::max(stream->time, event->time);
  });
}

API cuEventSynchronize(Event* event) {
  return call(__func__, [&] {
    Context& owner = context();
    require(owner.events.count(event) && owner.streams.count(event->stream), kInvalidHandle);
    owner.drain(event->stream, event->position);
    now = std::max(now, event->time);
  });
}

API cuEventDestroy_v2(Event* event) {
  return call(__func__, [&] {
    require(context().events.erase(event) == 1, kInvalidHandle);
    delete event;
  });
}

API cuModuleLoadDataEx(Module** module, const char* text, unsigned count, int* options,
                       void** values) {
  std::string log = "refused as the settings say";
  int code = call(__func__, [&] {
    Context& owner = context();
    void* library = load_translation(text, owner.device, &log);
    auto kernels = static_cast<const ptx::Kernel*>(dlsym(library, "kernels"));
    *module = new Module{library, kernels};
    owner.modules.insert(*module);
  });
  if (code != 0) write_log(log, count, options, values);
  return code;
}

API cuModuleUnload(Module* module) {
  return call(__func__, [&] {
    require(context().modules.erase(module) == 1, kInvalidHandle);
    dlclose(module->library);
    delete module;
  });
}

API cuModuleGetFunction(const ptx::Kernel** function, Module* module, const char* name) {
  return call(__func__, [&] {
    require(context().modules.count(module), kInvalidHandle);
    const ptx::Kernel* kernel = module->kernels;
    while (kernel->name != nullptr && strcmp(kernel->name, name) != 0) kernel++;
    require(kernel->name != nullptr, kNotFound);
    *function = kernel;
  });
}

API cuLaunchKernel(const ptx::Kernel* kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                   unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,
                   Stream* stream, void** parameters, void** extra) {
  return call(__func__, [&] {
    Context& owner = context();
    require(std::any_of(owner.modules.begin(), owner.modules.end(),
                        [=](const Module* module) { return module->holds(kernel); }),
            kInvalidHandle);
    require(0 < grid_x && grid_x <= 0x7FFFFFFF && grid_y == 1 && grid_z == 1, kInvalidValue);
    require(0 < block_x && block_x <= kernel->max_threads && block_y == 1 && block_z == 1,
            kInvalidValue);
    require(shared == 0 && extra == nullptr, kInvalidValue);
    // The driver copies the arguments before it returns.
    std::vector<uint64_t> arguments(kernel->arguments);
    for (int i = 0; i < kernel->arguments; i++) {
      memcpy(&arguments[i], parameters[i], kernel->argument_sizes[i]);
    }
    // So that an argument which is left out of the next launch, or is too short, is no argument.
    for (int i = 0; i < kernel->arguments; i++) {
      memset(parameters[i], 0xA5, kernel->argument_sizes[i]);
    }
    owner.enqueue(stream,
                  [=, &owner] { Launch(&owner, kernel, grid_x, block_x, arguments).run(); });
    trace("launch", stream);
  });
}
