import Datasets
import Metrics
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

/// What a model makes of the first rows of data, as judges see it, beside these rows; beside what it should have made of them,
/// where the data have a column of its output's name; and beside what the way back makes of it, where there is one.
public struct ModelTranslations: DerivedSampleStream {
  /// Rows that are computed at once: what takes rows of data may take large ones.
  private static let batch = 16

  private let samples: ModelSamples
  private let inverse: (any Model)?
  private let sources: StoredColumn?
  private let targets: StoredColumn?
  private let data: Dataset

  /// How many samples there are.
  public var count: Int { samples.count }
  /// The shape of each sample.
  public var shape: SampleShape { samples.shape }

  /// The first `count` rows of `data`, or all.
  ///
  /// - Throws: ``TrainingError`` where the model gives nothing that judges can look at.
  public init(_ model: any Model, count: Int, of data: Dataset, seed: UInt64) throws(TrainingError) {
    let blueprint = model.blueprint
    (inverse, self.data) = (model.inverse, data)
    sources = blueprint.dataColumn.flatMap { data[$0.name] }
    targets = blueprint.makesPairs(of: data) ? data[blueprint.output.name] : nil
    samples = try ModelSamples(
      Sampler(model, seed: seed, batch: Self.batch, of: data), count: min(count, data.count))
  }

  /// Calls `body` with what the model makes and what is known of it, a batch in host memory at a time.
  public func forEachDerived(_ body: (DerivedSamples) throws -> Void) throws {
    try data.checkUnchanged()
    var first = 0
    try samples.forEachBatch { made in
      let rows = first..<(first + made.size(0))
      first = rows.upperBound
      func known(_ column: StoredColumn?) throws -> Tensor? {
        try column.map { column in try withTorchErrors { column.format.domain.tensor(column.rows(at: rows)) } }
      }
      try body(
        DerivedSamples(
          made, of: try known(sources), targets: try known(targets), reconstructions: try reconstructions(made)))
    }
  }

  private func reconstructions(_ made: Tensor) throws -> Tensor? {
    guard let inverse, let column = inverse.blueprint.dataColumn else { return nil }
    let output = inverse.blueprint.output
    return try withTorchErrors {
      var input = Batch(count: made.size(0))
      input[column.name] = made.to(inverse.device)
      return inverse(input)[output.name].map { output.format.domain.rounded($0).to(.cpu) }
    }
  }
}

extension Blueprint {
  /// Whether the model makes of rows of `data` what these hold too, so that each row has its own right answer.
  public func makesPairs(of data: Dataset) -> Bool { takesData && data[output.name]?.format == output.format }

  /// The first column of data that the model takes; nil for one that takes none.
  var dataColumn: ColumnDescription? {
    for case .data(let column) in inputs { return column }
    return nil
  }

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
    return try ModelTranslations(self, count: count, of: heldOut ?? data, seed: seed)
  }

  /// What is known of the samples that ``judgedSamples(_:seed:of:heldOut:)`` gives.
  public func knownOfSamples(of data: Dataset) -> KnownOfSamples {
    guard blueprint.takesData else { return [] }
    var known: KnownOfSamples = .sources
    if blueprint.makesPairs(of: data) { known.insert(.targets) }
    if inverse != nil { known.insert(.reconstructions) }
    return known
  }
}
