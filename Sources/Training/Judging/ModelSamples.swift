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
        "the model gives a column '\(output.name)' of shape \(output.format.shape), which this version cannot evaluate"
      )
    }
    (self.sampler, self.count, self.shape) = (sampler, count, shape)
  }

  /// Calls `body` with all samples in order, a batch in host memory at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    let output = sampler.model.blueprint.output
    let domain = output.format.domain
    try sampler.forEachBatch(count) { batch in
      if let rows = batch[output.name] { try body(domain.rounded(rows).to(.cpu)) }
    }
  }
}

/// What a model makes of the first rows of data, as judges see it, beside what it should have made of them: the rows of the
/// column that the data have under its output's name.
public struct ModelPairs: PairedSampleStream {
  /// Rows that are computed at once: what takes rows of data may take large ones.
  fileprivate static let batch = 16

  private let samples: ModelSamples
  private let model: any Model
  private let data: Dataset
  private let target: StoredColumn

  /// How many pairs there are.
  public var count: Int { samples.count }
  /// The shape of each sample.
  public var shape: SampleShape { samples.shape }

  /// The first `count` rows of `data`, or all.
  ///
  /// - Throws: ``TrainingError`` where the data have no column of the model's output.
  public init(_ model: any Model, count: Int, of data: Dataset, seed: UInt64) throws(TrainingError) {
    let output = model.blueprint.output
    guard let target = data[output.name], target.format == output.format else {
      throw TrainingError("\(data.name) has no column '\(output.name)' of what the model makes")
    }
    (self.model, self.data, self.target) = (model, data, target)
    samples = try ModelSamples(
      Sampler(model, seed: seed, batch: Self.batch, of: data), count: min(count, data.count))
  }

  /// Calls `body` with what the model makes, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws { try samples.forEachBatch(body) }

  /// Calls `body` with what the model makes and what it should have made, a batch at a time.
  public func forEachPair(_ body: (_ samples: Tensor, _ targets: Tensor) throws -> Void) throws {
    try data.checkUnchanged()
    var first = 0
    try samples.forEachBatch { made in
      let rows = target.rows(at: first..<(first + made.size(0)))
      first += made.size(0)
      try body(made, try withTorchErrors { target.format.domain.tensor(rows) })
    }
  }
}

extension Blueprint {
  /// Whether the model makes of rows of `data` what these hold too, so that each row has its own right answer.
  public func makesPairs(of data: Dataset) -> Bool { takesData && data[output.name]?.format == output.format }

  /// What the model's output is held against: the samples of its name, where `data` have some beside their own.
  public func reference(in data: Dataset) throws -> Dataset {
    output.name == Batch.samples || !data.hasSamples(output.name) ? data : try data.ofSamples(output.name)
  }
}

extension Model {
  /// What judges look at: `count` samples by `seed`; of a model that takes rows of data, what it makes of held-out rows
  /// where there are any, each once.
  ///
  /// - Throws: ``TrainingError`` where the model gives nothing that judges can look at.
  public func judgedSamples(_ count: Int, seed: UInt64, of data: Dataset, heldOut: Dataset?) throws(TrainingError)
    -> any SampleStream
  {
    guard blueprint.takesData else { return try ModelSamples(Sampler(self, seed: seed), count: count) }
    let rows = heldOut ?? data
    if blueprint.makesPairs(of: rows) { return try ModelPairs(self, count: count, of: rows, seed: seed) }
    return try ModelSamples(
      Sampler(self, seed: seed, batch: ModelPairs.batch, of: rows), count: min(count, rows.count))
  }
}
