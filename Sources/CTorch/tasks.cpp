// Larger pieces of a step that share nothing, each on a thread: small operators leave little for the threads of a pool to share.
#include <ATen/ThreadLocalState.h>

#include <utility>

#include "internal.h"
#include "kernels/convolution/products.h"
#include "parallel.h"

CTorchStatus ctorch_run_tasks(int64_t count, void (*body)(void *context, int64_t task), void *context) {
  return ctorch::guarded([&] {
    if (ctorch::pool_threads() != count || ctorch::is_profiled()) {
      for (int64_t task = 0; task < count; task++) body(context, task);
      return;
    }
    const at::ThreadLocalState state;
    const auto products = ctorch::best_products;
    ctorch::parallel_tasks(count, [&](int64_t, const auto &next) {
      const at::ThreadLocalStateGuard scope(state);
      const auto former = std::exchange(ctorch::best_products, products);
      for (int64_t task = next(); task >= 0; task = next()) body(context, task);
      ctorch::best_products = former;
    });
  });
}
