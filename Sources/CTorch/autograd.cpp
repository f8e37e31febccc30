#include <torch/csrc/autograd/autograd.h>

#include "internal.h"

using ctorch::borrow;
using ctorch::guarded;
using ctorch::release;

namespace {
torch::autograd::variable_list collected(const CTorchTensor *tensors, int64_t count) {
  torch::autograd::variable_list list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) list.push_back(borrow(tensors[i]));
  return list;
}
}  // namespace

CTorchStatus ctorch_gradients(
    const CTorchTensor *outputs, int64_t output_count, const CTorchTensor *gradients, const CTorchTensor *inputs,
    int64_t input_count, bool retain_graph, bool create_graph, CTorchTensor *results) {
  return guarded([&] {
    ctorch::keep_library_on_thread();
    auto found = torch::autograd::grad(
        collected(outputs, output_count), collected(inputs, input_count),
        gradients == nullptr ? torch::autograd::variable_list() : collected(gradients, output_count), retain_graph,
        create_graph, /*allow_unused=*/true);
    for (int64_t i = 0; i < input_count; i++) results[i] = release(std::move(found[i]));
  });
}
