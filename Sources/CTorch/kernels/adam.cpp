// gan::adam_: a step of Adam (Kingma and Ba 2015, algorithm 1) or AdamW (Loshchilov and Hutter 2019, algorithm 2) for all
// parameters of a player, and the move of their running mean, in one pass through memory. libtorch's fused kernel opens
// a parallel region for each tensor, has no average, and is silently wrong where strides differ.
//
// What changes from step to step comes in tensors: the learning rate, the average's decay, the steps taken, and a flag
// that leaves everything as it is. So no device has to wait for the host.
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

using OptionalTensor = std::optional<at::Tensor>;
using Gradients = c10::List<OptionalTensor>;

/// Refuses lists that do not belong together.
void check(
    at::TensorList parameters, const Gradients &gradients, at::TensorList means, at::TensorList squares,
    const at::Tensor &steps, at::TensorList averages, const OptionalTensor &average_decay) {
  const size_t count = parameters.size();
  TORCH_CHECK(
      gradients.size() == count && means.size() == count && squares.size() == count &&
          (averages.empty() || averages.size() == count) && steps.numel() == static_cast<int64_t>(count) &&
          steps.scalar_type() == at::kLong && steps.dim() == 1 && steps.is_contiguous(),
      "gan::adam_: ", count, " parameters take as many gradients, means, squares, int64 steps and averages, and were "
      "given ", gradients.size(), ", ", means.size(), ", ", squares.size(), ", ", steps.scalar_type(), " ", steps.sizes(),
      " and ", averages.size());
  TORCH_CHECK(averages.empty() || average_decay.has_value(), "gan::adam_: averages take a decay, and were given none");
}

/// A number that a tensor in host memory holds.
double number(const at::Tensor &tensor, const char *what) {
  TORCH_CHECK(
      tensor.device().is_cpu() && tensor.numel() == 1, "gan::adam_: the ", what, " is a tensor of one number beside the "
      "parameters, and was given ", tensor.sizes(), " on ", tensor.device());
  return tensor.item<double>();
}

void adam_cpu(
    at::TensorList parameters, const Gradients &gradients, at::TensorList means, at::TensorList squares,
    const at::Tensor &steps, const at::Tensor &rate, double beta1, double beta2, double epsilon, double weight_decay,
    bool decoupled, at::TensorList averages, const OptionalTensor &average_decay, const OptionalTensor &flag) {
  check(parameters, gradients, means, squares, steps, averages, average_decay);
  const size_t count = parameters.size();
  const double learning_rate = number(rate, "learning rate");
  const double decay = average_decay ? number(*average_decay, "average's decay") : 0;
  if (count == 0 || (flag && number(*flag, "flag") != 0)) return;
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
      const OptionalTensor gradient = gradients.get(i);
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
        static_cast<scalar_t>(decay), static_cast<scalar_t>(1 - decay)};
    row.in_parallel(16384, [&](size_t i, int64_t begin, int64_t end) {
      ctorch::adam_range(members[i], settings, begin, end);
    });
  });
}

/// The same of libtorch's own operators, for devices without a kernel of ours: nothing is read by the host.
void adam_composed(
    at::TensorList all, const Gradients &all_gradients, at::TensorList all_means, at::TensorList all_squares,
    const at::Tensor &steps, const at::Tensor &rate, double beta1, double beta2, double epsilon, double weight_decay,
    bool decoupled, at::TensorList averages, const OptionalTensor &average_decay, const OptionalTensor &flag) {
  check(all, all_gradients, all_means, all_squares, steps, averages, average_decay);
  const OptionalTensor stops = flag ? OptionalTensor(flag->ne(0)) : std::nullopt;
  const auto replace = [&](const at::Tensor &former, const at::Tensor &next) {
    former.copy_(stops ? at::where(*stops, former, next.to(former.scalar_type())) : next);
  };
  std::vector<at::Tensor> parameters, gradients, means, squares, rates, root_scales, next(all.begin(), all.end());
  std::vector<size_t> moved;
  for (size_t i = 0; i < all.size(); i++) {
    const OptionalTensor gradient = all_gradients.get(i);
    if (!gradient.has_value() || !gradient->defined()) continue;
    const auto taken = steps.select(0, i);
    replace(taken, taken + 1);
    rates.push_back(rate / (1 - at::pow(beta1, taken.to(at::kDouble))));
    root_scales.push_back((1 - at::pow(beta2, taken.to(at::kDouble))).rsqrt());
    moved.push_back(i);
    parameters.push_back(all[i]);
    gradients.push_back(aligned(*gradient, all[i]));
    means.push_back(all_means[i]);
    squares.push_back(all_squares[i]);
  }
  if (!moved.empty()) {
    if (!decoupled && weight_decay != 0) gradients = at::_foreach_add(gradients, parameters, weight_decay);
    auto mean = at::_foreach_mul(means, beta1), square = at::_foreach_mul(squares, beta2);
    at::_foreach_add_(mean, gradients, 1 - beta1);
    at::_foreach_addcmul_(square, gradients, gradients, 1 - beta2);
    auto divisors = at::_foreach_sqrt(square);
    auto changes = at::_foreach_mul(mean, rates);
    at::_foreach_mul_(divisors, root_scales);
    at::_foreach_add_(divisors, epsilon);
    at::_foreach_div_(changes, divisors);
    if (decoupled && weight_decay != 0) parameters = at::_foreach_mul(parameters, 1 - rate * weight_decay);
    const auto there = at::_foreach_sub(parameters, changes);
    for (size_t i = 0; i < moved.size(); i++) {
      replace(means[i], mean[i]);
      replace(squares[i], square[i]);
      next[moved[i]] = there[i];
      replace(all[moved[i]], there[i]);
    }
  }
  for (size_t i = 0; i < averages.size(); i++) {
    replace(averages[i], averages[i] * *average_decay + next[i] * (1 - *average_decay));
  }
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "adam_(Tensor(a!)[] parameters, Tensor?[] gradients, Tensor(b!)[] means, Tensor(c!)[] squares, Tensor(d!) steps, "
      "Tensor learning_rate, float beta1, float beta2, float epsilon, float weight_decay, bool decoupled, "
      "Tensor(e!)[] averages, Tensor? average_decay, Tensor? flag) -> ()");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("adam_", adam_cpu); }
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) { library.impl("adam_", adam_composed); }
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("adam_", torch::autograd::autogradNotImplementedFallback());
}
