// The elements of several tensors as one row, shared among threads: one parallel region for a whole list, whose small
// members cost no region of their own and whose large ones are split like the rest.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "../parallel.h"

namespace ctorch {

/// Lists of elements, one after the other.
class ElementRow {
public:
  explicit ElementRow(const std::vector<int64_t> &lengths) : lengths(lengths), ends(lengths.size()) {
    std::inclusive_scan(lengths.begin(), lengths.end(), ends.begin());
  }

  /// Calls `body(list, begin, end)` in parallel for disjoint ranges that cover the elements of all lists. Throws only
  /// what `body` does.
  template <typename Body> void in_parallel(int64_t grain, const Body &body) const {
    parallel_ranges(ends.empty() ? 0 : ends.back(), grain, [&](int64_t begin, int64_t end) {
      size_t list = std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin();
      for (; begin < end; list++) {
        const int64_t first = ends[list] - lengths[list], stop = std::min(end, ends[list]);
        if (begin < stop) body(list, begin - first, stop - first);
        begin = stop;
      }
    });
  }

private:
  const std::vector<int64_t> &lengths;
  std::vector<int64_t> ends;
};

}  // namespace ctorch
