// gan::normal_rows_: standard normal numbers, row by row, where a row depends on its index alone and not on how many
// rows are asked for. Pairs by Box and Muller 1958 from Philox words, in double precision.
#include <torch/csrc/autograd/autograd_not_implemented_fallback.h>
#include <torch/library.h>

#include <cmath>

#include "../internal.h"
#include "../parallel.h"
#include "philox.h"

namespace {

at::Tensor &normal_rows_(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  TORCH_CHECK(
      self.dim() == 2 && self.scalar_type() == at::kFloat && self.is_contiguous() && self.device().is_cpu(),
      "gan::normal_rows_ fills a contiguous float32 matrix in host memory, and was given ", self.scalar_type(), " ",
      self.sizes(), " on ", self.device());
  constexpr double two_pi = 6.283185307179586476925286766559, unit = 1.0 / 4294967296.0;
  const int64_t rows = self.size(0), columns = self.size(1);
  float *data = self.mutable_data_ptr<float>();
  ctorch::parallel_ranges(rows, std::max<int64_t>(1, 4096 / std::max<int64_t>(columns, 1)), [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const auto index = static_cast<uint64_t>(first + row);
      for (int64_t column = 0; column < columns; column += 4) {
        const auto words = ctorch::philox(
            static_cast<uint64_t>(seed),
            {static_cast<uint32_t>(column / 4), static_cast<uint32_t>(stream), static_cast<uint32_t>(index),
             static_cast<uint32_t>(index >> 32)});
        for (int64_t pair = 0; pair < 2; pair++) {
          // (word + 1/2) / 2^32 lies strictly between 0 and 1.
          const double radius = std::sqrt(-2.0 * std::log((words[2 * pair] + 0.5) * unit));
          const double angle = two_pi * ((words[2 * pair + 1] + 0.5) * unit);
          const int64_t at = column + 2 * pair;
          if (at < columns) data[row * columns + at] = static_cast<float>(radius * std::cos(angle));
          if (at + 1 < columns) data[row * columns + at + 1] = static_cast<float>(radius * std::sin(angle));
        }
      }
    }
  });
  return self;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("normal_rows_(Tensor(a!) self, int seed, int stream, int first) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("normal_rows_", normal_rows_); }
// Without this, numbers drawn into a tensor that is being differentiated would silently get its old gradient.
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("normal_rows_", torch::autograd::autogradNotImplementedFallback());
}
