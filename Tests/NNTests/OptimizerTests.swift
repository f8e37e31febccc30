import NN
import TestFixtures
import Testing
import Torch

/// The optimizer that a case of the fixture describes.
private func optimizer(_ expected: Fixture.Case, _ parameters: [Tensor]) throws -> any Optimizer {
  func number(_ key: String, or standard: Double) throws -> Double {
    expected.sets(key) ? try expected.number(key) : standard
  }
  let (rate, decay) = (try expected.number("lr"), try number("weight_decay", or: 0))
  switch expected.name.prefix(while: { $0 != "." }) {
  case "sgd":
    return SGD(
      parameters, learningRate: rate, momentum: try number("momentum", or: 0),
      dampening: try number("dampening", or: 0),
      nesterov: expected.sets("nesterov") ? try expected.truth("nesterov") : false, weightDecay: decay)
  case "adam", "adamw":
    let betas = try expected.numbers("betas")
    let adam = Adam(
      parameters, learningRate: rate, betas: (betas[0], betas[1]), epsilon: try expected.number("eps"),
      weightDecay: decay, decoupled: expected.name.hasPrefix("adamw"))
    adam.lazyFactor = try number("lazy_factor", or: 1)
    return adam
  case "rmsprop":
    return RMSProp(
      parameters, learningRate: rate, alpha: try expected.number("alpha"), epsilon: try expected.number("eps"),
      momentum: try number("momentum", or: 0), weightDecay: decay)
  default: throw UnknownCase(name: expected.name)
  }
}

private func cases() throws -> [String] {
  try fixture("optimizer").cases().filter { $0 != "initial" && $0 != "gradients" }
}

/// The parameters before the first step, those with four axes in the order of `format`.
private func start(_ format: MemoryFormat = .channelsLast) throws -> [Tensor] {
  let initial = try fixture("optimizer")["initial"]
  return [try initial["weight"].contiguous(format).requiringGradient(), try initial["bias"].requiringGradient()]
}

/// The gradients of step `step`.
private func slopes(_ step: Int, _ format: MemoryFormat = .channelsLast) throws -> [Tensor] {
  let given = try fixture("optimizer")["gradients"]
  return [try given["weight"][step].contiguous(format), try given["bias"][step]]
}

@Suite struct OptimizerTests {
  /// The fused kernels walk memory and would be silently wrong where parameter and gradient differ in strides.
  @Test(
    arguments: try cases(),
    [
      (MemoryFormat.contiguous, MemoryFormat.contiguous), (.contiguous, .channelsLast),
      (.channelsLast, .contiguous), (.channelsLast, .channelsLast),
    ])
  func fiveStepsAreThoseOfPyTorch(name: String, formats: (MemoryFormat, MemoryFormat)) throws {
    let expected = try fixture("optimizer")[name]
    let parameters = try start(formats.0)
    let optimizer = try optimizer(expected, parameters)
    for step in 0..<5 {
      optimizer.step(try slopes(step, formats.1))
      for (parameter, what) in zip(parameters, ["weight", "bias"]) {
        #expect(parameter.deviation(from: try expected[what][step]) < 1e-14, "\(what) after step \(step) of \(name)")
      }
    }
  }

  @Test(arguments: try cases(), 0..<5) func aRestoredMemoryGoesOnToTheBit(name: String, stop: Int) throws {
    let expected = try fixture("optimizer")[name]
    let parameters = try start()
    let whole = try optimizer(expected, parameters)
    for step in 0..<stop { whole.step(try slopes(step)) }
    let restarted = parameters.map { $0.detached().clone().requiringGradient() }
    let second = try optimizer(expected, restarted)
    #expect(second.memory.map(\.name) == whole.memory.map(\.name))
    for (copy, original) in zip(second.memory, whole.memory) { copy.tensor.copy(from: original.tensor) }
    for step in stop..<5 {
      whole.step(try slopes(step))
      second.step(try slopes(step))
    }
    for (a, b) in zip(parameters, restarted) { #expect(a.isIdentical(to: b)) }
    for (a, b) in zip(whole.memory, second.memory) { #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)") }
  }

  /// A parameter that gets no gradient in some steps moves as if those steps were not there for it.
  @Test(arguments: try cases()) func aParameterWithoutGradientWaits(name: String) throws {
    let expected = try fixture("optimizer")[name]
    let (parameters, lone) = (try start(), try start())
    let (both, bias) = (try optimizer(expected, parameters), try optimizer(expected, [lone[1]]))
    for step in 0..<5 {
      let slopes = try slopes(step)
      both.step([slopes[0], step % 2 == 0 ? nil : slopes[1]])
      if step % 2 == 1 { bias.step([slopes[1]]) }
      #expect(parameters[0].deviation(from: try expected["weight"][step]) < 1e-14)
      #expect(parameters[1].isIdentical(to: lone[1]))
    }
    both.step([nil, nil])
    #expect(parameters[0].deviation(from: try expected["weight"][4]) < 1e-14)
  }

  /// Something that is not finite was found: nothing moves, until the flag is lowered and all goes on as if it had not been.
  @Test(arguments: try cases()) func aRaisedFlagLeavesEverythingAsItIs(name: String) throws {
    let expected = try fixture("optimizer")[name]
    let (parameters, others) = (try start(), try start())
    let (stopped, plain) = (try optimizer(expected, parameters), try optimizer(expected, others))
    let means = try [start(), start()].map { WeightAverage($0.map { $0.detached() }, decay: 0.75) }
    let flag = StopFlag(on: .cpu)
    let all = { parameters.map { $0.detached() } + stopped.memory.map(\.tensor) + means[0].tensors }
    for step in 0..<5 {
      let before = all().map { $0.clone() }
      flag.raise(unlessFinite: Tensor(step % 2 == 0 ? .nan : -.infinity))
      stopped.step(
        [Tensor.full([3, 2, 3, 3], .nan, dtype: .float64), try slopes(step)[1]], averaging: means[0], unless: flag)
      #expect(flag.isRaised && zip(before, all()).allSatisfy { $0.isIdentical(to: $1) })

      flag.lower()
      flag.raise(unlessFinite: Tensor(1e30))
      stopped.step(try slopes(step), averaging: means[0], unless: flag)
      plain.step(try slopes(step), averaging: means[1])
      #expect(!flag.isRaised)
      for (a, b) in zip(all(), others.map { $0.detached() } + plain.memory.map(\.tensor) + means[1].tensors) {
        #expect(a.isIdentical(to: b))
      }
    }
  }

  /// Keras adds epsilon to √v, not to √v̂, so that its ε is PyTorch's ε √(1 − β₂ᵗ); given that, the steps agree. Each step
  /// here is an optimizer of its own that takes over the memory of the last.
  @Test(arguments: try fixture("keras_adam").cases()) func adamIsThatOfKerasButForEpsilon(name: String) throws {
    let expected = try fixture("keras_adam")[name]
    let parameters = try start()
    var memory: [Tensor] = []
    for step in 0..<5 {
      let beta2 = try expected.number("beta_2")
      var power = 1.0
      for _ in 0...step { power *= beta2 }
      let adam = Adam(
        parameters, learningRate: try expected.number("learning_rate"),
        betas: (try expected.number("beta_1"), beta2),
        epsilon: try expected.number("epsilon") / (1 - power).squareRoot())
      for (entry, former) in zip(adam.memory, memory) { entry.tensor.copy(from: former) }
      adam.step(try slopes(step))
      memory = adam.memory.map(\.tensor)
      for (parameter, what) in zip(parameters, ["weight", "bias"]) {
        #expect(parameter.deviation(from: try expected[what][step]) < 1e-12, "\(what) after step \(step)")
      }
    }
  }
}
