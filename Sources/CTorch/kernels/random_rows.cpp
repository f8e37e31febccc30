// Random numbers by counting, a matrix at a time: gan::random_words_ and gan::normal_rows_. A number is a pure function
// of a seed, a stream, its row and its column, so that it depends neither on how many rows are asked for nor on the
// device. Four neighbours of a row come from the four words of one Philox counter.
#include <torch/csrc/autograd/autograd_not_implemented_fallback.h>
#include <torch/library.h>

#include <cmath>

#include "../internal.h"
#include "../parallel.h"
#include "philox.h"
#include "philox_composed.h"

namespace {

constexpr double two_pi = 6.283185307179586476925286766559, unit = 1.0 / 4294967296.0;

void check_words(const at::Tensor &self) {
  TORCH_CHECK(
      self.dim() == 2 && self.scalar_type() == at::kLong && self.is_contiguous(),
      "gan::random_words_ fills a contiguous int64 matrix, and was given ", self.scalar_type(), " ", self.sizes());
}

void check_normal(const at::Tensor &self) {
  TORCH_CHECK(
      self.dim() == 2 && self.scalar_type() == at::kFloat && self.is_contiguous(),
      "gan::normal_rows_ fills a contiguous float32 matrix, and was given ", self.scalar_type(), " ", self.sizes());
}

/// Calls `write(words, target, count)` for each group of up to four neighbours in a row: the words of its counter, where
/// its elements lie, and how many they are.
template <typename Element, typename Write>
void write_rows(at::Tensor &self, int64_t seed, int64_t stream, int64_t first, const Write &write) {
  const int64_t rows = self.size(0), columns = self.size(1);
  Element *data = self.mutable_data_ptr<Element>();
  ctorch::parallel_ranges(rows, std::max<int64_t>(1, 4096 / std::max<int64_t>(columns, 1)), [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const auto index = static_cast<uint64_t>(first + row);
      const auto words = [=](int64_t column) {
        return ctorch::philox(
            static_cast<uint64_t>(seed),
            {static_cast<uint32_t>(column / 4), static_cast<uint32_t>(stream), static_cast<uint32_t>(index),
             static_cast<uint32_t>(index >> 32)});
      };
      int64_t column = 0;
      for (; column + 4 <= columns; column += 4) write(words(column), data + row * columns + column, 4);
      if (column < columns) write(words(column), data + row * columns + column, columns - column);
    }
  });
}

/// Whole numbers in 0 ..< 2^32.
at::Tensor &random_words_cpu(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_words(self);
  write_rows<int64_t>(
      self, seed, stream, first, [](const std::array<uint32_t, 4> &words, int64_t *target, int64_t count) {
        for (int64_t i = 0; i < count; i++) target[i] = words[i];
      });
  return self;
}

/// Standard normal numbers: pairs by Box and Muller 1958, in double precision.
at::Tensor &normal_rows_cpu(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_normal(self);
  write_rows<float>(
      self, seed, stream, first, [](const std::array<uint32_t, 4> &words, float *target, int64_t count) {
        for (int64_t i = 0; i < count; i += 2) {
          // (word + 1/2) / 2^32 lies strictly between 0 and 1.
          const double radius = std::sqrt(-2.0 * std::log((words[i] + 0.5) * unit));
          const double angle = two_pi * ((words[i + 1] + 0.5) * unit);
          target[i] = static_cast<float>(radius * std::cos(angle));
          if (i + 1 < count) target[i + 1] = static_cast<float>(radius * std::sin(angle));
        }
      });
  return self;
}

/// The words of all counters that the elements of `self` come from, int64 `[rows, groups, 4]`.
at::Tensor words_composed(const at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  const auto whole = at::TensorOptions(self.device()).dtype(at::kLong);
  const auto row = at::arange(first, first + self.size(0), whole).unsqueeze(1);
  const auto group = at::arange((self.size(1) + 3) / 4, whole).unsqueeze(0);
  const auto words = ctorch::philox_composed(
      static_cast<uint64_t>(seed),
      {group, at::full({}, stream, whole), ctorch::low_words(row), ctorch::high_words(row)});
  return at::stack(at::TensorList(words.data(), words.size()), -1);
}

at::Tensor &random_words_composed(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_words(self);
  return self.copy_(words_composed(self, seed, stream, first).flatten(1).narrow(1, 0, self.size(1)));
}

at::Tensor &normal_rows_composed(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_normal(self);
  const auto pairs = words_composed(self, seed, stream, first).to(at::kDouble).add_(0.5).mul_(unit).unflatten(-1, {2, 2});
  const auto radius = pairs.select(-1, 0).log().mul_(-2.0).sqrt_(), angle = pairs.select(-1, 1) * two_pi;
  const auto numbers = at::stack({radius * angle.cos(), radius * angle.sin()}, -1);
  return self.copy_(numbers.flatten(1).narrow(1, 0, self.size(1)));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("random_words_(Tensor(a!) self, int seed, int stream, int first) -> Tensor(a!)");
  library.def("normal_rows_(Tensor(a!) self, int seed, int stream, int first) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("random_words_", random_words_cpu);
  library.impl("normal_rows_", normal_rows_cpu);
}
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) {
  library.impl("random_words_", random_words_composed);
  library.impl("normal_rows_", normal_rows_composed);
}
// Without this, numbers drawn into a tensor that is being differentiated would silently get its old gradient.
TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("random_words_", torch::autograd::autogradNotImplementedFallback());
  library.impl("normal_rows_", torch::autograd::autogradNotImplementedFallback());
}
