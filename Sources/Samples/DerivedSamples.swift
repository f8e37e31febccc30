import Torch

/// Samples that were made of something: a translation's of its source, a restoration's of what was damaged.
public protocol DerivedSampleStream: SampleStream {
  /// Calls `body` with all samples in order and what is known of them, a batch at a time.
  ///
  /// - Throws: what goes wrong while samples are made, and what `body` throws.
  func forEachDerived(_ body: (DerivedSamples) throws -> Void) throws
}

extension DerivedSampleStream {
  /// Calls `body` with all samples in order, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws { try forEachDerived { try body($0.samples) } }
}

/// A batch of samples and what is known of each; tensors are `[n, C, H, W]` in [-1, 1], float32.
public struct DerivedSamples {
  /// The samples.
  public var samples: Tensor
  /// What each was made of; nil where that is not known.
  public var sources: Tensor?
  /// What each should have been, of the samples' shape; nil where that is not known.
  public var targets: Tensor?
  /// What the way back makes of each sample, of the sources' shape: the source again, if all went well; nil where there is no
  /// way back.
  public var reconstructions: Tensor?

  /// Samples, and what is known of them.
  public init(_ samples: Tensor, of sources: Tensor? = nil, targets: Tensor? = nil, reconstructions: Tensor? = nil) {
    (self.samples, self.sources) = (samples, sources)
    (self.targets, self.reconstructions) = (targets, reconstructions)
  }
}
