// What operators take: libtorch calls back at the begin and the end of every operator and every node of a backward pass
// (ATen/record_function.h), and the time between, less that of the operators within, is added up by name.
#include <ATen/record_function.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "internal.h"

namespace {
using Clock = std::chrono::steady_clock;

struct Total {
  int64_t calls = 0;
  Clock::duration own{0};
};

struct Profile {
  /// An operator that has begun and not ended.
  struct Open {
    const char *name;
    Clock::time_point began;
    Clock::duration within{0};
  };
  at::CallbackHandle callback;
  std::vector<Open> open;
  std::unordered_map<std::string, Total> totals;
};

// Backward passes of tensors on the host run on the thread that asks for them, so a thread's profile has them too.
thread_local std::optional<Profile> profile;

// Those of other devices run on autograd's own threads, where libtorch installs the callbacks of the thread that asks.
// There is no profile there, and what they call is left out.
std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction &function) {
  if (!profile) return nullptr;
  profile->open.push_back({function.name(), Clock::now()});
  return nullptr;
}

void end(const at::RecordFunction &function, at::ObserverContext *) {
  if (!profile || profile->open.empty()) return;
  const auto taken = Clock::now() - profile->open.back().began;
  auto &total = profile->totals[function.name()];
  total.own += taken - profile->open.back().within;
  profile->open.pop_back();
  if (!profile->open.empty()) profile->open.back().within += taken;
  // An operator of ours that has recorded its backward calls itself below autograd: that is one call.
  const bool again = !profile->open.empty() && !std::strcmp(profile->open.back().name, function.name());
  if (!again) total.calls++;
}
}  // namespace

bool ctorch::is_profiled() { return profile.has_value(); }

CTorchStatus ctorch_profile_begin(void) {
  return ctorch::guarded([] {
    TORCH_CHECK(!profile, "this thread is being profiled already, and one profile cannot hold another");
    profile.emplace();
    profile->callback = at::addThreadLocalCallback(
        at::RecordFunctionCallback(begin, end)
            .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  });
}

CTorchStatus ctorch_profile_end(CTorchProfileVisitor visit, void *context) {
  return ctorch::guarded([&] {
    TORCH_CHECK(profile, "this thread is not being profiled");
    at::removeCallback(profile->callback);
    const auto totals = std::move(profile->totals);
    profile.reset();
    for (const auto &[name, total] : totals) {
      visit(context, name.c_str(), total.calls, std::chrono::duration<double>(total.own).count());
    }
  });
}
