import Datasets

/// Which metrics can be had of some data, and which are taken where nobody chooses.
public struct SuitedMetrics: Sendable {
  /// All that can be had, the one that decides first.
  public let all: [Metric]
  /// Those that a training run takes: they cost little and show how a run goes wrong.
  public let inTraining: [Metric]
  /// Those that suit the data, but of which the data have too few samples.
  public let tooFew: [Metric]
  private let data: String
  private let count: Int

  /// The metrics for judging against `reference`, which was made of `data`.
  public init(_ data: Dataset, _ reference: Reference, hasHeldOut: Bool) {
    (self.data, count) = (data.plainName, reference.count)
    let hasClasses = reference.histogram != nil
    var all: [Metric]
    var few: [Metric]
    let arePictures = data.kind == .pictures
    if arePictures {
      let ofClasses: [Metric] = !hasClasses ? [] : reference.isStacked ? [.modes, .modeKL] : [.classKL]
      let ofScore: [Metric] = hasClasses && !reference.isStacked ? [.inceptionScore] : []
      all =
        [.fid, .kid] + ofScore + [.precision, .recall, .density, .coverage, .slicedWasserstein] + ofClasses + [
          .diversity
        ]
      few = [.fid, .precision, .recall, .density, .coverage] + ofClasses + [.diversity]
    } else {
      let ofMixture: [Metric] = data.mixture == nil ? [] : [.modes, .quality, .spread]
      all = [.slicedWasserstein] + ofMixture + [.fid, .kid, .precision, .recall, .density, .coverage]
      few = [.slicedWasserstein] + ofMixture + [.coverage]
    }
    let ofHeldOut: [Metric] = hasHeldOut && arePictures ? [.memorisation] : []
    func isHad(_ metric: Metric) -> Bool { metric.fewest.data <= reference.count }
    tooFew = (all + ofHeldOut).filter { !isHad($0) }
    (self.all, inTraining) = ((all + ofHeldOut).filter(isHad), (few + ofHeldOut).filter(isHad))
  }

  /// What is left out for want of data, with the number that each needs; nil where nothing is.
  public var shortage: String? {
    guard !tooFew.isEmpty else { return nil }
    let named = tooFew.map { "\($0.rawValue) (\($0.fewest.data) or more)" }.joined(separator: ", ")
    return "\(data) has \(count) samples, too few for \(named)"
  }

  /// `metrics`, if all of them can be had.
  ///
  /// - Throws: ``MetricError`` that says what the first other one would need.
  public func checked(_ metrics: [Metric]) throws(MetricError) -> [Metric] {
    guard let other = metrics.first(where: { !all.contains($0) }) else { return metrics }
    let names = all.map(\.rawValue).joined(separator: ", ")
    guard !tooFew.contains(other) else {
      throw MetricError(
        "\(other.rawValue) needs \(other.fewest.data) samples of the data or more, and \(data) has \(count); there are "
          + names)
    }
    throw MetricError("\(other.rawValue) needs \(Self.need(other)); for \(data) there are \(names)")
  }

  private static func need(_ metric: Metric) -> String {
    switch metric {
    case .inceptionScore, .classKL: "an extractor that knows classes, one for each picture"
    case .modes: "stacked digits with their classifier, or the mixtures ring8 and grid25"
    case .modeKL: "stacked digits with their classifier"
    case .quality, .spread: "the mixtures ring8 and grid25"
    case .diversity: "pictures"
    case .memorisation: "pictures with a test split of their own"
    default: "features"
    }
  }
}
