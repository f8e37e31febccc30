import Datasets
import Metrics
import Samples
import Torch

/// What a model draws, as judges see it: rounded to what files can hold, so that a run and the files it was sampled into get
/// the same values.
public struct ModelSamples: SampleStream {
  private let sampler: Sampler
  private let output: Blueprint.Output
  /// How many there are.
  public let count: Int

  /// The first `count` samples of `sampler`.
  public init(_ sampler: Sampler, count: Int) {
    self.sampler = sampler
    output = sampler.model.blueprint.output
    self.count = count
  }

  /// The shape of each.
  public var shape: SampleShape { output.shape }

  /// Calls `body` with all samples in order, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    try sampler.forEachBatch(count) { batch in
      guard let rows = batch[output.column] else { return }
      let values = rows.detached()
      try body(output.kind == .plane ? values : ((values + 1) * 127.5).rounded().clamped(0, 255) * (2.0 / 255) - 1)
    }
  }
}
