import Datasets
import Torch

/// A measure of how good samples are: a name, what it needs, which values are better, and how a score comes about.
///
/// ```swift
/// extension Metric {
///   /// How far the samples' mean brightness is from that of their nearest neighbours.
///   static let brightness = Metric("brightness", better: .low, needs: [.pictures]) { seen in
///     let value = abs(seen.examples.mean().item)
///     return Score(value, deviation: .nan, realCount: 0, fakeCount: seen.examples.size(0))
///   }
/// }
/// let catalogue = MetricCatalogue.standard.adding(.brightness)
/// ```
///
/// A name stands for one metric: two metrics of the same name are equal, and a file holds the name.
public struct Metric: Sendable {
  /// The name on the command line, such as `fid`.
  public let name: String
  /// Which values are better.
  public let better: Better
  /// What there must be for it, all of this.
  public let needs: [Need]
  /// The fewest samples of the data, and generated ones, that it needs.
  public let fewest: (data: Int, samples: Int)
  /// The kinds of samples for which it is among the metrics of a training run: those that cost little and show how a run
  /// goes wrong.
  public let inTraining: Set<ColumnFormat.Kind>
  /// Where one of these is met, it says more than the metrics before it in a catalogue, so that it comes first.
  public let leads: [Need]
  /// The file with its weights, where it rests on some.
  public internal(set) var file: String?

  let begin: @Sendable (_ basis: Basis, _ samples: Int) throws -> Measurement
  private(set) var extractor: (@Sendable (SampleShape) -> ExtractorInfo)?
  package private(set) var chance: (@Sendable (Reference, _ samples: Int) -> Double?)?
  package private(set) var caveat: (@Sendable (Reference, _ samples: Int) -> String?)?
  /// How it comes about pair by pair, where it is a metric of pairs; what it is given are the colours of label maps, where
  /// the targets are such.
  var pairMeasure: (@Sendable (Palette?) throws -> PairMeasure)?
  /// The same metric with weights from a file, where it needs some.
  var withFile: (@Sendable (_ path: String) -> Metric)?

  /// Which values of a metric are better.
  public enum Better: Sendable, Equatable {
    /// Lower ones.
    case low
    /// Higher ones.
    case high
    /// Those nearer to this one, in ratio.
    case near(Double)
  }

  /// A metric that takes note of every batch of samples as it passes.
  ///
  /// - Parameters:
  ///   - measure: begins a measurement of so many samples against `basis`.
  public init(
    _ name: String, better: Better, needs: [Need] = [], fewest: (data: Int, samples: Int) = (2, 2),
    inTraining: Set<ColumnFormat.Kind> = [], leads: [Need] = [],
    measure: @escaping @Sendable (_ basis: Basis, _ samples: Int) throws -> Measurement
  ) {
    self.name = name
    self.better = better
    self.needs = needs
    self.fewest = fewest
    self.inTraining = inTraining
    self.leads = leads
    begin = measure
  }

  /// A metric of what the judge gathers in any case.
  ///
  /// - Parameter score: the score when all samples have passed; nil where they have none.
  public init(
    _ name: String, better: Better, needs: [Need] = [], fewest: (data: Int, samples: Int) = (2, 2),
    inTraining: Set<ColumnFormat.Kind> = [], leads: [Need] = [],
    score: @escaping @Sendable (Observations) throws -> Score?
  ) {
    self.init(name, better: better, needs: needs, fewest: fewest, inTraining: inTraining, leads: leads) { _, _ in
      Measurement(score: score)
    }
  }

  /// The same metric, whose values do not rest on the features of the judge's extractor but on what `extractor` says of
  /// samples of a shape.
  public func seen(through extractor: @escaping @Sendable (SampleShape) -> ExtractorInfo) -> Metric {
    var metric = self
    metric.extractor = extractor
    return metric
  }

  /// The same metric, with the value expected by chance for that many samples of the data.
  public func expecting(_ chance: @escaping @Sendable (Reference, _ samples: Int) -> Double?) -> Metric {
    var metric = self
    metric.chance = chance
    return metric
  }

  /// The same metric, with a caveat about values for that many samples.
  public func warning(_ caveat: @escaping @Sendable (Reference, _ samples: Int) -> String?) -> Metric {
    var metric = self
    metric.caveat = caveat
    return metric
  }
}

extension Metric {
  /// The measurement of one set of samples.
  public struct Measurement {
    /// What it does with a batch; returns the value of each pair, where it is a measurement of pairs.
    let add: (SeenBatch) throws -> [Double]
    let score: (Observations) throws -> Score?

    /// A measurement given by what it does with each batch, and with all of them in the end.
    ///
    /// - Parameter score: the score when all samples have passed; nil where they have none.
    public init(
      add: @escaping (SeenBatch) throws -> Void = { _ in }, score: @escaping (Observations) throws -> Score?
    ) {
      self.add = { batch in
        try add(batch)
        return []
      }
      self.score = score
    }

    /// The measurement of pairs, which has a value for each.
    init(_ tally: PairTally) {
      add = { try tally.add($0.derived) }
      score = { _ in tally.score }
    }
  }

  /// What samples are judged against, the same for all that one ``Judge`` judges.
  public struct Basis {
    /// What is known of the data.
    public let reference: Reference
    /// The data.
    public let training: Dataset
    /// Held-out data of the same kind, if there are any.
    public let heldOut: Dataset?
    /// The colours of the data, where they are label maps.
    public let palette: Palette?
    /// What subsets, projections and pairs are drawn by.
    public let seed: UInt64
    /// What metrics keep from one judgement to the next.
    public let shared = SharedValues()
  }

  /// Something that a metric needs and not all data have.
  public indirect enum Need: Sendable, Equatable {
    /// Samples that are pictures.
    case pictures
    /// Samples that are points in the plane.
    case points
    /// Pictures whose sides are this long or longer.
    case sides(from: Int)
    /// An extractor that predicts one class per sample.
    case classes
    /// An extractor that predicts several classes per sample.
    case stackedClasses
    /// Data whose distribution is a known mixture.
    case mixture
    /// Data that nobody trained on.
    case heldOut
    /// What each sample should have been.
    case pairs
    /// Pairs whose targets are label maps: pictures of few colours.
    case labelMaps
    /// Samples made of held-out data, of which it is not known what they should have been.
    case translations
    /// What the way back makes of each sample.
    case reconstructions
    /// A file with weights.
    case weights
    /// One of two.
    case either(Need, Need)
  }

  /// Whether lower or higher values are better; nil if neither.
  public var isBetterLow: Bool? { better == .low ? true : better == .high ? false : nil }

  /// Whether `value` is better than `other`.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    switch better {
    case .low: value < other
    case .high: value > other
    case .near(let best): max(value / best, best / value) < max(other / best, best / other)
    }
  }
}

extension Metric: Hashable, CustomStringConvertible {
  /// Whether both have the same name.
  public static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The name.
  public var description: String { name }
}

/// The feature extractor behind a metric.
public struct ExtractorInfo: Sendable, Equatable {
  /// As in "classifier (digits)".
  public let name: String
  /// What its features depend on.
  public let fingerprint: String
  /// How samples were brought to its size.
  public let resize: String

  /// What `extractor` says of itself.
  public init(_ extractor: any FeatureExtractor) {
    (name, fingerprint, resize) = (extractor.name, extractor.fingerprint, extractor.resize)
  }

  /// What its parts say.
  init(_ name: String, fingerprint: String, resize: String = "none") {
    (self.name, self.fingerprint, self.resize) = (name, fingerprint, resize)
  }

  /// The pixels themselves, of which `rule` makes a number.
  public init(ofPixels rule: String) {
    (name, fingerprint, resize) = ("pixels", Metrics.fingerprint(of: rule), "none")
  }
}

/// Values that several metrics share, each computed on first use and identified by its type.
public final class SharedValues {
  private var values: [ObjectIdentifier: Any] = [:]

  /// The value of type `Value`, made by `make` on first use.
  public func callAsFunction<Value>(_ make: () throws -> Value) rethrows -> Value {
    if let value = self[Value.self] { return value }
    let value = try make()
    values[ObjectIdentifier(Value.self)] = value
    return value
  }

  /// The value of this type; nil if it was not computed yet.
  public subscript<Value>(type: Value.Type) -> Value? {
    guard let value = values[ObjectIdentifier(type)] else { return nil }
    return value as? Value
  }
}
