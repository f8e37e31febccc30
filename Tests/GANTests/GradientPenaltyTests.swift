import GAN
import TestFixtures
import Testing

@Suite struct GradientPenaltyTests {
  @Test(arguments: try fixture("gradient_penalty").cases())
  func penaltyAndItsGradientsAgreeWithPyTorch(name: String) throws {
    let expected = try fixture("gradient_penalty")[name]
    let critic = try Critic(expected)
    let scores = critic(Images(try expected["mixed"]))
    #expect(scores.tensor.deviation(from: try expected["scores"]) < 1e-14)
    let loss = GradientPenalty(weight: try expected.number("weight"))(
      real: Images(try expected["real"]), fake: Images(try expected["fake"]), mix: try expected["epsilon"],
      critic.judge
    ).tensor
    #expect(loss.deviation(from: try expected["penalty"]) < 1e-14)
    try critic.expectGradients(of: Loss(loss), expected, within: 1e-13)
  }

  @Test func theRealAndGeneratedImagesGetNoGradient() throws {
    let expected = try fixture("gradient_penalty")["silu"]
    let critic = try Critic(expected)
    let fake = try expected["fake"].requiringGradient()
    let loss = GradientPenalty()(
      real: Images(try expected["real"]), fake: Images(fake), mix: try expected["epsilon"], critic.judge)
    #expect(gradients(of: loss.tensor, with: [fake])[0] == nil)
  }

  /// A critic that ignores its images has slope 0, one away from what is wanted.
  @Test func aConstantCriticPaysTheWholeWeight() throws {
    let expected = try fixture("gradient_penalty")["leaky_relu"]
    let critic = try Critic(expected)
    withoutGradient { critic.state["score.weight"]?.fill(0) }
    let loss = GradientPenalty(weight: 10)(
      real: Images(try expected["real"]), fake: Images(try expected["fake"]), mix: try expected["epsilon"],
      critic.judge)
    #expect(loss.value == 10)
    #expect(gradients(of: loss.tensor, with: critic.state.parameters).allSatisfy { $0?.isFinite ?? true })
  }
}

@Suite struct WeightClippingTests {
  @Test func everyWeightEndsWithinTheLimit() throws {
    let critic = try Critic(try fixture("gradient_penalty")["silu"])
    let before = critic.state.parameters.map { $0.detached().clone() }
    WeightClipping(limit: 0.1)(critic.state.parameters)
    for (parameter, old) in zip(critic.state.parameters, before) {
      #expect(parameter.isIdentical(to: old.clamped(-0.1, 0.1)))
      #expect(parameter.requiresGradient)
    }
    #expect(before.contains { $0.abs().max().item > 0.1 })
  }
}
