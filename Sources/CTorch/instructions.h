// Which vector instructions the own kernels use.
#pragma once

#include "CTorch.h"

namespace ctorch {

/// What the processor has and the environment's variable GAN_CPU allows. A kernel that needs more than every processor
/// has asks here, and nowhere else.
CTorchInstructions instructions();

}  // namespace ctorch
