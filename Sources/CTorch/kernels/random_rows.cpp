// Random numbers by counting, a matrix at a time: gan::random_words_ and gan::normal_rows_. A number is a pure function
// of a seed, a stream, its row and its column, so that it depends neither on how many rows are asked for nor on the
// device. Four neighbours of a row come from the four words of one Philox counter.
#include <torch/csrc/autograd/autograd_not_implemented_fallback.h>
#include <torch/library.h>

#include <algorithm>

#include "../internal.h"
#include "../parallel.h"
#include "../vectorised.h"
#include "box_muller.h"
#include "philox.h"
#include "philox_composed.h"

namespace {

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

/// Calls `write(words, lanes, target, count)` for each group of up to 64 neighbours in a row: the words of its counters, as
/// ``ctorch::philox_words`` leaves them, how many counters there are, where the group's elements lie, and how many they are:
/// element i comes from word i % 4 of counter i / 4.
template <typename Element, typename Write>
void write_rows(at::Tensor &self, int64_t seed, int64_t stream, int64_t first, const Write &write) {
  const int64_t rows = self.size(0), columns = self.size(1);
  const auto key = static_cast<uint64_t>(seed);
  Element *data = self.mutable_data_ptr<Element>();
  const int64_t grain = std::max<int64_t>(1, 4096 / std::max<int64_t>(columns, 1));
  ctorch::parallel_ranges(rows, grain, [=](int64_t begin, int64_t end) {
    ctorch::vectorised([=]() CTORCH_INLINE {
      uint32_t words[ctorch::philox_group];
      for (int64_t row = begin; row < end; row++) {
        const auto index = static_cast<uint64_t>(first + row);
        for (int64_t column = 0; column < columns; column += ctorch::philox_group) {
          std::array<uint32_t, 4> counter{
              static_cast<uint32_t>(column / 4), static_cast<uint32_t>(stream), static_cast<uint32_t>(index),
              static_cast<uint32_t>(index >> 32)};
          const int64_t count = std::min(ctorch::philox_group, columns - column);
          int64_t lanes = (count + 3) / 4;
          if (lanes > 4) {
            // All of them cost no more than a few one by one.
            ctorch::philox_words(key, counter, words);
            lanes = ctorch::philox_lanes;
          } else {
            for (int64_t lane = 0; lane < lanes; lane++, counter[0]++) {
              const auto own = ctorch::philox(key, counter);
              for (int64_t i = 0; i < 4; i++) words[i * ctorch::philox_lanes + lane] = own[i];
            }
          }
          write(words, lanes, data + row * columns + column, count);
        }
      }
    });
  });
}

/// The place of element i of a group among its words.
CTORCH_INLINE inline int64_t place(int64_t i) { return i % 4 * ctorch::philox_lanes + i / 4; }

/// Whole numbers in 0 ..< 2^32.
at::Tensor &random_words_cpu(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_words(self);
  write_rows<int64_t>(
      self, seed, stream, first, [](const uint32_t *words, int64_t, int64_t *target, int64_t count) CTORCH_INLINE {
        for (int64_t i = 0; i < count; i++) target[i] = words[place(i)];
      });
  return self;
}

/// Standard normal numbers, in pairs of neighbours.
at::Tensor &normal_rows_cpu(at::Tensor &self, int64_t seed, int64_t stream, int64_t first) {
  check_normal(self);
  write_rows<float>(
      self, seed, stream, first, [](const uint32_t *words, int64_t lanes, float *target, int64_t count) CTORCH_INLINE {
        constexpr int64_t most = ctorch::philox_lanes;
        float numbers[ctorch::philox_group];
        if (lanes < most) {
          // Too few for vectors, and the second half of a counter's words may not be needed.
          for (int64_t i = 0; i < count; i += 2) {
            ctorch::normal_pair(words[place(i)], words[place(i + 1)], numbers[place(i)], numbers[place(i + 1)]);
          }
        } else {
          for (int64_t pair = 0; pair < ctorch::philox_group; pair += 2 * most) {
            uint32_t doubtful[most];
            const uint32_t *radii = words + pair, *angles = radii + most;
            float *cosines = numbers + pair, *sines = cosines + most;
            ctorch::normal_pairs(radii, angles, most, cosines, sines, doubtful);
            for (int64_t lane = 0; lane < most; lane++) {
              if (doubtful[lane]) ctorch::normal_pair(radii[lane], angles[lane], cosines[lane], sines[lane]);
            }
          }
        }
        for (int64_t i = 0; i < count; i++) target[i] = numbers[place(i)];
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
  const auto pairs = words_composed(self, seed, stream, first).to(at::kDouble).add_(0.5).mul_(ctorch::word_unit).unflatten(-1, {2, 2});
  const auto radius = pairs.select(-1, 0).log().mul_(-2.0).sqrt_(), angle = pairs.select(-1, 1) * ctorch::two_pi;
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
