// A pretended GPU, for tests on machines that have none: libtorch's private device, by the name "pretended".
//
// Its memory cannot be read by the host (a read ends the process), its operators refuse the host's tensors, and what the
// host gets to know is counted. Linking the target registers the device. Every operator is the host's own, on copies of
// its arguments: numbers are the host's to the bit unless a composition computes them in another way.
#ifndef PRETENDED_GPU_H
#define PRETENDED_GPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  /// Elements that came to the host: by copies, as scalars, and one for each operator whose result's shape depends on
  /// values, since a GPU's host waits for them.
  int64_t values_read;
  /// Copies from the host.
  int64_t uploads;
  /// Operators that were computed.
  int64_t kernels;
} PretendedGPUCounts;

/// What has happened on all threads since the last reset.
PretendedGPUCounts pretended_gpu_counts(void);
void pretended_gpu_reset_counts(void);
/// What the host read last, in words; empty after a reset. Valid until the thread's next call.
const char *pretended_gpu_last_read(void);
/// Names of the operators of ours, with commas between them, that no device but the host can compute.
const char *pretended_gpu_kernels_of_the_host_alone(void);

#ifdef __cplusplus
}
#endif
#endif
