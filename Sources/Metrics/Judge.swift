import Datasets
import Samples
import Torch

/// What a ``Judge`` found.
public struct Judgement {
  /// The metrics' scores in the order in which they were asked for; not a number where there is none, as of the spread
  /// of a mixture none of whose modes was hit.
  public let scores: [(metric: Metric, score: Score)]
  /// The first samples, `[n, C, H, W]`, to look at.
  public let examples: Tensor
  /// The class of each example as the extractor reads it, where it knows classes.
  public let exampleClasses: [Int]?
  /// How many samples were read as each class, or combination of classes; nil where the extractor knows none.
  public let histogram: ClassHistogram?
  /// Each example, of the first ``Judge/copiesSought``, with its nearest training sample; nil where memorisation was not
  /// asked for.
  public let pairs: [Memorisation.Pair]?
}

/// Computes metrics of samples in one pass through an extractor. The statistics of the data are there already; those of the
/// samples do not grow with their number, but for the features of the first ``Reference/keptFeatures`` and the pictures of
/// the first few.
public final class Judge {
  /// Copies of training samples are looked for among so many samples.
  public static let copiesSought = 1000

  private let reference: Reference
  private let extractor: any FeatureExtractor
  private let metrics: [Metric]
  private let training: Dataset
  private let seed: UInt64
  private let pixels: PixelFeatures
  private let trainingRows: KeptFeatures
  private let heldOutRows: KeptFeatures?
  private var manifold: Manifold?

  /// A judge of `metrics`, which must suit the data.
  ///
  /// - Parameters:
  ///   - training: the data of `reference`.
  ///   - heldOut: data of the same kind, for memorisation.
  ///   - seed: what subsets, projections and pairs are drawn by.
  public init(
    _ reference: Reference, _ extractor: any FeatureExtractor, _ metrics: [Metric], training: Dataset,
    heldOut: Dataset?, seed: UInt64
  ) {
    self.reference = reference
    self.extractor = extractor
    self.metrics = metrics
    self.training = training
    self.seed = seed
    let pixels = PixelFeatures(training.shape)
    self.pixels = pixels
    trainingRows = KeptFeatures(of: training, by: pixels)
    heldOutRows = heldOut.map { KeptFeatures(of: $0, by: pixels) }
  }

  /// What a metric looks through: the extractor, but for those that look at pixels.
  public func sight(of metric: Metric) -> Sight {
    switch metric {
    case .diversity:
      Sight(name: "pixels", fingerprint: fingerprint(of: "structural similarity of pixels"), resize: "none")
    case .memorisation: Sight(pixels)
    default: Sight(extractor)
    }
  }

  /// Judges samples, by those of the metrics that so many samples have.
  ///
  /// - Throws: ``MetricError`` when there are too few, or some are not finite or of a shape that the extractor does not
  ///   take.
  public func callAsFunction(_ samples: any SampleStream) throws -> Judgement {
    let metrics = metrics.filter { $0.fewest.samples <= samples.count }
    if let first = self.metrics.first, metrics.isEmpty, samples.count > 1 {
      throw MetricError(
        "\(first.rawValue) takes \(first.fewest.samples) samples or more, and thousands to judge well; there are "
          + "\(samples.count)")
    }
    let seen = try Observations(samples, extractor, scoresClasses: metrics.contains(.inceptionScore))
    var found: [Metric: Score] = [:]
    var pairs: [Memorisation.Pair]?
    if !Self.ofManifold.isDisjoint(with: metrics) { found = try manifoldScores(metrics, seen.features) }
    if let mixture = training.mixture, !Self.ofMixture.isDisjoint(with: metrics) {
      var modes = MixtureModes(mixture)
      try modes.add(seen.features)
      (found[.modes], found[.quality], found[.spread]) = (modes.modes(seed: seed), modes.quality(), modes.spread())
    }
    if metrics.contains(.memorisation), let heldOutRows, samples.shape == training.shape {
      let memorisation = try memorisation(seen.examples, heldOutRows)
      (found[.memorisation], pairs) = (try memorisation.score(), memorisation.pairs())
    }
    for metric in metrics where found[metric] == nil { found[metric] = try score(metric, seen) }
    return Judgement(
      scores: metrics.map { ($0, found[$0] ?? Score(.nan, deviation: .nan, realCount: 0, fakeCount: samples.count)) },
      examples: seen.examples, exampleClasses: seen.exampleClasses, histogram: seen.modes?.histogram, pairs: pairs)
  }

  private static let ofManifold: Set<Metric> = [.precision, .recall, .density, .coverage]
  private static let ofDensity: Set<Metric> = [.density, .coverage]
  private static let ofMixture: Set<Metric> = [.modes, .quality, .spread]

  private func manifoldScores(_ metrics: [Metric], _ features: Tensor) throws -> [Metric: Score] {
    // A few samples have precision and recall, and neither density nor coverage.
    let isDense = !Self.ofDensity.isDisjoint(with: metrics)
    let density = isDense ? Manifold.densityNeighbours : Manifold.precisionNeighbours
    let real = try manifold ?? Manifold(reference.features, neighbours: [Manifold.precisionNeighbours, density])
    manifold = real
    let found = try real.scores(of: features, densityNeighbours: density)
    return [.precision: found.precision, .recall: found.recall, .density: found.density, .coverage: found.coverage]
  }

  /// Looks for copies among the first few samples: as pixels, since a copy is one of pictures and not of what a classifier
  /// makes of them.
  private func memorisation(_ examples: Tensor, _ heldOut: KeptFeatures) throws -> Memorisation {
    let sought = examples[0..<min(examples.size(0), Self.copiesSought)]
    var memorisation = try Memorisation(samples: try pixels(sought).values)
    try trainingRows.forEachBatch { try memorisation.add(training: $0) }
    try heldOut.forEachBatch { try memorisation.add(heldOut: $0) }
    return memorisation
  }

  private func score(_ metric: Metric, _ seen: Observations) throws -> Score? {
    switch metric {
    case .fid: try FrechetDistance(real: reference.statistics, root: reference.root).score(seen.gaussian)
    case .kid: try KernelDistance(seed: seed)(real: reference.features, fake: seen.features)
    case .inceptionScore: try seen.inception?.score()
    case .slicedWasserstein: try SlicedWasserstein(seed: seed)(real: reference.features, fake: seen.features)
    case .classKL, .modeKL:
      try reference.histogram.flatMap { real in try seen.modes?.histogram.score(against: real, seed: seed) }
    case .modes: seen.modes?.modes(seed: seed)
    case .diversity: try Diversity(seed: seed)(seen.examples)
    case .precision, .recall, .density, .coverage, .quality, .spread, .memorisation: nil
    }
  }
}

/// Through what a metric looked at samples.
public struct Sight: Sendable, Equatable {
  /// As in "classifier (digits)".
  public let name: String
  /// What its features depend on.
  public let fingerprint: String
  /// How samples were brought to its size.
  public let resize: String

  init(name: String, fingerprint: String, resize: String) {
    (self.name, self.fingerprint, self.resize) = (name, fingerprint, resize)
  }

  init(_ extractor: any FeatureExtractor) {
    self.init(name: extractor.name, fingerprint: extractor.fingerprint, resize: extractor.resize)
  }
}
