import NN
import TestFixtures
import Testing
import Torch

/// The fixtures' problem: half the mean squared error of tanh(x Wᵀ + b).
private struct Regression {
  let input, target: Tensor
  let parameters: [Tensor]

  init() throws {
    let problem = try fixture("lbfgs")["problem"]
    (input, target) = (try problem["input"], try problem["target"])
    parameters = [try problem["weight"].requiringGradient(), try problem["bias"].requiringGradient()]
  }

  func evaluate() -> (loss: Double, gradients: [Tensor?]) {
    let loss = (input.linear(parameters[0], parameters[1]).tanh() - target).squared().mean() * 0.5
    return (loss.item, gradients(of: loss, with: parameters))
  }

  func optimizer(_ expected: Fixture.Case) throws -> LBFGS {
    LBFGS(
      parameters, learningRate: try expected.number("lr"), iterations: try expected.whole("max_iter"),
      evaluations: try expected.whole("max_eval"), history: try expected.whole("history_size"))
  }
}

private func cases() throws -> [String] { try fixture("lbfgs").cases().filter { $0 != "problem" } }

@Suite struct LBFGSTests {
  /// The history of three pairs is full in the first step, and its rows are used again.
  @Test(arguments: try cases()) func fiveStepsAreThoseOfPyTorch(name: String) throws {
    let (expected, problem) = (try fixture("lbfgs")[name], try Regression())
    let optimizer = try problem.optimizer(expected)
    for step in 0..<5 {
      var losses: [Double] = []
      optimizer.step {
        let evaluation = problem.evaluate()
        losses.append(evaluation.loss)
        return evaluation
      }
      #expect(Tensor(losses[0], dtype: .float64).deviation(from: try expected["loss"][step]) < 1e-10, "step \(step)")
      for (parameter, what) in zip(problem.parameters, ["weight", "bias"]) {
        let deviation = parameter.deviation(from: try expected[what][step])
        // A history that is full amplifies rounding: PyTorch on an Intel processor (family 6, model 207) is 1.2e-8 away from itself
        // on the AMD one on which the fixture was made, and less than 2e-12 in the other cases.
        let isAmplified = name == "short_history" && step > 1
        #expect(deviation < (isAmplified ? 2e-8 : 1e-9), "\(what) after step \(step) of \(name)")
      }
    }
  }

  /// A step by given gradients is one iteration.
  @Test func stepsByGivenGradientsAreThoseOfOneIteration() throws {
    let (expected, problem) = (try fixture("lbfgs")["one_iteration"], try Regression())
    let optimizer = try problem.optimizer(expected)
    for step in 0..<5 {
      optimizer.step(problem.evaluate().gradients)
      #expect(problem.parameters[0].deviation(from: try expected["weight"][step]) < 1e-9, "step \(step)")
    }
  }

  @Test(arguments: try cases(), [1, 3]) func aRestoredMemoryGoesOnToTheBit(name: String, stop: Int) throws {
    let expected = try fixture("lbfgs")[name]
    let (whole, second) = (try Regression(), try Regression())
    let optimizers = (try whole.optimizer(expected), try second.optimizer(expected))
    for _ in 0..<stop { optimizers.0.step(whole.evaluate) }
    withoutGradient { second.parameters.copy(from: whole.parameters) }
    for (copy, original) in zip(optimizers.1.memory, optimizers.0.memory) { copy.tensor.copy(from: original.tensor) }
    for _ in stop..<5 {
      optimizers.0.step(whole.evaluate)
      optimizers.1.step(second.evaluate)
    }
    for (a, b) in zip(whole.parameters, second.parameters) { #expect(a.isIdentical(to: b)) }
  }

  /// What fails while it is evaluated again leaves the parameters as they were last evaluated.
  @Test func anErrorOfTheEvaluationIsThrown() throws {
    struct Failure: Error {}
    let problem = try Regression()
    var (calls, parameters) = (0, [Tensor]())
    #expect(throws: Failure.self) {
      try LBFGS(problem.parameters).step {
        calls += 1
        parameters = problem.parameters.map { $0.detached().clone() }
        guard calls < 3 else { throw Failure() }
        return problem.evaluate()
      }
    }
    for (a, b) in zip(problem.parameters, parameters) { #expect(a.isIdentical(to: b)) }
  }

  @Test func theAverageMovesOnceAStep() throws {
    let problem = try Regression()
    let average = problem.parameters.map { $0.detached().zerosLike() }
    LBFGS(problem.parameters).step(averaging: WeightAverage(average, decay: 0.75), problem.evaluate)
    for (a, b) in zip(average, problem.parameters) { #expect(a.deviation(from: b * 0.25) < 1e-14) }
  }
}
