// gan::batch_norm and gan::normalize: batch normalisation (Ioffe and Szegedy 2015, algorithm 1) over all axes but the
// second, by the batch's statistics or by given ones, and leaky relu after it: with slope 1 nothing, with slope 0 relu.
// gan::instance_norm: the same of each image by itself (Ulyanov et al. 2016, equation 4).
//
// Maps are read twice and written once. Backward needs them and the statistics, and finds the signs before the
// activation again. Statistics of 16-bit maps are float32.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

#include "../internal.h"
#include "channel_affine.h"
#include "channel_rows.h"

#define DISPATCH_MAPS(maps, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, maps.scalar_type(), "gan::batch_norm", __VA_ARGS__)

namespace {

using ctorch::Affine;
using ctorch::ChannelRows;
using OptionalTensor = std::optional<at::Tensor>;

template <typename Number> const Number *read(const at::Tensor &tensor) {
  return static_cast<const Number *>(tensor.const_data_ptr());
}

template <typename Number> Number *written(at::Tensor &tensor) {
  return static_cast<Number *>(tensor.mutable_data_ptr());
}

/// Mean and biased variance of each channel, `[C]`.
template <typename Element> std::tuple<at::Tensor, at::Tensor> statistics(const at::Tensor &maps) {
  using Real = at::opmath_type<Element>;
  const ChannelRows rows(maps);
  const auto options = maps.options().dtype(at::toOpMathType(maps.scalar_type()));
  auto sums = at::empty({ctorch::parts(rows.count, ctorch::part_rows), 2, rows.channels}, options);
  auto mean = at::empty({rows.channels}, options), variance = at::empty({rows.channels}, options);

  // Of the differences to the block's first value: squares of the values themselves would cancel where the mean is
  // much larger than the deviation.
  const auto *x = read<Element>(maps);
  ctorch::sum_blocks<Real>(
      rows, written<Real>(sums), [=](int64_t origin, int64_t i, int64_t, Real &sum, Real &squares) CTORCH_INLINE {
        const Real difference = ctorch::widened(x[i]) - ctorch::widened(x[origin]);
        sum += difference;
        squares += difference * difference;
      });

  // Chan et al. 1979 ("Updating formulae and a pairwise algorithm for computing sample variances", eq. 2.1).
  const auto *blocks = read<Real>(sums);
  auto *means = written<Real>(mean), *variances = written<Real>(variance);
  ctorch::parallel_ranges(rows.channels, 4096, [=](int64_t begin, int64_t end) {
    std::vector<double> mean(end - begin), squares(end - begin);
    ctorch::vectorised([=, mean = mean.data(), squares = squares.data()]() CTORCH_INLINE {
      for (int64_t first = 0; first < rows.count; first += ctorch::part_rows) {
        const Element *origin = x + first * rows.channels;
        const Real *sum = blocks + first / ctorch::part_rows * 2 * rows.channels;
        const auto former = static_cast<double>(first);
        const auto added = static_cast<double>(std::min(ctorch::part_rows, rows.count - first));
        const double inverse = 1 / added, share = added / (former + added);
        CTORCH_INDEPENDENT for (int64_t c = begin; c < end; c++) {
          const double shift = sum[c] * inverse, step = ctorch::widened(origin[c]) + shift - mean[c - begin];
          mean[c - begin] += step * share;
          squares[c - begin] += sum[rows.channels + c] - shift * sum[c] + step * step * former * share;
        }
      }
      for (int64_t c = begin; c < end; c++) {
        means[c] = static_cast<Real>(mean[c - begin]);
        variances[c] = static_cast<Real>(std::max(squares[c - begin], 0.0) / static_cast<double>(rows.count));
      }
    });
  });
  return {mean, variance};
}

/// Writes what becomes of `maps` to `output`, which lies in memory as they do.
void activate(const at::Tensor &maps, const Affine &affine, double negative_slope, at::Tensor output) {
  DISPATCH_MAPS(maps, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *x = read<scalar_t>(maps);
    auto *y = written<scalar_t>(output);
    const auto *means = read<Real>(affine.mean), *scales = read<Real>(affine.scale), *biases = read<Real>(affine.bias);
    const auto slope = static_cast<Real>(negative_slope);
    ctorch::for_elements(ChannelRows(maps), [=](int64_t i, int64_t c) CTORCH_INLINE {
      const Real value = (ctorch::widened(x[i]) - means[c]) * scales[c] + biases[c];
      y[i] = ctorch::narrowed<scalar_t>(value > 0 ? value : value * slope);
    });
  });
}

at::Tensor activated(const at::Tensor &maps, const Affine &affine, double negative_slope) {
  auto output = at::empty_like(maps);
  activate(maps, affine, negative_slope, output);
  return output;
}

void check_batch(const at::Tensor &input) {
  TORCH_CHECK(
      input.dim() >= 2 && input.numel() > input.size(1), "gan::batch_norm takes [N, C, ...] with more than one value a ",
      "channel, and was given ", input.sizes());
}

void check_images(const at::Tensor &input) {
  TORCH_CHECK(
      input.dim() == 4 && input.size(2) * input.size(3) > 1,
      "gan::instance_norm takes [N, C, H, W] with more than one pixel, and was given ", input.sizes());
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

/// The gradients of weight and bias; that of `maps` is written to `target`, if there is one. Both lie in memory as `gradient`.
std::tuple<at::Tensor, at::Tensor> normalized_backward(
    const at::Tensor &gradient, const at::Tensor &maps, const Affine &affine, double negative_slope, at::Tensor target) {
  const ChannelRows rows(maps);
  auto blocks = at::empty({ctorch::parts(rows.count, ctorch::part_rows), 2, rows.channels}, affine.mean.options());
  auto of_weight = at::empty_like(affine.mean), of_bias = at::empty_like(affine.mean);
  DISPATCH_MAPS(maps, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *x = read<scalar_t>(maps), *arriving = read<scalar_t>(gradient);
    const auto *means = read<Real>(affine.mean), *scales = read<Real>(affine.scale), *biases = read<Real>(affine.bias);
    const auto slope = static_cast<Real>(negative_slope);
    // The gradient before the activation, and the distance to the mean.
    const auto before = [=](int64_t i, int64_t c, Real &distance) CTORCH_INLINE -> Real {
      distance = ctorch::widened(x[i]) - means[c];
      const Real after = ctorch::widened(arriving[i]);
      return distance * scales[c] + biases[c] > 0 ? after : after * slope;
    };
    ctorch::sum_blocks<Real>(
        rows, written<Real>(blocks), [=](int64_t, int64_t i, int64_t c, Real &sum, Real &products) CTORCH_INLINE {
          Real distance;
          const Real value = before(i, c, distance);
          sum += value;
          products += value * distance;
        });
    // Few numbers, for which calls of libtorch's operators would take longer than the arithmetic. Through the batch's mean
    // and variance every element gets something back from all of its channel.
    const auto sums = ctorch::total_of_blocks(rows, read<Real>(blocks), 0);
    const auto products = ctorch::total_of_blocks(rows, read<Real>(blocks), 1);
    std::vector<Real> common(rows.channels), slant(rows.channels);
    const auto *inverses = read<Real>(affine.inverse);
    auto *biases_found = written<Real>(of_bias), *weights_found = written<Real>(of_weight);
    const auto count = static_cast<Real>(rows.count);
    for (int64_t c = 0; c < rows.channels; c++) {
      biases_found[c] = static_cast<Real>(sums[c]);
      weights_found[c] = static_cast<Real>(products[c]) * inverses[c];
      common[c] = biases_found[c] / count;
      slant[c] = weights_found[c] * inverses[c] / count;
    }
    if (!target.defined()) return;
    auto *found = written<scalar_t>(target);
    ctorch::for_elements(rows, [=, commons = common.data(), slants = slant.data()](int64_t i, int64_t c) CTORCH_INLINE {
      Real distance;
      const Real value = before(i, c, distance);
      found[i] = ctorch::narrowed<scalar_t>((value - commons[c] - distance * slants[c]) * scales[c]);
    });
  });
  return {of_weight, of_bias};
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
    context->save_for_backward({input, weight.value_or(at::Tensor()), bias.value_or(at::Tensor()), mean, variance});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
    context->mark_non_differentiable({mean, variance});
    context->set_materialize_grads(false);
    return {output, mean, variance};
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    variable_list result(5);
    if (!gradients[0].defined()) return result;
    const auto saved = context->get_saved_variables();
    const auto &input = saved[0], &mean = saved[3], &variance = saved[4];
    const auto optional = [](const at::Tensor &tensor) {
      return tensor.defined() ? OptionalTensor(tensor) : std::nullopt;
    };
    const auto weight = optional(saved[1]), bias = optional(saved[2]);
    const double epsilon = context->saved_data["epsilon"].toDouble(), slope = context->saved_data["slope"].toDouble();
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

struct InstanceNorm : torch::autograd::Function<InstanceNorm> {
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &input, const OptionalTensor &weight, const OptionalTensor &bias,
      double epsilon, double slope) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [output, mean, variance] = instance_norm_cpu(input, weight, bias, epsilon, slope);
    context->save_for_backward({input, weight.value_or(at::Tensor()), bias.value_or(at::Tensor()), mean, variance});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
    return output;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &input = saved[0], &means = saved[3], &variances = saved[4];
    const auto optional = [](const at::Tensor &tensor) {
      return tensor.defined() ? OptionalTensor(tensor) : std::nullopt;
    };
    const auto weight = optional(saved[1]), bias = optional(saved[2]);
    const double epsilon = context->saved_data["epsilon"].toDouble(), slope = context->saved_data["slope"].toDouble();
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
  library.def("instance_norm(Tensor input, Tensor? weight, Tensor? bias, float epsilon, float slope) -> Tensor");
  library.def(
      "normalize(Tensor input, Tensor mean, Tensor variance, Tensor? weight, Tensor? bias, float epsilon, "
      "float slope) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("batch_norm", batch_norm_cpu);
  library.impl("instance_norm", instance_norm_below_autograd);
  library.impl("normalize", normalize_cpu);
}
TORCH_LIBRARY_IMPL(gan, AutogradCPU, library) {
  library.impl("batch_norm", batch_norm_autograd);
  library.impl("instance_norm", instance_norm_autograd);
  library.impl("normalize", normalize_autograd);
}
TORCH_LIBRARY_IMPL(gan, CompositeImplicitAutograd, library) {
  library.impl("batch_norm", batch_norm_composed);
  library.impl("instance_norm", instance_norm_composed);
  library.impl("normalize", normalize_composed);
}
