import Datasets
import Metrics
import Samples
import Torch

/// Groups of similar pictures that are found in data without labels, for both players to be conditional on: G need not discover
/// then what kinds of pictures there are. They are clusters of the features that a ``PictureEncoder`` learns from the same data,
/// as in the unsupervised method of Lucic et al. 2019 (arXiv:1903.02271); Liu et al. 2020 (arXiv:2006.10728) cluster D's.
///
/// The group of each picture is a derived column of the data.
public enum FoundGroups {
  /// The name of the column.
  public static let column = "groups"

  /// The data with the group of each picture, 0 ..< `count`, as a derived column; the data themselves where they have it.
  ///
  /// - Parameters:
  ///   - count: how many groups.
  ///   - progress: called after each step of the encoder's training. The cache keeps the encoder.
  /// - Throws: ``TrainingError`` for data in which so many groups cannot be found; `MetricError` when the encoder's training
  ///   fails.
  public static func adding(
    _ count: Int, to data: Dataset, options: LoadOptions = LoadOptions(),
    progress: (ExtractorProgress) -> Void = { _ in }
  ) throws -> Dataset {
    try check(data, count: count)
    if data[column]?.format.cardinality == count { return data }
    // The same groups whatever the run's threads are, as far as processors round alike.
    let usual = Machine.threads
    Machine.threads = ClassifierTraining.threads
    defer { Machine.threads = usual }
    let encoder = try encoder(of: data, options: options, progress: progress)
    var parts: [Tensor] = []
    try DatasetSamples(data).forEachBatch { parts.append(try encoder($0).values) }
    let features = try withTorchErrors { directions(.concatenated(parts)) }
    let groups = try KMeans(features, count: count, seed: seed).clusters.array(of: Int.self)
    return try data.deriving(.labels(groups.map(Int32.init), count: count, name: column))
  }

  /// The encoder of the data by which games learn; the cache keeps it. It is another one than that which judges: features that a
  /// game learns from say little about what it has learnt.
  static func encoder(
    of data: Dataset, options: LoadOptions = LoadOptions(), progress: (ExtractorProgress) -> Void = { _ in }
  ) throws -> PictureEncoder {
    try ExtractorCache(options).encoder(EncoderTraining(data, seed: seed), progress: progress)
  }

  /// Pictures of the first groups, each beside as many that `model` generates, two groups in a row.
  static func preview(of data: Dataset, beside model: any Model, seed: UInt64) throws -> Preview? {
    guard let groups = data[column]?.integers, let table = model.blueprint.classTable else { return nil }
    let (most, each, inARow) = (24, 4, 2)
    var cells: [Tensor] = []
    for group in table.occupied.prefix(most) {
      let members = Array(groups.indices.lazy.filter { groups[$0] == group }.prefix(each))
      guard !members.isEmpty else { continue }
      // A group of fewer pictures shows some of them again.
      cells.append(try data.samples(at: (0..<each).map { members[$0 % members.count] }))
      try Sampler(model, seed: seed, classes: .only(group), of: data).forEachBatch(each) { batch in
        if let made = batch[model.blueprint.output.name] { cells.append(made.to(.cpu)) }
      }
    }
    return try data.images.format.domain.preview(.concatenated(cells), over: nil, columns: 2 * each * inARow)
  }

  /// - Throws: ``TrainingError`` for data in which so many groups cannot be found.
  static func check(_ data: Dataset, count: Int) throws(TrainingError) {
    guard data.kind == .pictures, min(data.shape.height, data.shape.width) >= 8 else {
      throw TrainingError(
        "groups are found in pictures of 8x8 or more, and these samples are \(data.shape): set groups=0")
    }
    guard count >= 2 else {
      throw TrainingError("groups=\(count): one group tells nothing; set 2 or more, or 0 for none")
    }
    guard count <= data.count else {
      throw TrainingError("groups=\(count) needs at least \(count) pictures, and \(data.name) has \(data.count)")
    }
  }

  /// Features as directions from their mean: what a picture shows, not how strongly.
  private static func directions(_ features: Tensor) -> Tensor {
    withoutGradient {
      let centred = features - features.mean(axes: [0], keepingAxes: true)
      return centred / (centred.norm(axes: [1], keepingAxes: true) + 1e-12)
    }
  }

  /// Differs from the seed of encoders that judge.
  private static let seed: UInt64 = 2
}
