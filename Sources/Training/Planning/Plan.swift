/// How a run goes along the schedules of its players from a step on: so that they end when `steps` steps are done. A run that
/// is limited by time makes one when it turns out to have fewer or more steps than its schedules were fitted to; plans change
/// learning rates and nothing else.
public struct Plan: Sendable, Codable, Equatable {
  /// The steps that are done when it begins to hold.
  public var step: Int
  /// The steps that are done when the schedules end.
  public var steps: Int

  /// A plan from `step` on for schedules that end at `steps`.
  public init(from step: Int, to steps: Int) { (self.step, self.steps) = (step, steps) }
}

extension [Plan] {
  /// Where step number `step` (from 0) stands on schedules of `whole` steps: at its own number before the first plan; from each
  /// plan on, along a straight line from where the run then stands to the schedules' end. So the learning rate never jumps.
  package func position(of step: Int, along whole: Int) -> Double {
    var (former, position, pace) = (0, 0.0, 1.0)
    for plan in prefix(while: { $0.step <= step }) {
      position += Double(plan.step - former) * pace
      pace = Swift.max(0, Double(whole) - position) / Double(plan.steps - plan.step)
      former = plan.step
    }
    return position + Double(step - former) * pace
  }

  /// Throws when a plan ends before it begins, or begins before the one before.
  func validate(_ name: String) throws(TrainingError) {
    var former = -1
    for plan in self {
      guard plan.step > former, plan.steps > plan.step else {
        throw TrainingError(
          "\(name) needs plans in the order of their 'step', each with more 'steps' than that; got step \(plan.step) with "
            + "steps \(plan.steps)" + (former < 0 ? "" : " after step \(former)"))
      }
      former = plan.step
    }
  }
}
