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

int64_t ctorch_tensor_rank(CTorchTensor tensor) { return ctorch_tensor_is_defined(tensor) ? peek(tensor)->dim() : 0; }

int64_t ctorch_tensor_count(CTorchTensor tensor) { return ctorch_tensor_is_defined(tensor) ? peek(tensor)->numel() : 0; }

void ctorch_tensor_layout(CTorchTensor tensor, int64_t *sizes, int64_t *strides) {
  if (!ctorch_tensor_is_defined(tensor)) return;
  const auto rank = peek(tensor)->dim();
  for (int64_t axis = 0; axis < rank; axis++) {
    sizes[axis] = peek(tensor)->sizes()[axis];
    strides[axis] = peek(tensor)->strides()[axis];
  }
}

int32_t ctorch_tensor_dtype(CTorchTensor tensor) {
  return ctorch_tensor_is_defined(tensor) ? static_cast<int32_t>(borrow(tensor).scalar_type()) : -1;
}

int64_t ctorch_dtype_size(int32_t dtype) {
  return static_cast<int64_t>(c10::elementSize(static_cast<c10::ScalarType>(dtype)));
}

void ctorch_tensor_device(CTorchTensor tensor, int32_t *type, int32_t *index) {
  const auto device = ctorch_tensor_is_defined(tensor) ? peek(tensor)->device() : c10::Device(c10::kCPU);
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}

bool ctorch_tensor_is_contiguous(CTorchTensor tensor, int32_t memory_format) {
  return ctorch_tensor_is_defined(tensor) &&
      borrow(tensor).is_contiguous(static_cast<c10::MemoryFormat>(memory_format));
}

bool ctorch_tensor_requires_grad(CTorchTensor tensor) {
  return ctorch_tensor_is_defined(tensor) && borrow(tensor).requires_grad();
}

CTorchStatus ctorch_tensor_set_requires_grad(CTorchTensor tensor, bool required) {
  return guarded([&] { borrow(tensor).requires_grad_(required); });
}

void *ctorch_tensor_data(CTorchTensor tensor) {
  return ctorch_tensor_is_defined(tensor) ? borrow(tensor).data_ptr() : nullptr;
}

CTorchStatus ctorch_tensor_item(CTorchTensor tensor, double *value) {
  return guarded([&] { *value = borrow(tensor).item().toDouble(); });
}

CTorchTensor ctorch_tensor_gradient(CTorchTensor tensor) { return release(borrow(tensor).grad()); }

CTorchStatus ctorch_tensor_set_gradient(CTorchTensor tensor, CTorchTensor gradient) {
  return guarded([&] { borrow(tensor).mutable_grad() = borrow(gradient); });
}
