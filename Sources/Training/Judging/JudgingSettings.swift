import Metrics

/// How the product of a game is judged while it is trained.
public struct JudgingSettings: Sendable, Codable, Equatable {
  /// The feature extractor, as ``ExtractorChoice`` reads it.
  public var extractor = "auto"
  /// The metrics, the one that decides first; nil for those that suit the data.
  public var metrics: [Metric]?
  /// Samples that are judged.
  public var count = 10_000
  /// Steps between evaluations, 0 for none at all; nil for as many as cost at most ``share`` of the training time.
  public var every: Int?
  /// The alarms that end the run.
  public var stopOn: [AlarmKind] = []

  /// The share of the training time that evaluations may cost where nobody says how often they come.
  public static let share = 0.05

  /// The defaults.
  public init() {}

  /// Whether somebody asked for evaluations, so that they are worth a preparation that takes minutes.
  func isAskedFor(_ limits: Limits) -> Bool {
    every != nil || metrics != nil || extractor != "auto" || !stopOn.isEmpty || limits.goal != nil
      || limits.patience != nil
  }

  /// Throws when a setting cannot be: ``TrainingError`` that names it as `recipe.json` does.
  package func validate() throws(TrainingError) {
    guard (2...1_000_000).contains(count) else {
      throw TrainingError("judging.count needs a whole number from 2 to 1,000,000, got \(count)")
    }
    if let every, every < 0 { throw TrainingError("judging.every needs a whole number from 0, got \(every)") }
    if let metrics, metrics.isEmpty { throw TrainingError("judging.metrics is empty: name a metric, or leave it out") }
  }
}
