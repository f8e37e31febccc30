/// How alike in brightness translations and their sources are.
package enum BrightnessCorrelation {
  /// The weights of red, green and blue in the luma of ITU-R BT.601.
  private static let luma = [0.299, 0.587, 0.114]

  /// The mean over all pictures `[N, C, H, W]` of Pearson's correlation between the luma of a source and of its translation,
  /// in [-1, 1].
  package static func mean(_ sources: Images, _ translations: Images) -> Tensor {
    let (x, y) = (centred(sources.tensor), centred(translations.tensor))
    let scale = (x.squared().sum(axes: [1]) * y.squared().sum(axes: [1])).squareRoot() + 1e-8
    return ((x * y).sum(axes: [1]) / scale).mean()
  }

  private static func centred(_ pictures: Tensor) -> Tensor {
    let channels = pictures.size(1)
    let grey =
      channels == 3
      ? (0..<3).map { pictures.slice(1, from: $0, count: 1) * luma[$0] }.reduce(nil) { sum, part in
        sum.map { $0 + part } ?? part
      } ?? pictures : pictures.mean(axes: [1], keepingAxes: true)
    let rows = grey.flattened()
    return rows - rows.mean(axes: [1], keepingAxes: true)
  }
}

extension Scalar {
  /// ``BrightnessCorrelation`` of a batch: 1 where translations are bright where their sources are, -1 where they are dark
  /// there.
  public static let brightnessCorrelation = Scalar(
    "brightness_correlation", title: "brightness r", group: Group(title: "Correlation of brightness", label: ""))
}

/// Raised when translations are dark where their sources are bright and bright where they are dark: a game without pairs can
/// settle on inverted colours, which cycle back as well as right ones.
package struct InversionAlarm: Alarm {
  package static let kind = AlarmKind.colorInversion

  /// The correlation below which brightness is inverted.
  private static let inverted = -0.1
  /// Blocks that must agree.
  private static let blocks = 4

  /// What it has seen so far.
  package struct State: Codable, Sendable, Equatable {
    fileprivate var correlation = BlockMedians()
    fileprivate var persistence = Persistence()
  }

  package var state = State()
  private let advice: String

  /// Watches a run for it.
  ///
  /// - Parameter setting: the assignment of a setting that keeps translations nearer to their sources, where the game has one.
  package init(setting: String?) {
    let other = "another --seed"
    let remedy = setting.map { "a loss that keeps colours (--set \($0)), or \(other)" } ?? other
    advice =
      "if that is not what the collections differ by, \(remedy); if it is, as from drawings in black on white to photos, nothing"
  }

  package mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    guard case .stepped(let step) = event, let value = step[.brightnessCorrelation],
      let newest = state.correlation.take(value)
    else { return nil }
    guard state.persistence.raises(newest < Self.inverted, after: Self.blocks) else { return nil }
    return record(
      step.step,
      "the brightness of translations has a correlation of \(newest.shown) with that of their sources, below "
        + "\(Self.inverted) for \(Self.blocks * BlockMedians.length) steps: dark becomes bright", advice)
  }
}
