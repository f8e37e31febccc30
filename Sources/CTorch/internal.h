// What the files of CTorch share: how opaque references map to libtorch's, and how exceptions become a status.
#pragma once

#if !__has_include(<ATen/ATen.h>)
#error "libtorch's headers were not found: run scripts/bootstrap, or set LIBTORCH to a folder that holds torch/include"
#endif

#include <ATen/ATen.h>
#include <torch/headeronly/version.h>

#include "CTorch.h"

static_assert(
    TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR == 11, "swift-gan needs libtorch 2.11: run scripts/bootstrap");

namespace ctorch {

/// A borrowed tensor behind an opaque reference.
inline at::Tensor borrow(CTorchTensor tensor) {
  auto *implementation = reinterpret_cast<c10::TensorImpl *>(tensor);
  if (implementation == nullptr || implementation == c10::UndefinedTensorImpl::singleton()) return {};
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(implementation));
}

inline c10::TensorImpl *peek(CTorchTensor tensor) { return reinterpret_cast<c10::TensorImpl *>(tensor); }

/// Hands the reference of `tensor` over to the caller.
inline CTorchTensor release(at::Tensor tensor) {
  return reinterpret_cast<CTorchTensor>(tensor.unsafeReleaseTensorImpl());
}

inline c10::Device device(int32_t type, int32_t index) {
  TORCH_CHECK(index >= -1 && index < 128, "there is no device number ", index);
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

inline at::Generator borrow(CTorchGenerator generator) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(
      reinterpret_cast<c10::GeneratorImpl *>(generator)));
}

/// Makes libtorch compute on the calling thread alone, now and later: what is worth sharing goes to our own pool, part by
/// part (kernels/library_parts.h). Teams of OpenMP wait for threads that have not come, and their idle threads keep
/// processors busy.
void keep_library_on_thread();

/// Whether a profile of the calling thread is being taken.
bool is_profiled();

CTorchStatus remember(CTorchStatus status, const char *message);
CTorchStatus remember_current_exception();

/// Runs `body`; an exception becomes a status and a message.
template <typename Body> CTorchStatus guarded(Body &&body) {
  try {
    body();
    return CTORCH_OK;
  } catch (...) {
    return remember_current_exception();
  }
}

}  // namespace ctorch
