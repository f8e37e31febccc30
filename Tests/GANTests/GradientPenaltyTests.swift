import GAN
import TestFixtures
import Testing

/// The critic of the fixture: two convolutions and a linear layer, `[N, 2, 8, 8]` to `[N, 1]`.
private final class Critic: UnconditionalDiscriminator {
  let state = StateDict(random: RandomGenerator(seed: 1), dtype: .float64)
  let conv1, conv2: Conv2d
  let score: Linear
  let activation: Activation

  init(_ expected: Fixture.Case) throws {
    let (stride, padding) = (try expected.whole("stride"), Padding.symmetric(try expected.whole("padding")))
    let slope = try expected.number("negative_slope")
    activation = try expected.text("activation") == "silu" ? .silu : .leakyReLU(slope)
    conv1 = Conv2d(state.root / "conv1", 2, 3, kernel: 4, stride: stride, padding: padding)
    conv2 = Conv2d(state.root / "conv2", 3, 4, kernel: 4, stride: stride, padding: padding)
    score = Linear(state.root / "score", 16, 1)
    try state.load(
      Dictionary(uniqueKeysWithValues: try state.entries.map { ($0.name, try expected[$0.name]) }))
  }

  var featureCount: Int { 16 }
  func features(_ images: Images, _ pass: Pass) -> Tensor {
    activation(conv2(activation(conv1(images.tensor)))).flattened()
  }
  func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(score(features)) }
}

@Suite struct GradientPenaltyTests {
  private let pass = Pass.training(RandomGenerator(seed: 1))

  @Test(arguments: try fixture("gradient_penalty").cases())
  func penaltyAndItsGradientsAgreeWithPyTorch(name: String) throws {
    let expected = try fixture("gradient_penalty")[name]
    let critic = try Critic(expected)
    let scores = critic(Images(try expected["mixed"]))
    #expect(scores.tensor.deviation(from: try expected["scores"]) < 1e-14)
    let loss = GradientPenalty(weight: try expected.number("weight"))(
      critic, real: Images(try expected["real"]), fake: Images(try expected["fake"]), mix: try expected["epsilon"], pass
    ).tensor
    #expect(loss.deviation(from: try expected["penalty"]) < 1e-14)
    let found = gradients(of: loss, with: critic.state.parameters)
    for (entry, gradient) in zip(critic.state.entries, found) {
      let gradient = gradient ?? entry.tensor.detached().zerosLike()
      #expect(gradient.deviation(from: try expected["grad_\(entry.name)"]) < 1e-13, "\(entry.name)")
    }
  }

  @Test func theRealAndGeneratedImagesGetNoGradient() throws {
    let expected = try fixture("gradient_penalty")["silu"]
    let critic = try Critic(expected)
    let fake = try expected["fake"].requiringGradient()
    let loss = GradientPenalty()(
      critic, real: Images(try expected["real"]), fake: Images(fake), mix: try expected["epsilon"], pass)
    #expect(gradients(of: loss.tensor, with: [fake])[0] == nil)
  }

  /// A critic that ignores its images has slope 0, one away from what is wanted.
  @Test func aConstantCriticPaysTheWholeWeight() throws {
    let expected = try fixture("gradient_penalty")["leaky_relu"]
    let critic = try Critic(expected)
    withoutGradient { critic.state["score.weight"]?.fill(0) }
    let loss = GradientPenalty(weight: 10)(
      critic, real: Images(try expected["real"]), fake: Images(try expected["fake"]), mix: try expected["epsilon"], pass
    )
    #expect(loss.value == 10)
    #expect(gradients(of: loss.tensor, with: critic.state.parameters).allSatisfy { $0?.isFinite ?? true })
  }
}

@Suite struct WeightClippingTests {
  @Test func everyWeightEndsWithinTheLimit() throws {
    let critic = try Critic(try fixture("gradient_penalty")["silu"])
    let before = critic.state.parameters.map { $0.detached().clone() }
    WeightClipping(limit: 0.1)(critic)
    for (parameter, old) in zip(critic.state.parameters, before) {
      #expect(parameter.isIdentical(to: old.clamped(-0.1, 0.1)))
      #expect(parameter.requiresGradient)
    }
    #expect(before.contains { $0.abs().max().item > 0.1 })
  }
}
