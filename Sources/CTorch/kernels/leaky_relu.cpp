// gan::leaky_relu: leaky relu (Maas et al. 2013), and with slope 0 relu (Nair and Hinton 2010), in parallel: libtorch's own
// computes on one thread here. To the bit it gives what aten::leaky_relu and aten::relu give.
//
// Backward needs to know where x was above zero. With a slope of 0 or more that shows in the output, which the next layer
// keeps anyway.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/library.h>

#include "../internal.h"
#include "../memory_order.h"
#include "../parallel.h"
#include "../vectorised.h"
#include "operation.h"

#define DISPATCH_ELEMENTS(tensor, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, tensor.scalar_type(), "gan::leaky_relu", __VA_ARGS__)

namespace {

/// So many elements take some ten microseconds.
constexpr int64_t grain = 32768;

at::Tensor leaky_relu_cpu(const at::Tensor &self, double negative_slope) {
  const auto input = ctorch::without_gaps(self);
  auto output = at::empty_like(input);
  DISPATCH_ELEMENTS(input, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *source = static_cast<const scalar_t *>(input.const_data_ptr());
    auto *target = static_cast<scalar_t *>(output.mutable_data_ptr());
    const auto slope = static_cast<Real>(negative_slope);
    ctorch::parallel_ranges(input.numel(), grain, [=](int64_t begin, int64_t end) {
      ctorch::vectorised([=]() CTORCH_INLINE {
        if (slope == 0) {
          // No product: that of an infinite element would not be a number.
          CTORCH_INDEPENDENT for (int64_t i = begin; i < end; i++) {
            const Real x = ctorch::widened(source[i]);
            target[i] = ctorch::narrowed<scalar_t>(x < 0 ? Real(0) : x);
          }
        } else {
          CTORCH_INDEPENDENT for (int64_t i = begin; i < end; i++) {
            const Real x = ctorch::widened(source[i]);
            target[i] = ctorch::narrowed<scalar_t>(x > 0 ? x : x * slope);
          }
        }
      });
    });
  });
  return output;
}

void check_backward(const at::Tensor &gradient, const at::Tensor &signs) {
  TORCH_CHECK(
      gradient.sizes() == signs.sizes() && gradient.scalar_type() == signs.scalar_type(),
      "gan::leaky_relu_backward takes a gradient of the type and shape of what tells the signs, ", signs.scalar_type(), " ",
      signs.sizes(), ", and was given ", gradient.scalar_type(), " ", gradient.sizes());
}

at::Tensor leaky_relu_backward_cpu(const at::Tensor &unordered, const at::Tensor &signs_of, double negative_slope) {
  check_backward(unordered, signs_of);
  const auto signs = ctorch::without_gaps(signs_of);
  const auto gradient = ctorch::in_order_of(signs, unordered);
  auto result = at::empty_like(signs);
  DISPATCH_ELEMENTS(signs, [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *slopes = static_cast<const scalar_t *>(gradient.const_data_ptr());
    const auto *elements = static_cast<const scalar_t *>(signs.const_data_ptr());
    auto *target = static_cast<scalar_t *>(result.mutable_data_ptr());
    const auto slope = static_cast<Real>(negative_slope);
    ctorch::parallel_ranges(signs.numel(), grain, [=](int64_t begin, int64_t end) {
      ctorch::vectorised([=]() CTORCH_INLINE {
        if (slope == 0) {
          CTORCH_INDEPENDENT for (int64_t i = begin; i < end; i++) {
            const Real after = ctorch::widened(slopes[i]);
            target[i] = ctorch::narrowed<scalar_t>(ctorch::widened(elements[i]) <= 0 ? Real(0) : after);
          }
        } else {
          CTORCH_INDEPENDENT for (int64_t i = begin; i < end; i++) {
            const Real after = ctorch::widened(slopes[i]);
            target[i] = ctorch::narrowed<scalar_t>(ctorch::widened(elements[i]) > 0 ? after : after * slope);
          }
        }
      });
    });
  });
  return result;
}

// The same of libtorch's own operators, on devices that have no kernel of ours.

at::Tensor leaky_relu_composed(const at::Tensor &self, double slope) {
  return slope == 0 ? at::relu(self) : at::leaky_relu(self, slope);
}

at::Tensor leaky_relu_backward_composed(const at::Tensor &gradient, const at::Tensor &signs, double slope) {
  check_backward(gradient, signs);
  return slope == 0 ? at::threshold_backward(gradient, signs, 0) : at::leaky_relu_backward(gradient, signs, slope, false);
}

at::Tensor call_forward(const at::Tensor &self, double slope) {
  static const auto op = ctorch::operation<at::Tensor(const at::Tensor &, double)>("gan::leaky_relu");
  return op.call(self, slope);
}

at::Tensor call_backward(const at::Tensor &gradient, const at::Tensor &signs, double slope) {
  using Backward = at::Tensor(const at::Tensor &, const at::Tensor &, double);
  static const auto op = ctorch::operation<Backward>("gan::leaky_relu_backward");
  return op.call(gradient, signs, slope);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void keep(AutogradContext *context, const at::Tensor &signs, double slope) {
  context->save_for_backward({signs});
  context->saved_data["slope"] = slope;
}

at::Tensor passed_back(AutogradContext *context, const at::Tensor &gradient) {
  return call_backward(gradient, context->get_saved_variables()[0], context->saved_data.at("slope").toDouble());
}

struct LeakyReLU : torch::autograd::Function<LeakyReLU> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &self, double slope) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto output = call_forward(self, slope);
    keep(context, slope < 0 ? self : output, slope);
    return output;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return {passed_back(context, gradients[0]), at::Tensor()};
  }
};

/// The gradient's way back is linear and its matrix diagonal, so that it is its own transpose: the gradient of a gradient
/// goes the same way. It depends on x by signs alone, whose derivative is zero.
struct LeakyReLUBackward : torch::autograd::Function<LeakyReLUBackward> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &gradient, const at::Tensor &signs, double slope) {
    keep(context, signs, slope);
    at::AutoDispatchBelowADInplaceOrView below;
    return call_backward(gradient, signs, slope);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    return {passed_back(context, gradients[0]), at::Tensor(), at::Tensor()};
  }
};

at::Tensor leaky_relu_autograd(const at::Tensor &self, double slope) {
  if (torch::autograd::compute_requires_grad(self)) return LeakyReLU::apply(self, slope);
  at::AutoDispatchBelowADInplaceOrView below;
  return call_forward(self, slope);
}

at::Tensor leaky_relu_backward_autograd(const at::Tensor &gradient, const at::Tensor &signs, double slope) {
  if (torch::autograd::compute_requires_grad(gradient)) return LeakyReLUBackward::apply(gradient, signs.detach(), slope);
  at::AutoDispatchBelowADInplaceOrView below;
  return call_backward(gradient, signs, slope);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("leaky_relu(Tensor self, float slope) -> Tensor");
  // `signs` is above zero where x was.
  library.def("leaky_relu_backward(Tensor gradient, Tensor signs, float slope) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("leaky_relu", leaky_relu_cpu);
  library.impl("leaky_relu_backward", leaky_relu_backward_cpu);
}
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) {
  library.impl("leaky_relu", leaky_relu_composed);
  library.impl("leaky_relu_backward", leaky_relu_backward_composed);
}
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("leaky_relu", leaky_relu_autograd);
  library.impl("leaky_relu_backward", leaky_relu_backward_autograd);
}
