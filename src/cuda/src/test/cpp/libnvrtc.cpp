// A stand-in for NVRTC, libnvrtc.so.12, that knows one program: the PTX of the file that
// STAND_IN_PTX names, for the source whose text holds STAND_IN_SOURCE. It refuses any other source,
// and any options that could change a bit.

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace {

constexpr int kInvalidProgram = 4;
constexpr int kInvalidOption = 5;
constexpr int kCompilation = 6;

struct Program {
  std::string source;
  std::string ptx;
  std::string log;
};

int give(const std::string& text, char* to) {
  memcpy(to, text.c_str(), text.size() + 1);
  return 0;
}

}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

API nvrtcVersion(int* major, int* minor) {
  *major = 12;
  *minor = 4;
  return 0;
}

API nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char* const*,
                       const char* const*) {
  *program = new Program{source, "", ""};
  return 0;
}

API nvrtcCompileProgram(Program* program, int count, const char* const* options) {
  std::set<std::string> given(options, options + count);
  for (const char* needed : {"-arch=compute_75", "-fmad=false", "-ftz=false"}) {
    if (given.count(needed) == 0) return kInvalidOption;
  }
  if (program->source.find(getenv("STAND_IN_SOURCE")) == std::string::npos) {
    program->log = "star_relu.cu(1): error: not the source that the stand-in knows";
    return kCompilation;
  }
  std::ifstream file(getenv("STAND_IN_PTX"));
  program->ptx.assign(std::istreambuf_iterator<char>(file), {});
  return 0;
}

API nvrtcGetProgramLogSize(Program* program, size_t* size) {
  *size = program->log.size() + 1;
  return 0;
}

API nvrtcGetProgramLog(Program* program, char* log) { return give(program->log, log); }

API nvrtcGetPTXSize(Program* program, size_t* size) {
  *size = program->ptx.size() + 1;
  return program->ptx.empty() ? kInvalidProgram : 0;
}

API nvrtcGetPTX(Program* program, char* ptx) { return give(program->ptx, ptx); }

API nvrtcDestroyProgram(Program** program) {
  delete *program;
  *program = nullptr;
  return 0;
}
