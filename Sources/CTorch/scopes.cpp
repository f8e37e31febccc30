#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include "helpers_worth.h"
#include "internal.h"
#include "kernels/convolution/products.h"
#include "pool.h"

bool ctorch_gradient_mode(void) { return c10::GradMode::is_enabled(); }

void ctorch_set_gradient_mode(bool enabled) { c10::GradMode::set_enabled(enabled); }

CTorchStatus ctorch_autocast(int32_t device_type, CTorchAutocast *setting) {
  return ctorch::guarded([&] {
    const auto type = static_cast<c10::DeviceType>(device_type);
    *setting = {
        at::autocast::is_autocast_enabled(type), static_cast<int32_t>(at::autocast::get_autocast_dtype(type))};
  });
}

CTorchStatus ctorch_set_autocast(int32_t device_type, CTorchAutocast setting) {
  return ctorch::guarded([&] {
    const auto type = static_cast<c10::DeviceType>(device_type);
    at::autocast::set_autocast_dtype(type, static_cast<c10::ScalarType>(setting.dtype));
    at::autocast::set_autocast_enabled(type, setting.enabled);
  });
}

CTorchStatus ctorch_clear_autocast_cache(void) {
  return ctorch::guarded([] { at::autocast::clear_cache(); });
}

void ctorch_helpers_pay(const double *seconds, const double *cores, int64_t count, int64_t threads, bool *pay) {
  ctorch::HelpersWorth worth;
  for (int64_t i = 0; i < count; i++) {
    worth.stretch_ends(ctorch::HelpersWorth::Seconds(seconds[i]), cores[i], threads);
    pay[i] = worth.pay();
  }
}

void ctorch_set_helper_delay(int64_t microseconds) { ctorch::set_pool_delay(microseconds); }

CTorchProducts ctorch_products(void) { return ctorch::best_products; }

void ctorch_set_products(CTorchProducts best) { ctorch::best_products = best; }
