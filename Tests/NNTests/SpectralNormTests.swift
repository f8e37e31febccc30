import NN
import TestFixtures
import Testing
import Torch

@Suite struct SpectralNormTests {
  @Test(arguments: try fixture("spectral_norm").cases(), [MemoryFormat.contiguous, .channelsLast])
  func agreesWithPyTorch(name: String, format: MemoryFormat) throws {
    let expected = try fixture("spectral_norm")[name]
    let (shape, state) = (try expected["weight"].shape, doubles())
    switch try expected.text("layer") {
    case "linear": try hold(Linear(state.root, shape[1], shape[0]), state, expected, format)
    case "conv2d":
      let layer = Conv2d(state.root, shape[1], shape[0], kernel: shape[2], padding: .symmetric(1))
      try hold(layer, state, expected, format)
    case "conv_transpose2d":
      let layer = ConvTranspose2d(state.root, shape[0], shape[1], kernel: shape[2], stride: 2, padding: .symmetric(1))
      try hold(layer, state, expected, format)
    default: throw UnknownCase(name: name)
    }
  }

  private func hold<Layer: WeightedLayer>(
    _ layer: Layer, _ state: StateDict, _ expected: Fixture.Case, _ format: MemoryFormat
  ) throws {
    #expect(layer.outputAxis == (try expected.whole("dim")))
    let normed = SpectralNorm(
      layer, iterations: try expected.whole("iterations"), epsilon: try expected.number("eps"))
    let pass = try expected.truth("training") ? Pass.training(RandomStream(seed: 1)) : .inference
    let names = [
      "parametrizations.weight.original": "weight", "parametrizations.weight.0._u": "u",
      "parametrizations.weight.0._v": "v",
    ]
    try NNTests.hold({ normed($0, pass) }, state, against: expected, format: format) { names[$0] ?? $0 }
    for (name, what) in names where what != "weight" {
      #expect(try #require(state[name]).deviation(from: try expected["\(what)_after"]) < 1e-13)
    }
  }

  /// Real and generated images pass through one D before either loss is differentiated.
  @Test func aSecondPassLeavesTheGradientsOfTheFirstAlone() throws {
    let state = doubles()
    let normed = SpectralNorm(Linear(state.root, 4, 3, bias: false))
    let saved = state.buffers.map { $0.clone() }
    let x = Tensor((0..<8).map { Double($0) - 3 }, shape: [2, 4])
    let pass = Pass.training(RandomStream(seed: 1))
    let alone = try #require(gradients(of: normed(x, pass).pow(3).sum(), with: state.parameters)[0])
    for (buffer, old) in zip(state.buffers, saved) { buffer.copy(from: old) }
    let (first, second) = (normed(x, pass), normed(x, pass))
    let together = try #require(gradients(of: first.pow(3).sum() + second.sum() * 0, with: state.parameters)[0])
    #expect(together.deviation(from: alone) < 1e-14)
  }

  @Test func theNormalisedWeightHasSpectralNormOne() {
    let state = doubles()
    let normed = SpectralNorm(Linear(state.root, 6, 6, bias: false))
    let identity = Tensor((0..<36).map { $0 % 7 == 0 ? 1.0 : 0.0 }, shape: [6, 6])
    for _ in 0..<200 { _ = normed(identity, .training(RandomStream(seed: 1))) }
    let weight = normed(identity, .inference)
    // The largest singular value bounds the gain of every vector, and the power iteration's own reaches it.
    var vector = Tensor.ones([6, 1], dtype: .float64)
    for _ in 0..<200 {
      vector = weight.transposed().matrixMultiplied(by: weight.matrixMultiplied(by: vector))
      vector = vector / vector.norm()
    }
    #expect(abs(weight.matrixMultiplied(by: vector).norm().item - 1) < 1e-6)
  }
}
