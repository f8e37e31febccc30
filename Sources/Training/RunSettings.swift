import Datasets
import RunLog
import Foundation
import Metrics
import Torch

/// What is asked of a run besides its recipe.
public struct RunSettings: Sendable, Codable, Equatable {
  /// Where the data come from, as `DataSource` reads it.
  public var data: String
  /// The width to which samples are resized, `nil` for their own.
  public var width: Int?
  /// The height to which samples are resized, `nil` for their own.
  public var height: Int?
  /// Whether the sub-folders of a folder are classes.
  public var classesFromFolders = false
  /// What all random numbers of the run depend on.
  public var seed: UInt64 = 1
  /// When the run has done enough.
  public var limits = Limits()
  /// Steps between checkpoints.
  public var checkpointEvery = 500
  /// How to go along the schedules, step by step; nil for a run that has made no plan. A run that makes plans keeps them
  /// here; a new run that is given some follows them and makes none, so that it repeats the other whatever its own pace.
  public var plans: [Plan]?
  /// How the product is judged meanwhile.
  public var judging = JudgingSettings()
  /// Threads that an operator may use; the trainer sets `Machine.threads` to it.
  public var threads: Int

  /// Settings for a run on `data`, with as many threads as ``Machine/threads`` says now.
  public init(data: String, threads: Int = Machine.threads) {
    self.data = data
    self.threads = threads
  }

  /// Throws when a setting cannot be: ``TrainingError`` that names it as `recipe.json` does.
  public func validate() throws(TrainingError) {
    func check(_ name: String, _ value: Int?, atMost most: Int = .max) throws(TrainingError) {
      guard let value, !(1...most).contains(value) else { return }
      throw TrainingError(
        "\(name) needs a whole number from 1" + (most == .max ? "" : " to \(most)") + ", got \(value)")
    }
    try check("width", width)
    try check("height", height)
    guard (width == nil) == (height == nil) else {
      throw TrainingError("give width and height together, or neither")
    }
    try check("limits.steps", limits.steps)
    try check("limits.\(StepMember.samples.rawValue)", limits.samples)
    if let minutes = limits.minutes, !(minutes > 0 && minutes.isFinite) {
      throw TrainingError("limits.minutes needs a number above 0, got \(minutes)")
    }
    try check("limits.patience", limits.patience)
    try check("checkpointEvery", checkpointEvery)
    try plans?.validate("plans")
    try judging.validate()
    if judging.every == 0, limits.goal != nil || limits.patience != nil || !judging.stopOn.isEmpty {
      throw TrainingError(
        "judging.every is 0, so that no goal, patience or alarm can ever be reached: leave one of them out")
    }
    try check("threads", threads, atMost: 1024)
  }

  /// How to load the data, but for the sides that a recipe may ask for.
  public var loadOptions: LoadOptions {
    var options = LoadOptions()
    if let width, let height { options.size = (width: width, height: height) }
    options.classesFromFolders = classesFromFolders
    return options
  }
}

/// When a run has done enough: at the first of these that is reached. Steps, samples and minutes are totals of the run,
/// resumed or not.
public struct Limits: Sendable, Codable, Equatable {
  /// Training steps.
  public var steps: Int?
  /// Samples of the data; under the name that a log has for them, in `recipe.json` too.
  public var samples: Int?
  /// Minutes of training time.
  public var minutes: Double?
  /// What metrics must reach; a run that ends before has not done what was asked.
  public var goal: MetricGoal?
  /// Evaluations in a row without a better value of the metric that decides.
  public var patience: Int?

  private enum CodingKeys: CodingKey {
    case steps, samples, minutes, goal, patience

    var stringValue: String {
      switch self {
      case .steps: "steps"
      case .samples: StepMember.samples.rawValue
      case .minutes: "minutes"
      case .goal: "goal"
      case .patience: "patience"
      }
    }
  }

  /// The limits that are given; the recipe's `steps` hold where neither steps nor samples nor minutes are.
  public init(
    steps: Int? = nil, samples: Int? = nil, minutes: Double? = nil, goal: MetricGoal? = nil, patience: Int? = nil
  ) {
    self.steps = steps
    self.samples = samples
    self.minutes = minutes
    self.goal = goal
    self.patience = patience
  }

  /// So many steps.
  public static func steps(_ count: Int) -> Limits { Limits(steps: count) }
  /// So many samples of the data.
  public static func samples(_ count: Int) -> Limits { Limits(samples: count) }
  /// So many minutes.
  public static func minutes(_ count: Double) -> Limits { Limits(minutes: count) }
  /// Until a metric lies below `limit`.
  public static func metric(_ metric: Metric, below limit: Double) -> Limits {
    Limits(goal: MetricGoal(metric, .below, limit))
  }
  /// Until a metric lies above `limit`.
  public static func metric(_ metric: Metric, above limit: Double) -> Limits {
    Limits(goal: MetricGoal(metric, .above, limit))
  }

  /// Whether nothing is limited.
  public var isEmpty: Bool { self == Limits() }

  /// Whether nothing but metrics ends the run.
  package var isUnbounded: Bool { steps == nil && samples == nil && minutes == nil }

  /// The step at which steps or samples end the run, with `samplesPerStep` samples a step.
  package func lastStep(samplesPerStep: Int) -> Int? {
    let bySamples = samples.map { $0 / samplesPerStep + ($0 % samplesPerStep == 0 ? 0 : 1) }
    return [steps, bySamples].compactMap { $0 }.min()
  }
}
