/// The plans of a run, and what the next one is made from: how long its steps take.
package struct Planning: Codable, Equatable {
  /// The plans so far, or all that the run was given.
  package private(set) var plans: [Plan] = []
  /// Whether the plans were given, so that none is made.
  private var isGiven = false
  /// The seconds that a step takes lately, once that was measured.
  private var secondsPerStep: Double?
  /// What has been measured since.
  private var (steps, seconds) = (0, 0.0)

  /// A run looks at its pace when this part of the time that was left has gone by: the nearer the end, the less time there is
  /// to react.
  private static let looksPerRest = 16.0
  /// Fewer steps than these say little of the pace ...
  private static let leastSteps = 50
  /// ... but when this part of the time has gone by, few steps say enough.
  private static let leastLooksPerRest = 4.0
  /// What the steps since the last look count for in the measured pace. The rest remembers earlier ones, so that a short
  /// disturbance does not count in full.
  private static let newsShare = 0.75
  /// The part of the schedules by which a run may miss their end without a new plan. A machine that nobody else uses stays
  /// below it, so that its runs remain as they were planned first.
  static let tolerance = 0.05

  /// A run that makes its own plans.
  package init() {}

  /// A run that follows the plans of another.
  package init(following plans: [Plan]) { (self.plans, isGiven) = (plans, true) }

  /// Counts `steps` steps that took `seconds`.
  package mutating func add(steps: Int, seconds: Double) {
    self.steps += steps
    self.seconds += seconds
  }

  /// Whether the run looks at its pace now, `secondsLeft` before its end.
  package func isDue(secondsLeft: Double) -> Bool {
    guard !isGiven, steps > 0 else { return false }
    return seconds * (steps < Self.leastSteps ? Self.leastLooksPerRest : Self.looksPerRest) >= secondsLeft
  }

  /// Looks at the pace, and makes a plan if the run would miss the end of its schedules.
  ///
  /// - Parameters:
  ///   - step: the steps that are done.
  ///   - whole: the length of the schedules.
  ///   - secondsLeft: training time until the run ends.
  ///   - last: the step at which it ends in any case.
  /// - Returns: the new plan and the seconds that a step takes; nil if no plan is needed.
  package mutating func revise(after step: Int, of whole: Int, secondsLeft: Double, last: Int?) -> (
    plan: Plan, secondsPerStep: Double
  )? {
    guard steps > 0, seconds > 0 else { return nil }
    let recent = seconds / Double(steps)
    let pace = secondsPerStep.map { $0 + Self.newsShare * (recent - $0) } ?? recent
    (secondsPerStep, steps, seconds) = (pace, 0, 0)
    let most = last ?? Setting<TrainingSettings>.mostSteps
    let plan = Plan(from: step, to: min(most, step + Int(min(secondsLeft / pace, Double(most)))))
    let tolerated = Self.tolerance * Double(whole)
    guard plan.steps > step, Double(whole) - plans.position(of: step, along: whole) > tolerated,
      abs(plans.position(of: plan.steps, along: whole) - Double(whole)) > tolerated
    else { return nil }
    plans.append(plan)
    return (plan, pace)
  }
}
