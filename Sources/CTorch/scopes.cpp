#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include "internal.h"

bool ctorch_gradient_mode(void) { return c10::GradMode::is_enabled(); }

void ctorch_set_gradient_mode(bool enabled) { c10::GradMode::set_enabled(enabled); }

CTorchAutocast ctorch_autocast(int32_t device_type) {
  const auto type = static_cast<c10::DeviceType>(device_type);
  return {at::autocast::is_autocast_enabled(type), static_cast<int32_t>(at::autocast::get_autocast_dtype(type))};
}

void ctorch_set_autocast(int32_t device_type, CTorchAutocast setting) {
  const auto type = static_cast<c10::DeviceType>(device_type);
  at::autocast::set_autocast_enabled(type, setting.enabled);
  at::autocast::set_autocast_dtype(type, static_cast<c10::ScalarType>(setting.dtype));
}

void ctorch_clear_autocast_cache(void) { at::autocast::clear_cache(); }
