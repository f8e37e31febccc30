import NN
import TestFixtures
import Testing
import Torch

@Suite struct LearningRateScheduleTests {
  @Test(arguments: try fixture("schedule").cases()) func agreesWithPyTorch(name: String) throws {
    let expected = try fixture("schedule")[name]
    let rate = try expected.number("rate")
    func rising(then: LearningRateSchedule) throws -> LearningRateSchedule {
      let steps = try expected.whole("warm_up_steps")
      return .warmUp(start: 1 / Double(steps + 1), steps: steps, then: then)
    }
    func cosine() throws -> LearningRateSchedule {
      .cosine(end: try expected.number("minimum") / rate, steps: try expected.whole("steps"))
    }
    let schedule: LearningRateSchedule =
      switch name {
      case "constant": .constant
      case "linear", "linear.to_tenth":
        .linear(end: try expected.number("end_factor"), steps: try expected.whole("steps"))
      case "cosine", "cosine.minimum": try cosine()
      case "exponential": .exponential(rate: try expected.number("gamma"))
      case "warm_up.constant": try rising(then: .constant)
      case "warm_up.cosine": try rising(then: try cosine())
      default: throw UnknownCase(name: name)
      }
    let values = try expected["values"]
    let ours = Tensor((0..<values.count).map { rate * schedule.factor(at: Double($0)) })
    // PyTorch multiplies step by step, which rounds otherwise than the closed form.
    #expect(ours.deviation(from: values, floor: rate) < 1e-13)
  }

  /// Between two steps a schedule goes on as between its first and its last.
  @Test func schedulesAreDefinedBetweenSteps() {
    #expect(LearningRateSchedule.linear(end: 0, steps: 2).factor(at: 0.5) == 0.75)
    #expect(abs(LearningRateSchedule.cosine(end: 0, steps: 1).factor(at: 0.5) - 0.5) < 1e-15)
    #expect(abs(LearningRateSchedule.exponential(rate: 0.25).factor(at: 0.5) - 0.5) < 1e-15)
    let rising = LearningRateSchedule.warmUp(start: 0.5, steps: 1, then: .linear(end: 0, steps: 2))
    #expect(rising.factor(at: 0.5) == 0.75 && rising.factor(at: 1.5) == 0.75)
  }

  @Test func aScheduleCanBeHeldAtItsBeginning() {
    let held = LearningRateSchedule.hold(steps: 4, then: .linear(end: 0, steps: 2))
    #expect([0, 3.5, 4, 4.5, 5, 6, 7].map { held.factor(at: $0) } == [1, 1, 1, 0.75, 0.5, 0, 0])
  }

  @Test func schedulesStayAtTheirEnd() {
    #expect(LearningRateSchedule.linear(end: 0.25, steps: 10).factor(at: 1_000_000) == 0.25)
    #expect(LearningRateSchedule.cosine(end: 0.25, steps: 10).factor(at: 1_000_000) == 0.25)
    #expect(LearningRateSchedule.linear(end: 0.25, steps: 0).factor(at: 0) == 0.25)
  }
}
