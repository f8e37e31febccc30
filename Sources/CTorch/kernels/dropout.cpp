// gan::dropout: inverted dropout (Srivastava et al. 2014) whose mask is a pure function of a seed and an element's
// place in memory. It is drawn in parallel and drawn again in backward, so that nothing is stored; libtorch's own
// draws come from one serial generator, which took a quarter of a training step.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "../internal.h"
#include "../parallel.h"
#include "philox.h"

namespace {

at::Tensor dropout(const at::Tensor &self, double rate, int64_t seed) {
  static const auto op = c10::Dispatcher::singleton()
                             .findSchemaOrThrow("gan::dropout", "")
                             .typed<at::Tensor(const at::Tensor &, double, int64_t)>();
  return op.call(self, rate, seed);
}

at::Tensor dropout_cpu(const at::Tensor &self, double rate, int64_t seed) {
  TORCH_CHECK(rate >= 0 && rate < 1, "a dropout rate lies in 0 ..< 1, and ", rate, " does not");
  const auto input = self.contiguous(self.suggest_memory_format());
  auto output = at::empty_like(input);
  const auto threshold = static_cast<uint32_t>(rate * 4294967296.0);
  const int64_t count = input.numel(), groups = (count + ctorch::philox_group - 1) / ctorch::philox_group;
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "gan::dropout", [&] {
    const auto *source = static_cast<const scalar_t *>(input.const_data_ptr());
    auto *target = static_cast<scalar_t *>(output.mutable_data_ptr());
    const auto scale = static_cast<at::opmath_type<scalar_t>>(1 / (1 - rate));
    ctorch::parallel_ranges(groups, 128, [=](int64_t begin, int64_t end) {
      uint32_t words[ctorch::philox_group];
      for (int64_t group = begin; group < end; group++) {
        ctorch::philox_words(static_cast<uint64_t>(seed), static_cast<uint64_t>(group), words);
        const int64_t first = group * ctorch::philox_group;
        const int64_t part = std::min(ctorch::philox_group, count - first);
        for (int64_t i = 0; i < part; i++) {
          const auto scaled = static_cast<scalar_t>(static_cast<at::opmath_type<scalar_t>>(source[first + i]) * scale);
          target[first + i] = words[i] >= threshold ? scaled : scalar_t(0);
        }
      }
    });
  });
  return output;
}

/// The operator is linear and its matrix diagonal, so that it is its own transpose: backward, and what follows that,
/// is the operator again with the same seed, on gradients in the same memory order.
struct Dropout : torch::autograd::Function<Dropout> {
  static at::Tensor forward(
      torch::autograd::AutogradContext *context, const at::Tensor &self, double rate, int64_t seed) {
    context->saved_data["rate"] = rate;
    context->saved_data["seed"] = seed;
    context->saved_data["format"] = static_cast<int64_t>(self.suggest_memory_format());
    at::AutoDispatchBelowADInplaceOrView below;
    return dropout(self, rate, seed);
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext *context, torch::autograd::variable_list gradients) {
    const auto format = static_cast<at::MemoryFormat>(context->saved_data["format"].toInt());
    return {
        dropout(
            gradients[0].contiguous(format), context->saved_data["rate"].toDouble(),
            context->saved_data["seed"].toInt()),
        at::Tensor(), at::Tensor()};
  }
};

at::Tensor dropout_autograd(const at::Tensor &self, double rate, int64_t seed) {
  return Dropout::apply(self, rate, seed);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) { library.def("dropout(Tensor self, float rate, int seed) -> Tensor"); }
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("dropout", dropout_cpu); }
TORCH_LIBRARY_IMPL(gan, AutogradCPU, library) { library.impl("dropout", dropout_autograd); }
