#include "instructions.h"

#include <cstdlib>
#include <string>

#include "internal.h"

namespace {

/// A word of GAN_CPU, and how libtorch and the libraries in it are restricted likewise.
struct Limit {
  const char *word;
  CTorchInstructions most;
  const char *libtorch, *onednn, *mkl;
};

constexpr Limit limits[] = {
    {"avx2", CTORCH_CPU_AVX2, "avx2", "AVX2", "AVX2"},
    {"avx512", CTORCH_CPU_AVX512, "avx512", "AVX512_CORE", "AVX512"},
};

struct Choice {
  CTorchInstructions used;
  /// What is wrong with GAN_CPU.
  std::string fault;
};

Choice choose() {
  const CTorchInstructions has = ctorch_processor_instructions();
  const char *variable = std::getenv("GAN_CPU");
  const std::string word = variable ? variable : "";
  if (word.empty() || word == "auto") return {has, {}};
  for (const Limit &limit : limits) {
    if (word != limit.word) continue;
    if (limit.most >= has) return {has, {}};
    // What the user has set for one of them stays.
    setenv("ATEN_CPU_CAPABILITY", limit.libtorch, 0);
    setenv("ONEDNN_MAX_CPU_ISA", limit.onednn, 0);
    setenv("MKL_ENABLE_INSTRUCTIONS", limit.mkl, 0);
    return {limit.most, {}};
  }
  return {has, "GAN_CPU is '" + word + "'; it must be avx2, avx512 or auto"};
}

const Choice &choice() {
  static const Choice made = choose();
  return made;
}

// Before main: no other thread reads the environment yet, and libtorch reads it when it first computes.
[[maybe_unused]] const Choice &made_at_start = choice();

}  // namespace

CTorchInstructions ctorch::instructions() { return choice().used; }

CTorchInstructions ctorch_processor_instructions(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("x86-64-v3")) return CTORCH_CPU_BASELINE;
  if (!__builtin_cpu_supports("x86-64-v4")) return CTORCH_CPU_AVX2;
  if (!__builtin_cpu_supports("avx512bf16")) return CTORCH_CPU_AVX512;
  return __builtin_cpu_supports("amx-bf16") ? CTORCH_CPU_AMX : CTORCH_CPU_AVX512_BF16;
}

CTorchStatus ctorch_instructions(CTorchInstructions *used) {
  if (!choice().fault.empty()) return ctorch::remember(CTORCH_FAILED, choice().fault.c_str());
  *used = choice().used;
  return CTORCH_OK;
}
