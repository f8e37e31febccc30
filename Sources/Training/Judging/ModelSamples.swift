import Datasets
import Samples
import Torch

/// What a model draws, as judges see it: rounded to what files can hold, so that a run and the files it was sampled into get
/// the same values.
public struct ModelSamples: SampleStream {
  private let sampler: Sampler
  /// How many there are.
  public let count: Int
  /// The shape of each.
  public let shape: SampleShape

  /// The first `count` samples of `sampler`.
  ///
  /// - Throws: ``TrainingError`` where its model gives nothing that judges can look at.
  public init(_ sampler: Sampler, count: Int) throws(TrainingError) {
    let output = sampler.model.blueprint.output
    guard let shape = output.format.sampleShape else {
      throw TrainingError(
        "the model gives a column '\(output.name)' of shape \(output.format.shape), which no judge of this version looks at"
      )
    }
    (self.sampler, self.count, self.shape) = (sampler, count, shape)
  }

  /// Calls `body` with all samples in order, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    let output = sampler.model.blueprint.output
    let domain = output.format.domain
    try sampler.forEachBatch(count) { batch in
      if let rows = batch[output.name] { try body(domain.rounded(rows)) }
    }
  }
}
