import GAN
import Testing

/// When a run that is limited by time makes plans, and which. No game is played here.
@Suite struct PlanningTests {
  /// How a run of up to `steps` steps goes that was planned for seconds as many as it has steps.
  ///
  /// - Parameter seconds: what a step takes, by its number from 1.
  private func played(_ steps: Int, seconds: (Int) -> Double) -> (plans: [Plan], position: Double) {
    var (planning, time, step) = (Planning(), 0.0, 0)
    while time < Double(steps), step < steps {
      step += 1
      time += seconds(step)
      planning.add(steps: 1, seconds: seconds(step))
      guard planning.isDue(secondsLeft: Double(steps) - time) else { continue }
      _ = planning.revise(after: step, of: steps, secondsLeft: Double(steps) - time, last: steps)
    }
    return (planning.plans, planning.plans.position(of: step, along: steps) / Double(steps))
  }

  @Test func aSteadyPaceNeedsNoPlan() {
    #expect(played(1000) { _ in 1 }.plans.isEmpty)
    // A quicker machine ends the run early, at the step that limits it.
    #expect(played(1000) { _ in 0.5 } == ([], 1))
  }

  @Test(arguments: [500, 1000, 20_000]) func noiseOfATenthNeedsNoPlan(steps: Int) {
    for seed in 0..<100 {
      // Uniform, with a standard deviation of a tenth.
      let plans = played(steps) { 1 + 0.1 * 12.0.squareRoot() * (uniform($0, seed) - 0.5) }.plans
      #expect(plans.isEmpty, "seed \(seed): \(plans)")
    }
  }

  @Test(arguments: [(1000, 0.25), (1000, 0.5)] + [0.1, 0.25, 0.5, 0.75, 0.9].map { (12_000, $0) })
  func aRunThatGetsFourTimesSlowerReachesTheEnd(steps: Int, start: Double) {
    let (plans, position) = played(steps) { Double($0) <= start * Double(steps) ? 1 : 4 }
    #expect(!plans.isEmpty && plans.count <= 8, "\(plans)")
    // A straight line would end within a twentieth of its height, half a cosine within a hundredth.
    #expect(abs(position - 1) < 0.06, "\(plans), \(position)")
  }

  /// What was seen beside light work of others, with two threads on two cores.
  @Test func aMachineThatAlmostStopsReachesTheEnd() {
    let (plans, position) = played(12_000) { $0 <= 6000 ? 1 : 23 }
    #expect(!plans.isEmpty && plans.count <= 12 && abs(position - 1) < 0.06, "\(plans), \(position)")
  }

  @Test func aMachineThatIsSlowForAWhileGetsItsStepsBack() throws {
    let steps = 12_000
    let (plans, position) = played(steps) { (3000..<4500).contains($0) ? 3 : 1 }
    #expect(plans.count > 1 && abs(position - 1) < 0.06, "\(plans)")
    // 1,500 steps took as long as 4,500 would have.
    #expect(abs(try #require(plans.last).steps - 9_000) < 600)
  }

  @Test func aPauseIsNoReasonForAPlan() {
    // Of some 37 s in a run of ten minutes.
    #expect(played(12_000) { $0 == 1000 ? 30 : 1 }.plans.isEmpty)
  }

  @Test func plansThatWereGivenAreFollowed() {
    let given = [Plan(from: 100, to: 500)]
    var planning = Planning(following: given)
    planning.add(steps: 1000, seconds: 1000)
    #expect(planning.plans == given && !planning.isDue(secondsLeft: 1))
  }

  @Test func withoutAPlanAStepStandsAtItsNumber() {
    for step in [0, 1, 7, 1_000_003] { #expect([Plan]().position(of: step, along: 5) == Double(step)) }
  }

  @Test func aPlanLeadsFromWhereTheRunStandsToTheEnd() {
    let plans = [Plan(from: 500, to: 750), Plan(from: 625, to: 1625)]
    #expect(plans.position(of: 500, along: 1000) == 500)
    #expect(plans.position(of: 600, along: 1000) == 700)
    // It begins where the one before has led.
    #expect(plans.position(of: 625, along: 1000) == 750)
    #expect(plans.position(of: 1125, along: 1000) == 875)
    #expect(plans.position(of: 1625, along: 1000) == 1000)
    // A run that goes on stays at the end.
    let rates = LearningRateSchedule.linear(end: 0.25, steps: 1000)
    #expect(rates.factor(at: plans.position(of: 3000, along: 1000)) == 0.25)
  }

  private func uniform(_ step: Int, _ seed: Int) -> Double {
    var bits = UInt64(step) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(seed) &* 0xD1B5_4A32_D192_ED03
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
  }
}
