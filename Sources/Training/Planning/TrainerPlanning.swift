import RunLog

// How a run that ends by the clock brings its schedules to their end: it looks at its pace now and then.
extension Trainer {
  /// The length of the schedules, if they were fitted to the run. A schedule that was given other steps ends when it says.
  private var plannedSteps: Int? { scheduledSteps.flatMap { $0 == lastStep ?? training.steps ? $0 : nil } }

  /// Where the next step stands on the schedules.
  var position: Double {
    guard let plans = progress.planning?.plans, let scheduledSteps else { return Double(progress.step) }
    return plans.position(of: progress.step, along: scheduledSteps)
  }

  /// Whether all learning rates have fallen below a hundredth of their first values for good: further steps would change hardly
  /// anything.
  package var isAtRest: Bool { isAtRest(ahead: 0) }

  /// Whether they have, or will have by the end of the schedules, which a run that ends by the clock may just miss.
  package var isAlmostAtRest: Bool { isAtRest(ahead: Planning.tolerance * Double(scheduledSteps ?? 0)) }

  private func isAtRest(ahead steps: Double) -> Bool {
    game.players.allSatisfy { $0.settings.isAtRest(at: position + steps) }
  }

  /// Whether the run looks at its pace now. It does not while it repeats steps after a rollback: whoever follows its plans goes
  /// through those steps more than once, too.
  var isPlanningDue: Bool {
    guard let secondsLimit, let planning = progress.planning, progress.breakdowns == nil, plannedSteps != nil else {
      return false
    }
    return planning.isDue(secondsLeft: secondsLimit - progress.seconds)
  }

  /// Counts what steps have taken, for the next plan.
  func countForPlanning(steps: Int, seconds: Double) {
    guard secondsLimit != nil, plannedSteps != nil else { return }
    var planning = progress.planning ?? Planning()
    planning.add(steps: steps, seconds: seconds)
    progress.planning = planning
  }

  /// Makes a new plan if that is due and needed.
  func planWhenDue(_ observer: Observer) throws {
    guard isPlanningDue, let secondsLimit, let whole = plannedSteps, var planning = progress.planning else { return }
    let former = planning.plans.last?.steps ?? whole
    let revised = planning.revise(
      after: progress.step, of: whole, secondsLeft: secondsLimit - progress.seconds, last: lastStep)
    progress.planning = planning
    guard let (plan, secondsPerStep) = revised else { return }
    settings.plans = planning.plans
    try writeRecord(observer)
    try send(
      .planned(
        step: plan.step, steps: plan.steps,
        reason:
          "a step takes \((secondsPerStep * 1000).shown) ms, so the time limit allows \(plan.steps) steps, not \(former)"
      ),
      observer)
  }
}
