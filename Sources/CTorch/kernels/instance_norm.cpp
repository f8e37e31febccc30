// gan::instance_norm: each map of each image normalised by its own statistics (Ulyanov et al. 2016, equation 4), and leaky relu
// after it: with slope 1 nothing, with slope 0 relu. The passes are those of gan::batch_norm, image by image.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "normalisation.h"

namespace {

using ctorch::activate;
using ctorch::Affine;
using ctorch::normalized_backward;
using ctorch::OptionalTensor;
using ctorch::statistics;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check_images(const at::Tensor &input) {
  TORCH_CHECK(
      input.dim() == 4 && input.size(2) * input.size(3) > 1,
      "gan::instance_norm takes [N, C, H, W] with more than one pixel, and was given ", input.sizes());
}

/// An image's statistics are its own: images after one another, each without gaps.
std::tuple<at::Tensor, at::Tensor, at::Tensor> instance_norm_cpu(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  check_images(input);
  const auto maps = ctorch::in_channels_last_order(input);
  const auto options = maps.options().dtype(at::toOpMathType(maps.scalar_type()));
  const auto means = at::empty({maps.size(0), maps.size(1)}, options), variances = at::empty_like(means);
  auto output = at::empty_like(maps);
  for (int64_t n = 0; n < maps.size(0); n++) {
    const auto image = maps.narrow(0, n, 1);
    const auto [mean, variance] = DISPATCH_MAPS(maps, [&] { return statistics<scalar_t>(image); });
    activate(image, Affine(image, mean, variance, weight, bias, epsilon), slope, output.narrow(0, n, 1));
    means[n].copy_(mean);
    variances[n].copy_(variance);
  }
  return {output, means, variances};
}

struct InstanceNorm : torch::autograd::Function<InstanceNorm> {
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias,
      double epsilon, double slope) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [output, mean, variance] = instance_norm_cpu(input, weight, bias, epsilon, slope);
    ctorch::NormSaved::save(context, input, weight, bias, mean, variance, epsilon, slope);
    return output;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto [input, weight, bias, means, variances, epsilon, slope] = ctorch::NormSaved(context);
    variable_list result(5);
    if (at::GradMode::is_enabled()) {
      // Someone will differentiate this again, as often as they like: libtorch's batch norm takes the statistics of its
      // backward pass for constants, so it is wrong from the third derivative on.
      const auto type = at::toOpMathType(input.scalar_type());
      const auto column = [](const OptionalTensor &values) { return values->view({1, -1, 1, 1}); };
      const auto maps = input.to(type);
      const auto distance = maps - maps.mean({2, 3}, true);
      const auto inverse = (distance.square().mean({2, 3}, true) + epsilon).rsqrt();
      const auto normal = distance * inverse;
      auto before = weight ? normal * column(weight) : normal;
      if (bias) before = before + column(bias);
      const auto arriving = at::leaky_relu_backward(gradients[0].to(type), before.detach(), slope, false);
      const auto own = weight ? arriving * column(weight) : arriving;
      const auto found = (own - own.mean({2, 3}, true) - normal * (own * normal).mean({2, 3}, true)) * inverse;
      result[0] = found.to(input.scalar_type());
      if (weight) result[1] = (arriving * normal).sum({0, 2, 3});
      if (bias) result[2] = arriving.sum({0, 2, 3});
      return result;
    }
    const auto maps = ctorch::in_channels_last_order(input);
    const auto gradient = ctorch::in_channels_last_order(gradients[0]);
    if (context->needs_input_grad(0)) result[0] = at::empty_like(maps);
    if (weight) result[1] = at::zeros({maps.size(1)}, means.options());
    if (bias) result[2] = at::zeros({maps.size(1)}, means.options());
    for (int64_t n = 0; n < maps.size(0); n++) {
      const auto image = maps.narrow(0, n, 1);
      const auto [of_weight, of_bias] = normalized_backward(
          gradient.narrow(0, n, 1), image, Affine(image, means[n], variances[n], weight, bias, epsilon), slope,
          result[0].defined() ? result[0].narrow(0, n, 1) : result[0]);
      if (weight) result[1] += of_weight;
      if (bias) result[2] += of_bias;
    }
    return result;
  }
};

at::Tensor instance_norm_below_autograd(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  return std::get<0>(instance_norm_cpu(input, weight, bias, epsilon, slope));
}

at::Tensor instance_norm_autograd(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  return InstanceNorm::apply(input, weight, bias, epsilon, slope);
}

at::Tensor instance_norm_composed(
    const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias, double epsilon, double slope) {
  check_images(input);
  const auto wide = [&](const at::Tensor &tensor) { return tensor.to(at::toOpMathType(input.scalar_type())); };
  const auto each = [&](const OptionalTensor &values) { return values ? OptionalTensor(wide(*values)) : values; };
  const auto output =
      at::group_norm(wide(input), input.size(1), each(weight), each(bias), epsilon).to(input.scalar_type());
  return slope == 1 ? output : at::leaky_relu(output, slope);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("instance_norm(Tensor input, Tensor? weight, Tensor? bias, float epsilon, float slope) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("instance_norm", instance_norm_below_autograd); }
TORCH_LIBRARY_IMPL(gan, AutogradCPU, library) { library.impl("instance_norm", instance_norm_autograd); }
TORCH_LIBRARY_IMPL(gan, CompositeImplicitAutograd, library) { library.impl("instance_norm", instance_norm_composed); }
