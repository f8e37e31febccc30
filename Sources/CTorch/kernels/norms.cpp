// gan::norms: the Euclidean norm of each of some tensors, in one pass on all threads. libtorch's own takes a call a tensor. As
// there, elements of float32 are squared in float32: above 1.8e19 the norm is infinite.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/library.h>

#include <cmath>

#include "../internal.h"
#include "../memory_order.h"
#include "../parallel.h"
#include "../vectorised.h"
#include "operation.h"

namespace {

/// So many elements are squared and summed up in so many sums side by side, whichever thread does it, so that the result does
/// not depend on the number of threads.
constexpr int64_t block = 16384, lanes = 64;

template <typename Element> double sum_of_squares(const Element *elements, int64_t count) {
  using Real = at::opmath_type<Element>;
  Real sums[lanes] = {};
  ctorch::vectorised([&]() CTORCH_INLINE {
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      CTORCH_INDEPENDENT for (int64_t lane = 0; lane < lanes; lane++) {
        const Real x = ctorch::widened(elements[i + lane]);
        sums[lane] += x * x;
      }
    }
    for (int64_t lane = 0; i + lane < count; lane++) {
      const Real x = ctorch::widened(elements[i + lane]);
      sums[lane] += x * x;
    }
  });
  double total = 0;
  for (const Real sum : sums) total += sum;
  return total;
}

/// A stretch of a tensor, and the sum of its squares.
struct Block {
  size_t tensor;
  int64_t begin, count;
  double sum = 0;
};

at::Tensor norms_cpu(at::TensorList tensors) {
  TORCH_CHECK(!tensors.empty(), "gan::norms takes a tensor or more, and was given none");
  std::vector<at::Tensor> dense;
  std::vector<Block> blocks;
  auto type = tensors[0].scalar_type();
  for (const auto &tensor : tensors) {
    type = at::promoteTypes(type, tensor.scalar_type());
    for (int64_t begin = 0; begin < tensor.numel(); begin += block) {
      blocks.push_back({dense.size(), begin, std::min(block, tensor.numel() - begin)});
    }
    dense.push_back(ctorch::without_gaps(tensor));
  }
  ctorch::parallel_ranges(blocks.size(), 2, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      auto &[tensor, first, count, sum] = blocks[i];
      AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, dense[tensor].scalar_type(), "gan::norms", [&] {
        sum = sum_of_squares(static_cast<const scalar_t *>(dense[tensor].const_data_ptr()) + first, count);
      });
    }
  });
  auto norms = at::zeros({static_cast<int64_t>(tensors.size())}, at::kDouble);
  auto *sums = static_cast<double *>(norms.mutable_data_ptr());
  for (const auto &block : blocks) sums[block.tensor] += block.sum;
  return norms.sqrt_().to(type);
}

/// The same of libtorch's own operators, where it is to be differentiated or the device has no kernel of ours.
at::Tensor norms_composed(at::TensorList tensors) { return at::stack(at::_foreach_norm(tensors)); }

at::Tensor norms_autograd(at::TensorList tensors) {
  if (torch::autograd::compute_requires_grad(tensors)) return norms_composed(tensors);
  static const auto op = ctorch::operation<at::Tensor(at::TensorList)>("gan::norms");
  at::AutoDispatchBelowADInplaceOrView below;
  return op.call(tensors);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) { library.def("norms(Tensor[] tensors) -> Tensor"); }
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("norms", norms_cpu); }
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) { library.impl("norms", norms_composed); }
TORCH_LIBRARY_IMPL(gan, Autograd, library) { library.impl("norms", norms_autograd); }
