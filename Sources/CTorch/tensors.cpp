#include <algorithm>

#include "internal.h"

using ctorch::borrow;
using ctorch::guarded;
using ctorch::peek;
using ctorch::release;

CTorchTensor ctorch_tensor_undefined(void) { return release(at::Tensor()); }

void ctorch_tensor_release(CTorchTensor tensor) {
  auto *implementation = peek(tensor);
  if (implementation == c10::UndefinedTensorImpl::singleton()) return;
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(implementation).reset();
}

bool ctorch_tensor_is_defined(CTorchTensor tensor) { return peek(tensor) != c10::UndefinedTensorImpl::singleton(); }

CTorchStatus ctorch_tensor_rank(CTorchTensor tensor, int64_t *rank) {
  return guarded([&] { *rank = ctorch_tensor_is_defined(tensor) ? peek(tensor)->dim() : 0; });
}

CTorchStatus ctorch_tensor_count(CTorchTensor tensor, int64_t *count) {
  return guarded([&] { *count = ctorch_tensor_is_defined(tensor) ? peek(tensor)->numel() : 0; });
}

CTorchStatus ctorch_tensor_sizes(CTorchTensor tensor, int64_t *sizes) {
  return guarded([&] {
    if (ctorch_tensor_is_defined(tensor)) std::ranges::copy(peek(tensor)->sizes(), sizes);
  });
}

CTorchStatus ctorch_tensor_strides(CTorchTensor tensor, int64_t *strides) {
  return guarded([&] {
    if (ctorch_tensor_is_defined(tensor)) std::ranges::copy(peek(tensor)->strides(), strides);
  });
}

CTorchStatus ctorch_tensor_dtype(CTorchTensor tensor, int32_t *dtype) {
  return guarded([&] {
    *dtype = ctorch_tensor_is_defined(tensor) ? static_cast<int32_t>(borrow(tensor).scalar_type()) : -1;
  });
}

CTorchStatus ctorch_dtype_size(int32_t dtype, int64_t *size) {
  return guarded([&] { *size = static_cast<int64_t>(c10::elementSize(static_cast<c10::ScalarType>(dtype))); });
}

CTorchStatus ctorch_tensor_device(CTorchTensor tensor, int32_t *type, int32_t *index) {
  return guarded([&] {
    const auto device = ctorch_tensor_is_defined(tensor) ? peek(tensor)->device() : c10::Device(c10::kCPU);
    *type = static_cast<int32_t>(device.type());
    *index = device.index();
  });
}

CTorchStatus ctorch_tensor_is_contiguous(CTorchTensor tensor, int32_t memory_format, bool *contiguous) {
  return guarded([&] {
    *contiguous = ctorch_tensor_is_defined(tensor) &&
        borrow(tensor).is_contiguous(static_cast<c10::MemoryFormat>(memory_format));
  });
}

CTorchStatus ctorch_tensor_requires_grad(CTorchTensor tensor, bool *required) {
  return guarded([&] { *required = ctorch_tensor_is_defined(tensor) && borrow(tensor).requires_grad(); });
}

CTorchStatus ctorch_tensor_set_requires_grad(CTorchTensor tensor, bool required) {
  return guarded([&] { borrow(tensor).requires_grad_(required); });
}

CTorchStatus ctorch_tensor_data(CTorchTensor tensor, const void **data) {
  return guarded([&] { *data = ctorch_tensor_is_defined(tensor) ? borrow(tensor).const_data_ptr() : nullptr; });
}

CTorchStatus ctorch_tensor_mutable_data(CTorchTensor tensor, void **data) {
  return guarded([&] {
    *data = ctorch_tensor_is_defined(tensor) ? borrow(tensor).mutable_data_ptr() : nullptr;
    if (*data != nullptr) peek(tensor)->bump_version();
  });
}

CTorchStatus ctorch_tensor_item(CTorchTensor tensor, double *value) {
  return guarded([&] { *value = borrow(tensor).item().toDouble(); });
}

CTorchStatus ctorch_tensor_gradient(CTorchTensor tensor, CTorchTensor *gradient) {
  return guarded([&] { *gradient = release(ctorch_tensor_is_defined(tensor) ? borrow(tensor).grad() : at::Tensor()); });
}

CTorchStatus ctorch_tensor_set_gradient(CTorchTensor tensor, CTorchTensor gradient) {
  return guarded([&] { borrow(tensor).mutable_grad() = borrow(gradient); });
}
