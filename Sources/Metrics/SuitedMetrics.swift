import Datasets

/// The metrics of a catalogue that suit some data, and those that are taken where nobody chooses.
public struct SuitedMetrics: Sendable {
  /// All that the data allow, the one that decides first.
  public let all: [Metric]
  /// Those that a training run takes: they cost little and show how a run goes wrong.
  public let inTraining: [Metric]
  /// Those that suit the data, but of which the data have too few samples.
  public let tooFew: [Metric]
  private let data: String
  private let count: Int
  private let isMet: @Sendable (Metric.Need) -> Bool

  /// The metrics for judging against `reference`, which was made of `data`.
  ///
  /// - Parameters:
  ///   - hasHeldOut: whether there are data that nobody trained on.
  ///   - known: what is known of the samples that are judged.
  ///   - hasPalette: whether the data are label maps.
  public init(
    _ data: Dataset, _ reference: Reference, hasHeldOut: Bool, known: KnownOfSamples = [], hasPalette: Bool = false,
    from catalogue: MetricCatalogue = .standard
  ) {
    let (kind, hasMixture) = (data.kind, data.mixture != nil)
    let side = min(data.shape.height, data.shape.width)
    let (hasClasses, isStacked) = (reference.histogram != nil, reference.isStacked)
    @Sendable func isMet(_ need: Metric.Need) -> Bool {
      switch need {
      case .pictures: kind == .pictures
      case .points: kind == .points
      case .sides(let least): side >= least
      case .classes: hasClasses && !isStacked
      case .stackedClasses: hasClasses && isStacked
      case .mixture: hasMixture
      case .heldOut: hasHeldOut
      case .pairs: known.contains(.targets)
      case .labelMaps: known.contains(.targets) && hasPalette
      case .translations: known.contains(.sources) && !known.contains(.targets)
      case .reconstructions: known.contains(.reconstructions)
      case .weights: false
      case .either(let one, let other): isMet(one) || isMet(other)
      }
    }
    self.init(data.plainName, count: reference.count, kind: kind, from: catalogue, isMet)
  }

  /// The metrics of which all needs are met, for `count` samples of the data called `data`.
  init(
    _ data: String, count: Int, kind: ColumnFormat.Kind, from catalogue: MetricCatalogue,
    _ isMet: @escaping @Sendable (Metric.Need) -> Bool
  ) {
    (self.data, self.count, self.isMet) = (data, count, isMet)
    func leads(_ metric: Metric) -> Bool { metric.leads.contains(where: isMet) }
    let suited = catalogue.metrics.filter { $0.needs.allSatisfy(isMet) }
    let ordered = suited.filter(leads) + suited.filter { !leads($0) }
    all = ordered.filter { $0.fewest.data <= count }
    tooFew = ordered.filter { $0.fewest.data > count }
    inTraining = all.filter { $0.inTraining.contains(kind) || leads($0) }
  }

  /// What is left out for want of data, with the number that each needs; nil where nothing is.
  public var shortage: String? {
    guard !tooFew.isEmpty else { return nil }
    let named = tooFew.map { "\($0) (\($0.fewest.data) or more)" }.joined(separator: ", ")
    return "\(data) has \(count) samples, too few for \(named)"
  }

  /// `metrics`, if the data allow all of them; they need not be in the catalogue.
  ///
  /// - Throws: ``MetricError`` that says what the first other one would need.
  public func checked(_ metrics: [Metric]) throws(MetricError) -> [Metric] {
    for metric in metrics {
      let names = all.map(\.name).joined(separator: ", ")
      let missing = metric.needs.filter { !isMet($0) }
      guard missing.isEmpty else {
        let needed = missing.map(\.description).joined(separator: " and ")
        throw MetricError("\(metric) needs \(needed); available for \(data) are \(names)")
      }
      guard metric.fewest.data <= count else {
        throw MetricError(
          "\(metric) needs at least \(metric.fewest.data) samples of the data, and \(data) has \(count); available are \(names)"
        )
      }
    }
    return metrics
  }
}

extension Metric.Need: CustomStringConvertible {
  /// What is needed, as a sentence says it after "needs".
  public var description: String {
    switch self {
    case .pictures: "pictures"
    case .points: "points in the plane"
    case .sides(let least): "pictures whose sides have \(least) pixels or more"
    case .classes: "an extractor that classifies, one class per sample"
    case .stackedClasses: "stacked digits with their classifier"
    case .mixture: "a mixture of Gaussians such as ring8"
    case .heldOut: "a test split of their own"
    case .pairs: "pairs of a sample and its target"
    case .labelMaps: "targets that are label maps, pictures of a few flat colours"
    case .translations: "samples that are made of data, without targets"
    case .reconstructions: "a model that translates both ways"
    case .weights: "a file with its weights, as in NAME:FILE.safetensors; Tools/convert_lpips.py makes one"
    case .either(let one, let other): "\(one), or \(other)"
    }
  }
}

/// What is known of samples that are judged, besides themselves.
public struct KnownOfSamples: OptionSet, Sendable {
  /// One bit for each.
  public let rawValue: Int

  /// What these bits say.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What each was made of.
  public static let sources = KnownOfSamples(rawValue: 1)
  /// What each should have been.
  public static let targets = KnownOfSamples(rawValue: 2)
  /// What the way back makes of each.
  public static let reconstructions = KnownOfSamples(rawValue: 4)
}
