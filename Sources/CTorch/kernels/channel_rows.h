// Maps as rows of channels: how normalisation over all axes but the channels goes through memory, in parallel.
#pragma once

#include <type_traits>
#include <vector>

#include "../memory_order.h"
#include "../parallel.h"
#include "../vectorised.h"

namespace ctorch {

/// `[N, C, ...]` as it lies in memory when a position's channels are neighbours: `count` rows of `channels`, whatever
/// the order of the other axes.
struct ChannelRows {
  int64_t count, channels;

  explicit ChannelRows(const at::Tensor &tensor)
      : count(tensor.numel() / std::max<int64_t>(tensor.size(1), 1)), channels(tensor.size(1)) {}
};

/// `tensor` `[N, C, ...]` with the channels of each position side by side: itself when they are.
inline at::Tensor by_channel_rows(const at::Tensor &tensor) {
  const bool are_neighbours = tensor.stride(1) == 1 || tensor.size(1) == 1;
  if (are_neighbours && tensor.is_non_overlapping_and_dense()) return tensor;
  return tensor.movedim(1, -1).contiguous().movedim(-1, 1);
}

/// Rows and channels of a part: its rows' sums are taken at once, and what there is of each channel stays in cache.
constexpr int64_t part_rows = 128, part_channels = 4096;

inline int64_t parts(int64_t count, int64_t size) { return (count + size - 1) / size; }

/// Calls `body(block, first, last, channel, width)`, marked CTORCH_INLINE, in parallel for parts that cover all:
/// the rows first ..< last, which are the block of that number, and `width` channels from `channel` on. The partition
/// is the same for any number of threads.
template <typename Body> void for_parts(const ChannelRows rows, const Body &body) {
  const int64_t strips = parts(rows.channels, part_channels), blocks = parts(rows.count, part_rows);
  const int64_t elements = std::min(rows.count, part_rows) * std::min(rows.channels, part_channels);
  parallel_ranges(blocks * strips, parts(32768, std::max<int64_t>(elements, 1)), [=](int64_t begin, int64_t end) {
    vectorised([=]() CTORCH_INLINE {
      for (int64_t part = begin; part < end; part++) {
        const int64_t block = part / strips, first = block * part_rows, channel = part % strips * part_channels;
        body(
            block, first, std::min(first + part_rows, rows.count), channel,
            std::min(part_channels, rows.channels - channel));
      }
    });
  });
}

/// Calls `body(element, channel)`, marked CTORCH_INLINE, for the number of each element and of its channel.
template <typename Body> void for_elements(const ChannelRows rows, const Body &body) {
  for_parts(rows, [=](int64_t, int64_t first, int64_t last, int64_t channel, int64_t width) CTORCH_INLINE {
    for (int64_t row = first; row < last; row++) {
      const int64_t start = row * rows.channels;
      CTORCH_INDEPENDENT for (int64_t c = channel; c < channel + width; c++) body(start + c, c);
    }
  });
}

/// The sums over each block of rows of two terms, `[blocks, 2, C]`.
///
/// `add(origin, element, channel, a, b)`, marked CTORCH_INLINE, adds the terms of an element to `a` and `b`; `origin`
/// is the number of the same channel's element in the block's first row.
template <typename Real, typename Add> void sum_blocks(const ChannelRows rows, Real *sums, const Add &add) {
  for_parts(rows, [=](int64_t block, int64_t first, int64_t last, int64_t channel, int64_t width) CTORCH_INLINE {
    const int64_t channels = rows.channels;
    Real *as = sums + block * 2 * channels, *bs = as + channels;
    std::fill_n(as + channel, width, Real(0));
    std::fill_n(bs + channel, width, Real(0));
    // Rows are taken together, so that sums are fetched and put back less often.
    const auto add_rows = [=](int64_t row, auto together) CTORCH_INLINE {
      CTORCH_INDEPENDENT for (int64_t c = channel; c < channel + width; c++) {
        Real a = as[c], b = bs[c];
#pragma unroll
        for (int64_t i = 0; i < together; i++) add(first * channels + c, (row + i) * channels + c, c, a, b);
        as[c] = a;
        bs[c] = b;
      }
    };
    constexpr int64_t together = 4;
    int64_t row = first;
    for (; row + together <= last; row += together) add_rows(row, std::integral_constant<int64_t, together>());
    for (; row < last; row++) add_rows(row, std::integral_constant<int64_t, 1>());
  });
}

/// What ``sum_blocks`` found of its first or second term (0 or 1), over all blocks.
template <typename Real> std::vector<double> total_of_blocks(const ChannelRows rows, const Real *sums, int64_t term) {
  std::vector<double> totals(rows.channels);
  for (int64_t block = 0; block < parts(rows.count, part_rows); block++) {
    const Real *found = sums + (2 * block + term) * rows.channels;
    vectorised([=, totals = totals.data()]() CTORCH_INLINE {
      CTORCH_INDEPENDENT for (int64_t c = 0; c < rows.channels; c++) totals[c] += found[c];
    });
  }
  return totals;
}

}  // namespace ctorch
