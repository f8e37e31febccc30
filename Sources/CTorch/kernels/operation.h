// Own operators as other kernels and autograd call them.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

namespace ctorch {

/// The operator `name`, with the arguments and the result of `Signature`.
template <typename Signature> auto operation(const char *name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").template typed<Signature>();
}

}  // namespace ctorch
