import NN
import TestFixtures
import Testing
import Torch

@Suite struct ResidualLayerTests {
  private static func cases(_ prefix: String) throws -> [String] { try fixture("residual_layers").cases(prefix) }

  @Test(arguments: try cases("binomial_up")) func binomialUpSampling(name: String) throws {
    let expected = try fixture("residual_layers")[name]
    let layer = BinomialUpSample(try expected.pair("factor"))
    for format in [MemoryFormat.contiguous, .channelsLast] {
      try hold({ layer($0) }, doubles(), against: expected, format: format)
    }
  }

  @Test(arguments: try cases("binomial_down")) func binomialDownSampling(name: String) throws {
    let expected = try fixture("residual_layers")[name]
    let layer = BinomialDownSample(try expected.pair("factor"))
    for format in [MemoryFormat.contiguous, .channelsLast] {
      try hold({ layer($0) }, doubles(), against: expected, format: format)
    }
  }

  @Test(arguments: try cases("minibatch")) func minibatchStandardDeviation(name: String) throws {
    let expected = try fixture("residual_layers")[name]
    try hold({ MinibatchStandardDeviation()($0) }, doubles(), against: expected, tolerance: 1e-12)
  }

  @Test func samplesThatAreAlikeDeviateByTheRootOfEpsilonAlone() {
    let shown = MinibatchStandardDeviation()(.ones([4, 2, 3, 3], dtype: .float64))
    #expect(shown.shape == [4, 3, 3, 3])
    #expect(shown.slice(1, from: 2, count: 1).deviation(from: .full([4, 1, 3, 3], 1e-4, dtype: .float64)) < 1e-15)
  }

  @Test(arguments: try cases("conditional")) func conditionalBatchNorm(name: String) throws {
    let expected = try fixture("residual_layers")[name]
    let (state, classes) = (doubles(), try expected["classes"])
    let layer = ConditionalBatchNorm(state.root, 3, classes: 4)
    let pass = try expected.truth("training") ? Pass.training(RandomStream(seed: 1)) : .inference
    try hold({ layer($0, classes: classes, pass) }, state, against: expected, tolerance: 1e-13) {
      $0.hasSuffix("num_batches_tracked") ? "num_batches_tracked" : $0
    }
    try expectAfter(expected, state)
  }

  @Test(arguments: try cases("attention"), [MemoryFormat.contiguous, .channelsLast])
  func selfAttention(name: String, format: MemoryFormat) throws {
    let expected = try fixture("residual_layers")[name]
    let state = doubles()
    let layer = SelfAttention(state.root, try expected["input"].size(1), spectral: name == "attention.spectral")
    let training = Pass.training(RandomStream(seed: 1))
    try hold({ layer($0, training) }, state, against: expected, format: format, tolerance: 1e-13)
    try expectAfter(expected, state)
  }

  @Test func attentionBeginsAsTheIdentity() {
    let x = Tensor.normalRows(count: 2, size: 8 * 16, seed: 1).reshaped(2, 8, 4, 4)
    let layer = SelfAttention(StateDict(random: RandomGenerator(seed: 1)).root, 8)
    #expect(layer(x, .inference).isIdentical(to: x))
  }

  @Test func conditionalBatchNormBeginsAsBatchNormWithoutWeights() {
    let x = Tensor.normalRows(count: 6, size: 8, seed: 1).reshaped(6, 2, 2, 2)
    let layer = ConditionalBatchNorm(StateDict(random: RandomGenerator(seed: 1)).root, 2, classes: 3)
    let plain = BatchNorm(StateDict(random: RandomGenerator(seed: 1)).root, 2, affine: false)
    let training = Pass.training(RandomStream(seed: 1))
    let classes = Tensor([0, 1, 2, 0, 1, 2].map(Int64.init))
    #expect(layer(x, classes: classes, training, then: .relu).deviation(from: plain(x, training, then: .relu)) < 1e-6)
  }

  private func expectAfter(_ expected: Fixture.Case, _ state: StateDict) throws {
    for (name, tensor) in try expected.tensors(under: "after") {
      #expect(try #require(state[name]).deviation(from: tensor) < 1e-13, "\(name)")
    }
  }
}
