import Torch

/// Samples that come with what each should have been: a translation's with its target, a restoration's with the original.
public protocol PairedSampleStream: SampleStream {
  /// Calls `body` with all samples in order and their targets, both `[n, C, H, W]` in [-1, 1] (float32), a batch at a time.
  ///
  /// - Throws: what goes wrong while samples are made, and what `body` throws.
  func forEachPair(_ body: (_ samples: Tensor, _ targets: Tensor) throws -> Void) throws
}
