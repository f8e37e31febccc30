#include <c10/util/Exception.h>

#include <new>
#include <string>
#include <vector>

#include "internal.h"

namespace {
thread_local std::string last_error;
thread_local std::string ended_scope_message;

// Short enough for a string to hold without memory of its own.
constexpr const char *no_memory = "no memory left";

/// Overwrites `text`, with a shorter sentence where there is no memory for `message`.
void assign(std::string &text, const char *message) noexcept {
  try {
    text = message;
  } catch (const std::bad_alloc &) {
    text = no_memory;
  }
}

struct Scope {
  CTorchStatus status = CTORCH_OK;
  std::string message;
};
thread_local std::vector<Scope> scopes;

// The CPU allocator reports exhaustion as a plain c10::Error; its sentence is all that tells.
bool is_about_memory(const std::string &message) {
  return message.find("not enough memory") != std::string::npos || message.find("can't allocate memory") != std::string::npos;
}
}  // namespace

CTorchStatus ctorch::remember(CTorchStatus status, const char *message) {
  assign(last_error, message);
  return status;
}

CTorchStatus ctorch::remember_current_exception() {
  try {
    throw;
  } catch (const c10::OutOfMemoryError &error) {
    return remember(CTORCH_OUT_OF_MEMORY, error.what_without_backtrace());
  } catch (const c10::Error &error) {
    const char *message = error.what_without_backtrace();
    return remember(is_about_memory(message) ? CTORCH_OUT_OF_MEMORY : CTORCH_FAILED, message);
  } catch (const std::bad_alloc &) {
    return remember(CTORCH_OUT_OF_MEMORY, "the host has no memory left");
  } catch (const std::exception &error) {
    return remember(CTORCH_FAILED, error.what());
  } catch (...) {
    return remember(CTORCH_FAILED, "libtorch threw something that is no std::exception");
  }
}

const char *ctorch_last_error(void) { return last_error.c_str(); }

CTorchStatus ctorch_error_scope_begin(void) {
  return ctorch::guarded([] { scopes.emplace_back(); });
}

int32_t ctorch_error_scope_depth(void) { return static_cast<int32_t>(scopes.size()); }

void ctorch_error_scope_record(CTorchStatus status, const char *message) {
  if (scopes.empty() || scopes.back().status != CTORCH_OK) return;
  scopes.back().status = status;
  assign(scopes.back().message, message);
}

const char *ctorch_error_scope_end(CTorchStatus *status) {
  if (scopes.empty()) {
    *status = CTORCH_OK;
    return nullptr;
  }
  *status = scopes.back().status;
  ended_scope_message = std::move(scopes.back().message);
  scopes.pop_back();
  return *status == CTORCH_OK ? nullptr : ended_scope_message.c_str();
}
