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
  ///   - hasPairs: whether it is known what each judged sample should have been.
  public init(
    _ data: Dataset, _ reference: Reference, hasHeldOut: Bool, hasPairs: Bool = false,
    from catalogue: MetricCatalogue = .standard
  ) {
    (self.data, count) = (data.plainName, reference.count)
    let (kind, hasMixture) = (data.kind, data.mixture != nil)
    let (hasClasses, isStacked) = (reference.histogram != nil, reference.isStacked)
    @Sendable func isMet(_ need: Metric.Need) -> Bool {
      switch need {
      case .pictures: kind == .pictures
      case .classes: hasClasses && !isStacked
      case .stackedClasses: hasClasses && isStacked
      case .mixture: hasMixture
      case .heldOut: hasHeldOut
      case .pairs: hasPairs
      case .either(let one, let other): isMet(one) || isMet(other)
      }
    }
    self.isMet = isMet
    let suited = catalogue.metrics.filter { $0.needs.allSatisfy(isMet) }
    let ordered = suited.filter { $0.leads.contains(kind) } + suited.filter { !$0.leads.contains(kind) }
    all = ordered.filter { $0.fewest.data <= reference.count }
    tooFew = ordered.filter { $0.fewest.data > reference.count }
    inTraining = all.filter { $0.inTraining.contains(kind) }
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
    case .classes: "an extractor that classifies, one class per sample"
    case .stackedClasses: "stacked digits with their classifier"
    case .mixture: "a mixture of Gaussians such as ring8"
    case .heldOut: "a test split of their own"
    case .pairs: "pairs of a sample and its target"
    case .either(let one, let other): "\(one), or \(other)"
    }
  }
}
