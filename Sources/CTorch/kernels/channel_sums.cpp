// The sums of maps over all axes but the channels: the gradient of a bias.
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>

#include <algorithm>

#include "channel_rows.h"
#include "convolution/calls.h"

at::Tensor ctorch::channel_sums(const at::Tensor &given) {
  const auto maps = by_channel_rows(given);
  const ChannelRows rows(maps);
  const auto options = maps.options().dtype(at::toOpMathType(maps.scalar_type()));
  auto result = at::empty({rows.channels}, options);
  auto blocks = at::empty({parts(rows.count, part_rows), 2, rows.channels}, options);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, maps.scalar_type(), "gan::channel_sums", [&] {
    using Real = at::opmath_type<scalar_t>;
    const auto *x = static_cast<const scalar_t *>(maps.const_data_ptr());
    auto *sums = static_cast<Real *>(blocks.mutable_data_ptr());
    sum_blocks<Real>(
        rows, sums, [=](int64_t, int64_t i, int64_t, Real &sum, Real &) CTORCH_INLINE { sum += widened(x[i]); });
    const auto totals = total_of_blocks(rows, sums, 0);
    std::copy(totals.begin(), totals.end(), static_cast<Real *>(result.mutable_data_ptr()));
  });
  return result;
}
