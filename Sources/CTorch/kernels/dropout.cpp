// gan::dropout: leaky relu (Maas et al. 2013) followed by inverted dropout (Srivastava et al. 2014), in one pass. The
// mask is a pure function of a seed and an element's place, counted row by row and in maps pixel by pixel (channels last):
// it is drawn in parallel, and the same in any memory order and on any device. libtorch's own draws come from one serial
// generator, which took a quarter of a training step. With slope 1 it is dropout alone.
//
// The output tells backward all it needs, and the next layer keeps it anyway: a dropped element is +0; a kept one is
// above zero where x was, and else has its sign bit set, -0 included.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

#include "../internal.h"
#include "../memory_order.h"
#include "../parallel.h"
#include "../vectorised.h"
#include "operation.h"
#include "philox.h"
#include "philox_composed.h"

namespace {

void check_rate(double rate) {
  TORCH_CHECK(rate >= 0 && rate < 1, "a dropout rate lies in 0 ..< 1, and ", rate, " does not");
}

void check_dropout(double rate, double slope) {
  check_rate(rate);
  TORCH_CHECK(slope >= 0, "the slope of a leaky relu before dropout is not negative, and ", slope, " is");
}

void check_backward(const at::Tensor &gradient, const at::Tensor &output, double rate) {
  TORCH_CHECK(
      gradient.sizes() == output.sizes() && gradient.scalar_type() == output.scalar_type(),
      "gan::dropout_backward takes a gradient of the output's type and shape, ", output.scalar_type(), " ",
      output.sizes(), ", and was given ", gradient.scalar_type(), " ", gradient.sizes());
  check_rate(rate);
}

/// An element is dropped if its word is below this.
uint32_t threshold_of(double rate) { return static_cast<uint32_t>(rate * 4294967296.0); }

int64_t groups_of(const at::Tensor &tensor) {
  return (tensor.numel() + ctorch::philox_group - 1) / ctorch::philox_group;
}

at::Tensor dropout_cpu(const at::Tensor &self, double rate, int64_t seed, double slope) {
  check_dropout(rate, slope);
  const auto input = ctorch::in_channels_last_order(self);
  auto output = at::empty_like(input);
  const auto threshold = threshold_of(rate);
  const int64_t count = input.numel(), groups = groups_of(input);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "gan::dropout", [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *source = static_cast<const scalar_t *>(input.const_data_ptr());
    auto *target = static_cast<scalar_t *>(output.mutable_data_ptr());
    const auto above = static_cast<Real>(1 / (1 - rate)), below = static_cast<Real>(-slope / (1 - rate));
    ctorch::parallel_ranges(groups, 128, [=](int64_t begin, int64_t end) {
      ctorch::vectorised([=]() CTORCH_INLINE {
        uint32_t words[ctorch::philox_group];
        for (int64_t group = begin; group < end; group++) {
          ctorch::philox_words(static_cast<uint64_t>(seed), static_cast<uint64_t>(group), words);
          const int64_t first = group * ctorch::philox_group;
          const auto drop = [&](int64_t i) CTORCH_INLINE {
            const Real x = ctorch::widened(source[first + i]);
            const Real kept = x > 0 ? x * above : std::fabs(x) * below;
            target[first + i] = ctorch::narrowed<scalar_t>(words[i] >= threshold ? kept : Real(0));
          };
          if (first + ctorch::philox_group <= count) {
            for (int64_t i = 0; i < ctorch::philox_group; i++) drop(i);
          } else {
            for (int64_t i = 0; i < count - first; i++) drop(i);
          }
        }
      });
    });
  });
  return output;
}

at::Tensor dropout_backward_cpu(const at::Tensor &unordered, const at::Tensor &result_of, double rate, double slope) {
  check_backward(unordered, result_of, rate);
  const auto output = ctorch::without_gaps(result_of);
  const auto gradient = ctorch::in_order_of(output, unordered);
  auto result = at::empty_like(gradient);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, output.scalar_type(), "gan::dropout_backward", [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *slopes = static_cast<const scalar_t *>(gradient.const_data_ptr());
    const auto *outputs = static_cast<const scalar_t *>(output.const_data_ptr());
    auto *target = static_cast<scalar_t *>(result.mutable_data_ptr());
    const auto above = static_cast<Real>(1 / (1 - rate)), below = static_cast<Real>(slope / (1 - rate));
    ctorch::parallel_ranges(output.numel(), 32768, [=](int64_t begin, int64_t end) {
      ctorch::vectorised([=]() CTORCH_INLINE {
        CTORCH_INDEPENDENT for (int64_t i = begin; i < end; i++) {
          const Real y = ctorch::widened(outputs[i]);
          const Real factor = std::signbit(y) ? below : y != 0 ? above : Real(0);
          target[i] = ctorch::narrowed<scalar_t>(factor * ctorch::widened(slopes[i]));
        }
      });
    });
  });
  return result;
}

/// The words of the mask, int64 `[count]`, in the order in which ``ctorch::philox_words`` leaves them.
at::Tensor composed_words(int64_t seed, const at::Tensor &like) {
  const int64_t groups = groups_of(like), lanes = ctorch::philox_group / 4;
  const auto counters = at::arange(groups * lanes, like.options().dtype(at::kLong));
  const auto zero = at::zeros({}, counters.options());
  const auto words = ctorch::philox_composed(
      static_cast<uint64_t>(seed), {ctorch::low_words(counters), ctorch::high_words(counters), zero, zero});
  return at::stack(words).view({4, groups, lanes}).transpose(0, 1).reshape(-1).slice(0, 0, like.numel());
}

// The same of libtorch's own operators, on devices that have no kernel of ours.

at::Tensor dropout_composed(const at::Tensor &self, double rate, int64_t seed, double slope) {
  check_dropout(rate, slope);
  const auto input = ctorch::channels_at_the_end(self);
  const auto x = input.to(at::toOpMathType(self.scalar_type()));
  const auto dropped = composed_words(seed, self).lt(int64_t{threshold_of(rate)}).view(x.sizes());
  const auto kept = at::where(x > 0, x * (1 / (1 - rate)), x.abs() * (-slope / (1 - rate)));
  return ctorch::channels_in_their_place(kept.masked_fill(dropped, 0).to(self.scalar_type()));
}

at::Tensor dropout_backward_composed(
    const at::Tensor &gradient, const at::Tensor &output, double rate, double slope) {
  check_backward(gradient, output, rate);
  const auto type = at::toOpMathType(output.scalar_type());
  const auto factor =
      output.ne(0).to(type).mul_(1 / (1 - rate)).masked_fill_(output.signbit(), slope / (1 - rate));
  return factor.mul_(gradient).to(output.scalar_type());
}

at::Tensor call_dropout(const at::Tensor &self, double rate, int64_t seed, double slope) {
  static const auto op = ctorch::operation<at::Tensor(const at::Tensor &, double, int64_t, double)>("gan::dropout");
  return op.call(self, rate, seed, slope);
}

at::Tensor call_backward(const at::Tensor &gradient, const at::Tensor &output, double rate, double slope) {
  using Backward = at::Tensor(const at::Tensor &, const at::Tensor &, double, double);
  static const auto op = ctorch::operation<Backward>("gan::dropout_backward");
  return op.call(gradient, output, rate, slope);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void keep(AutogradContext *context, const at::Tensor &output, double rate, double slope) {
  context->save_for_backward({output});
  context->saved_data["rate"] = rate;
  context->saved_data["slope"] = slope;
}

variable_list passed_back(AutogradContext *context, const variable_list &gradients) {
  const auto &data = context->saved_data;
  const auto output = context->get_saved_variables()[0];
  const auto gradient =
      call_backward(gradients[0], output, data.at("rate").toDouble(), data.at("slope").toDouble());
  return {gradient, at::Tensor(), at::Tensor(), at::Tensor()};
}

struct Dropout : torch::autograd::Function<Dropout> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &self, double rate, int64_t seed, double slope) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto output = call_dropout(self, rate, seed, slope);
    keep(context, output, rate, slope);
    return output;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return passed_back(context, gradients);
  }
};

/// The gradient's way back is linear and its matrix diagonal, so that it is its own transpose: the gradient of a
/// gradient goes the same way. It depends on the output by signs alone, whose derivative is zero.
struct DropoutBackward : torch::autograd::Function<DropoutBackward> {
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &gradient, const at::Tensor &output, double rate, double slope) {
    keep(context, output, rate, slope);
    at::AutoDispatchBelowADInplaceOrView below;
    return call_backward(gradient, output, rate, slope);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return passed_back(context, gradients);
  }
};

at::Tensor dropout_autograd(const at::Tensor &self, double rate, int64_t seed, double slope) {
  return Dropout::apply(self, rate, seed, slope);
}

at::Tensor dropout_backward_autograd(
    const at::Tensor &gradient, const at::Tensor &output, double rate, double slope) {
  return DropoutBackward::apply(gradient, output.detach(), rate, slope);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("dropout(Tensor self, float rate, int seed, float slope=1.) -> Tensor");
  library.def("dropout_backward(Tensor gradient, Tensor output, float rate, float slope) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("dropout", dropout_cpu);
  library.impl("dropout_backward", dropout_backward_cpu);
}
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) {
  library.impl("dropout", dropout_composed);
  library.impl("dropout_backward", dropout_backward_composed);
}
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("dropout", dropout_autograd);
  library.impl("dropout_backward", dropout_backward_autograd);
}
