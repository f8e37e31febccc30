import GAN
import Testing

@Suite struct EvaluationScheduleTests {
  private func settings(every: Int?) -> JudgingSettings {
    var settings = JudgingSettings()
    settings.every = every
    return settings
  }

  /// Plays a run of steps of equal length, in which an evaluation costs `cost` seconds.
  private func evaluations(
    _ schedule: EvaluationSchedule, steps: Int, secondsPerStep: Double, cost: Double
  ) -> (steps: [Int], history: EvaluationHistory) {
    var history = EvaluationHistory()
    var found: [Int] = []
    for step in 1...steps {
      let seconds = Double(step) * secondsPerStep
      for atEnd in step == steps ? [false, true] : [false]
      where schedule.isDue(step: step, trainingSeconds: seconds, history: history, atEnd: atEnd) {
        found.append(step)
        _ = history.add(step: step, cost: cost, metric: .fid, values: ["fid": 1])
      }
    }
    return (found, history)
  }

  @Test func everySoManyStepsAndAtTheEnd() {
    let schedule = EvaluationSchedule(settings(every: 30))
    #expect(evaluations(schedule, steps: 100, secondsPerStep: 1, cost: 1000).steps == [30, 60, 90, 100])
    #expect(evaluations(schedule, steps: 90, secondsPerStep: 1, cost: 1000).steps == [30, 60, 90])
  }

  @Test func neverIsNever() {
    let schedule = EvaluationSchedule(settings(every: 0))
    #expect(evaluations(schedule, steps: 1000, secondsPerStep: 100, cost: 0).steps == [])
  }

  /// The promise of 5 %, the last evaluation included.
  @Test(arguments: [(10_000, 0.02, 2.0), (2_000, 0.1, 1.0), (700, 1.0, 6.0), (5_000, 0.13, 3.5)])
  func byDefaultTheyStayWithinTheShare(steps: Int, secondsPerStep: Double, cost: Double) {
    let schedule = EvaluationSchedule(settings(every: nil))
    let found = evaluations(schedule, steps: steps, secondsPerStep: secondsPerStep, cost: cost)
    #expect(found.history.totalCost <= JudgingSettings.share * Double(steps) * secondsPerStep)
    #expect(found.steps.last == steps)
    #expect(found.steps.dropLast().allSatisfy { $0 % 100 == 0 })
    // What may be spent is spent, to within two evaluations.
    #expect(found.history.totalCost + 2 * cost > JudgingSettings.share * Double(steps) * secondsPerStep)
  }

  @Test func aRunTooShortForAnEvaluationHasNone() {
    #expect(
      evaluations(EvaluationSchedule(settings(every: nil)), steps: 500, secondsPerStep: 0.02, cost: 2).steps == [])
  }

  /// What was asked for and only an evaluation can tell is judged at the end, whatever it costs.
  @Test(arguments: [
    Limits(goal: MetricGoal(.fid, .below, 1)), Limits(patience: 3),
    Limits(minutes: 1, goal: MetricGoal(.recall, .above, 0.5)),
  ])
  func whatOnlyAnEvaluationCanTellIsJudgedAtTheEnd(limits: Limits) {
    let schedule = EvaluationSchedule(settings(every: nil), limits)
    #expect(evaluations(schedule, steps: 500, secondsPerStep: 0.02, cost: 200).steps == [500])
  }

  @Test func whoAsksForAMetricGetsIt() {
    var settings = settings(every: nil)
    settings.metrics = [.recall]
    #expect(evaluations(EvaluationSchedule(settings), steps: 50, secondsPerStep: 0.02, cost: 2).steps == [50])
  }

  @Test func theBestCountsAndPatienceBeginsAnew() {
    var history = EvaluationHistory()
    let found = [5.0, 4, 6, .nan, 4, 3].enumerated().map { index, value in
      history.add(step: index, cost: 1, metric: .fid, values: ["fid": value])
    }
    #expect(found == [true, true, false, false, false, true])
    #expect(history.best?.value == 3 && history.best?.step == 5)
    #expect(history.sinceBest == 0)
    #expect(history.count == 6 && history.totalCost == 6)
  }

  @Test func forSomeMetricsMoreIsBetterAndForOneTheRatioToOne() {
    #expect(Metric.recall.isBetter(0.5, than: 0.4) && !Metric.recall.isBetter(0.4, than: 0.4))
    #expect(Metric.fid.isBetter(0.3, than: 0.4))
    #expect(Metric.spread.isBetter(1.2, than: 0.5) && Metric.spread.isBetter(0.9, than: 1.2))
  }
}
