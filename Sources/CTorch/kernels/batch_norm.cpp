// gan::batch_norm and gan::normalize: batch normalisation (Ioffe and Szegedy 2015, algorithm 1) over all axes but the
// second, by the batch's statistics or by given ones, and leaky relu after it: with slope 1 nothing, with slope 0 relu.
//
// Maps are read twice and written once. Backward needs them and the statistics, and finds the signs before the
// activation again. Statistics of 16-bit maps are float32.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "normalisation.h"

namespace {

using ctorch::activated;
using ctorch::Affine;
using ctorch::normalized_backward;
using ctorch::OptionalTensor;
using ctorch::statistics;

void check_batch(const at::Tensor &input) {
  TORCH_CHECK(
      input.dim() >= 2 && input.numel() > input.size(1), "gan::batch_norm takes [N, C, ...] with more than one value a ",
      "channel, and was given ", input.sizes());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm_cpu(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  check_batch(input);
  const auto maps = ctorch::by_channel_rows(input);
  const auto [mean, variance] = DISPATCH_MAPS(maps, [&] { return statistics<scalar_t>(maps); });
  return {activated(maps, Affine(input, mean, variance, weight, bias, epsilon), slope), mean, variance};
}

at::Tensor normalize_cpu(
    const at::Tensor &input, const at::Tensor &mean, const at::Tensor &variance, const OptionalTensor &weight,
    const OptionalTensor &bias, double epsilon, double slope) {
  TORCH_CHECK(input.dim() >= 2, "gan::normalize takes [N, C, ...], and was given ", input.sizes());
  return activated(ctorch::by_channel_rows(input), Affine(input, mean, variance, weight, bias, epsilon), slope);
}

/// The gradients of input (unless it is `frozen`), weight and bias.
std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm_backward(
    const at::Tensor &unordered, const at::Tensor &input, const Affine &affine, double slope, bool frozen) {
  const auto maps = ctorch::by_channel_rows(input);
  const auto result = frozen ? at::Tensor() : at::empty_like(maps);
  const auto [weight, bias] =
      normalized_backward(ctorch::in_order_of(maps, unordered), maps, affine, slope, result);
  return {result, weight, bias};
}

// The same of libtorch's own operators, where they must be differentiated (again) or the device has no kernel of ours.
at::Tensor composed(
    const at::Tensor &input, const OptionalTensor &mean, const OptionalTensor &variance, const OptionalTensor &weight,
    const OptionalTensor &bias, double epsilon, double slope) {
  const auto wide = [&](const OptionalTensor &tensor) {
    return tensor ? OptionalTensor(tensor->to(at::toOpMathType(input.scalar_type()))) : tensor;
  };
  const bool by_batch = !mean;
  const auto output =
      at::batch_norm(input, wide(weight), wide(bias), wide(mean), wide(variance), by_batch, 0, epsilon, false);
  return slope == 1 ? output : at::leaky_relu(output, slope);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct BatchNorm : torch::autograd::Function<BatchNorm> {
  static variable_list forward(
      AutogradContext *context, const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias,
      double epsilon, double slope) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [output, mean, variance] = batch_norm_cpu(input, weight, bias, epsilon, slope);
    ctorch::NormSaved::save(context, input, weight, bias, mean, variance, epsilon, slope);
    context->mark_non_differentiable({mean, variance});
    context->set_materialize_grads(false);
    return {output, mean, variance};
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    variable_list result(5);
    if (!gradients[0].defined()) return result;
    const auto [input, weight, bias, mean, variance, epsilon, slope] = ctorch::NormSaved(context);
    if (at::GradMode::is_enabled()) {
      // Someone will differentiate this again: libtorch's backward can be.
      at::Tensor before;
      {
        at::NoGradGuard none;
        before = composed(input, std::nullopt, std::nullopt, weight, bias, epsilon, 1);
      }
      std::tie(result[0], result[1], result[2]) = at::native_batch_norm_backward(
          at::leaky_relu_backward(gradients[0], before, slope, false), input, weight, {}, {}, mean,
          (variance + epsilon).rsqrt(), true, epsilon, {true, true, true});
    } else {
      std::tie(result[0], result[1], result[2]) = batch_norm_backward(
          gradients[0], input, Affine(input, mean, variance, weight, bias, epsilon), slope, !context->needs_input_grad(0));
    }
    if (!weight) result[1] = at::Tensor();
    if (!bias) result[2] = at::Tensor();
    return result;
  }
};

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm_autograd(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  auto results = BatchNorm::apply(input, weight, bias, epsilon, slope);
  return {results[0], results[1], results[2]};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm_composed(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  check_batch(input);
  const auto values = input.detach().transpose(0, 1).flatten(1).to(at::toOpMathType(input.scalar_type()));
  return {
      composed(input, std::nullopt, std::nullopt, weight, bias, epsilon, slope), values.mean(1), values.var(1, false)};
}

at::Tensor normalize_composed(
    const at::Tensor &input, const at::Tensor &mean, const at::Tensor &variance, const OptionalTensor &weight,
    const OptionalTensor &bias, double epsilon, double slope) {
  return composed(input, mean, variance, weight, bias, epsilon, slope);
}

at::Tensor normalize_autograd(
    const at::Tensor &input, const at::Tensor &mean, const at::Tensor &variance, const OptionalTensor &weight,
    const OptionalTensor &bias, double epsilon, double slope) {
  const auto needs = [](const OptionalTensor &tensor) { return tensor && tensor->requires_grad(); };
  if (at::GradMode::is_enabled() && (needs(input) || needs(weight) || needs(bias))) {
    return composed(input, mean, variance, weight, bias, epsilon, slope);
  }
  at::AutoDispatchBelowADInplaceOrView below;
  return normalize_cpu(input, mean, variance, weight, bias, epsilon, slope);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "batch_norm(Tensor input, Tensor? weight, Tensor? bias, float epsilon, float slope) "
      "-> (Tensor output, Tensor mean, Tensor variance)");
  library.def(
      "normalize(Tensor input, Tensor mean, Tensor variance, Tensor? weight, Tensor? bias, float epsilon, "
      "float slope) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("batch_norm", batch_norm_cpu);
  library.impl("normalize", normalize_cpu);
}
TORCH_LIBRARY_IMPL(gan, AutogradCPU, library) {
  library.impl("batch_norm", batch_norm_autograd);
  library.impl("normalize", normalize_autograd);
}
TORCH_LIBRARY_IMPL(gan, CompositeImplicitAutograd, library) {
  library.impl("batch_norm", batch_norm_composed);
  library.impl("normalize", normalize_composed);
}
