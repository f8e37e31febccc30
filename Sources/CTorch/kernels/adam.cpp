// gan::adam_: a step of Adam (Kingma and Ba 2015, algorithm 1) or AdamW (Loshchilov and Hutter 2019, algorithm 2) for all
// parameters of a player, and the move of their running mean, in one pass through memory. libtorch's fused kernel opens
// a parallel region for each tensor, has no average, and is silently wrong where strides differ.
#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/autograd_not_implemented_fallback.h>
#include <torch/library.h>

#include <cmath>

#include "../internal.h"
#include "adam.h"
#include "elements.h"

namespace {

/// The elements of a tensor that must lie in memory as those of its parameter do.
template <typename T> T *elements(const at::Tensor &tensor, const at::Tensor &parameter, const char *what) {
  TORCH_CHECK(
      tensor.defined() && tensor.sizes() == parameter.sizes() && tensor.strides() == parameter.strides() &&
          tensor.scalar_type() == parameter.scalar_type(),
      "gan::adam_: the ", what, " of a parameter must have its type, shape and strides: ", parameter.scalar_type(), " ",
      parameter.sizes(), " with strides ", parameter.strides(), ", and has ", tensor.scalar_type(), " ", tensor.sizes(),
      tensor.defined() ? tensor.strides() : at::IntArrayRef());
  return static_cast<T *>(tensor.mutable_data_ptr());
}

/// `gradient` in the type and memory order of its parameter.
at::Tensor aligned(const at::Tensor &gradient, const at::Tensor &parameter) {
  // A copy would repeat a smaller gradient.
  TORCH_CHECK(
      gradient.sizes() == parameter.sizes(), "gan::adam_: a parameter ", parameter.sizes(),
      " takes a gradient of its shape, and was given ", gradient.sizes());
  if (gradient.scalar_type() == parameter.scalar_type() && gradient.strides() == parameter.strides()) return gradient;
  return at::empty_like(parameter).copy_(gradient);
}

void adam_cpu(
    at::TensorList parameters, const c10::List<std::optional<at::Tensor>> &gradients, at::TensorList means,
    at::TensorList squares, const at::Tensor &steps, double learning_rate, double beta1, double beta2, double epsilon,
    double weight_decay, bool decoupled, at::TensorList averages, double average_decay) {
  const size_t count = parameters.size();
  TORCH_CHECK(
      gradients.size() == count && means.size() == count && squares.size() == count &&
          (averages.empty() || averages.size() == count) && steps.numel() == static_cast<int64_t>(count) &&
          steps.scalar_type() == at::kLong && steps.dim() == 1 && steps.is_contiguous(),
      "gan::adam_: ", count, " parameters take as many gradients, means, squares, int64 steps and averages, and were "
      "given ", gradients.size(), ", ", means.size(), ", ", squares.size(), ", ", steps.scalar_type(), " ", steps.sizes(),
      " and ", averages.size());
  if (count == 0) return;
  auto *taken = static_cast<int64_t *>(steps.mutable_data_ptr());
  // Aligned copies of gradients live until the end.
  std::vector<at::Tensor> kept(count);
  std::vector<int64_t> lengths(count);
  AT_DISPATCH_FLOATING_TYPES(parameters[0].scalar_type(), "gan::adam_", [&] {
    std::vector<ctorch::AdamMember<scalar_t>> members(count);
    for (size_t i = 0; i < count; i++) {
      const auto &parameter = parameters[i];
      TORCH_CHECK(
          parameter.scalar_type() == parameters[0].scalar_type() && parameter.is_non_overlapping_and_dense(),
          "gan::adam_: parameters are of one type and lie in memory without gaps");
      auto &member = members[i];
      lengths[i] = parameter.numel();
      member.parameter = static_cast<scalar_t *>(parameter.mutable_data_ptr());
      if (!averages.empty()) member.average = elements<scalar_t>(averages[i], parameter, "average");
      const std::optional<at::Tensor> gradient = gradients.get(i);
      if (!gradient.has_value() || !gradient->defined()) continue;
      kept[i] = aligned(*gradient, parameter);
      member.gradient = elements<scalar_t>(kept[i], parameter, "gradient");
      member.mean = elements<scalar_t>(means[i], parameter, "mean");
      member.square = elements<scalar_t>(squares[i], parameter, "square");
    }
    const ctorch::ElementRow row(lengths);
    // From here on nothing throws: a step is taken whole or not at all.
    for (size_t i = 0; i < count; i++) {
      if (members[i].gradient == nullptr) continue;
      const auto step = static_cast<double>(++taken[i]);
      members[i].rate = static_cast<scalar_t>(learning_rate / (1 - std::pow(beta1, step)));
      members[i].root_scale = static_cast<scalar_t>(1 / std::sqrt(1 - std::pow(beta2, step)));
      // Autograd must see that what it may have saved has changed.
      parameters[i].unsafeGetTensorImpl()->bump_version();
    }
    const ctorch::AdamSettings<scalar_t> settings{
        static_cast<scalar_t>(beta1), static_cast<scalar_t>(1 - beta1), static_cast<scalar_t>(beta2),
        static_cast<scalar_t>(1 - beta2), static_cast<scalar_t>(epsilon),
        static_cast<scalar_t>(decoupled ? 0 : weight_decay),
        static_cast<scalar_t>(decoupled ? 1 - learning_rate * weight_decay : 1),
        static_cast<scalar_t>(average_decay), static_cast<scalar_t>(1 - average_decay)};
    row.in_parallel(16384, [&](size_t i, int64_t begin, int64_t end) {
      ctorch::adam_range(members[i], settings, begin, end);
    });
  });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "adam_(Tensor(a!)[] parameters, Tensor?[] gradients, Tensor(b!)[] means, Tensor(c!)[] squares, Tensor(d!) steps, "
      "float learning_rate, float beta1, float beta2, float epsilon, float weight_decay, bool decoupled, "
      "Tensor(e!)[] averages, float average_decay) -> ()");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("adam_", adam_cpu); }
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("adam_", torch::autograd::autogradNotImplementedFallback());
}
