// What normalising by statistics of maps and its gradient take, whatever the statistics are of: a batch or an image.
#pragma once

#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "../internal.h"
#include "channel_affine.h"
#include "channel_rows.h"

#define DISPATCH_MAPS(maps, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, maps.scalar_type(), "gan::batch_norm", __VA_ARGS__)

namespace ctorch {

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
  auto sums = at::empty({parts(rows.count, part_rows), 2, rows.channels}, options);
  auto mean = at::empty({rows.channels}, options), variance = at::empty({rows.channels}, options);

  // Of the differences to the block's first value: squares of the values themselves would cancel where the mean is
  // much larger than the deviation.
  const auto *x = read<Element>(maps);
  sum_blocks<Real>(
      rows, written<Real>(sums), [=](int64_t origin, int64_t i, int64_t, Real &sum, Real &squares) CTORCH_INLINE {
        const Real difference = widened(x[i]) - widened(x[origin]);
        sum += difference;
        squares += difference * difference;
      });

  // Chan et al. 1979 ("Updating formulae and a pairwise algorithm for computing sample variances", eq. 2.1).
  const auto *blocks = read<Real>(sums);
  auto *means = written<Real>(mean), *variances = written<Real>(variance);
  parallel_ranges(rows.channels, 4096, [=](int64_t begin, int64_t end) {
    std::vector<double> mean(end - begin), squares(end - begin);
    vectorised([=, mean = mean.data(), squares = squares.data()]() CTORCH_INLINE {
      for (int64_t first = 0; first < rows.count; first += part_rows) {
        const Element *origin = x + first * rows.channels;
        const Real *sum = blocks + first / part_rows * 2 * rows.channels;
        const auto former = static_cast<double>(first);
        const auto added = static_cast<double>(std::min(part_rows, rows.count - first));
        const double inverse = 1 / added, share = added / (former + added);
        CTORCH_INDEPENDENT for (int64_t c = begin; c < end; c++) {
          const double shift = sum[c] * inverse, step = widened(origin[c]) + shift - mean[c - begin];
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
inline void activate(const at::Tensor &maps, const Affine &affine, double negative_slope, at::Tensor output) {
  DISPATCH_MAPS(maps, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *x = read<scalar_t>(maps);
    auto *y = written<scalar_t>(output);
    const auto *means = read<Real>(affine.mean), *scales = read<Real>(affine.scale), *biases = read<Real>(affine.bias);
    const auto slope = static_cast<Real>(negative_slope);
    for_elements(ChannelRows(maps), [=](int64_t i, int64_t c) CTORCH_INLINE {
      const Real value = (widened(x[i]) - means[c]) * scales[c] + biases[c];
      y[i] = narrowed<scalar_t>(value > 0 ? value : value * slope);
    });
  });
}

inline at::Tensor activated(const at::Tensor &maps, const Affine &affine, double negative_slope) {
  auto output = at::empty_like(maps);
  activate(maps, affine, negative_slope, output);
  return output;
}

/// The gradients of weight and bias; that of `maps` is written to `target`, if there is one. Both lie in memory as `gradient`.
inline std::tuple<at::Tensor, at::Tensor> normalized_backward(
    const at::Tensor &gradient, const at::Tensor &maps, const Affine &affine, double negative_slope, at::Tensor target) {
  const ChannelRows rows(maps);
  auto blocks = at::empty({parts(rows.count, part_rows), 2, rows.channels}, affine.mean.options());
  auto of_weight = at::empty_like(affine.mean), of_bias = at::empty_like(affine.mean);
  DISPATCH_MAPS(maps, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *x = read<scalar_t>(maps), *arriving = read<scalar_t>(gradient);
    const auto *means = read<Real>(affine.mean), *scales = read<Real>(affine.scale), *biases = read<Real>(affine.bias);
    const auto slope = static_cast<Real>(negative_slope);
    // The gradient before the activation, and the distance to the mean.
    const auto before = [=](int64_t i, int64_t c, Real &distance) CTORCH_INLINE -> Real {
      distance = widened(x[i]) - means[c];
      const Real after = widened(arriving[i]);
      return distance * scales[c] + biases[c] > 0 ? after : after * slope;
    };
    sum_blocks<Real>(
        rows, written<Real>(blocks), [=](int64_t, int64_t i, int64_t c, Real &sum, Real &products) CTORCH_INLINE {
          Real distance;
          const Real value = before(i, c, distance);
          sum += value;
          products += value * distance;
        });
    // Few numbers, for which calls of libtorch's operators would take longer than the arithmetic. Through the batch's mean
    // and variance every element gets something back from all of its channel.
    const auto sums = total_of_blocks(rows, read<Real>(blocks), 0);
    const auto products = total_of_blocks(rows, read<Real>(blocks), 1);
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
    for_elements(rows, [=, commons = common.data(), slants = slant.data()](int64_t i, int64_t c) CTORCH_INLINE {
      Real distance;
      const Real value = before(i, c, distance);
      found[i] = narrowed<scalar_t>((value - commons[c] - distance * slants[c]) * scales[c]);
    });
  });
  return {of_weight, of_bias};
}

/// What a backward pass needs of the forward pass.
struct NormSaved {
  at::Tensor input;
  OptionalTensor weight, bias;
  at::Tensor mean, variance;
  double epsilon, slope;

  explicit NormSaved(torch::autograd::AutogradContext *context) {
    const auto saved = context->get_saved_variables();
    const auto optional = [](const at::Tensor &tensor) {
      return tensor.defined() ? OptionalTensor(tensor) : std::nullopt;
    };
    input = saved[0];
    weight = optional(saved[1]);
    bias = optional(saved[2]);
    mean = saved[3];
    variance = saved[4];
    epsilon = context->saved_data["epsilon"].toDouble();
    slope = context->saved_data["slope"].toDouble();
  }

  static void save(
      torch::autograd::AutogradContext *context, const at::Tensor &input, const OptionalTensor &weight,
      const OptionalTensor &bias, const at::Tensor &mean, const at::Tensor &variance, double epsilon, double slope) {
    context->save_for_backward({input, weight.value_or(at::Tensor()), bias.value_or(at::Tensor()), mean, variance});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
  }
};

}  // namespace ctorch
