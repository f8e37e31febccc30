import NN
import TestFixtures
import Testing
import Torch

@Suite struct NormalizationTests {
  @Test(arguments: try fixture("normalization").cases("batch_norm"), [MemoryFormat.contiguous, .channelsLast])
  func batchNorm(name: String, format: MemoryFormat) throws {
    try holdBatchNorm(try fixture("normalization")[name], .unbiased, format)
  }

  @Test(arguments: try fixture("keras_batch_norm").cases(), [MemoryFormat.contiguous, .channelsLast])
  func batchNormAsKeras(name: String, format: MemoryFormat) throws {
    try holdBatchNorm(try fixture("keras_batch_norm")[name], .biased, format)
  }

  private func holdBatchNorm(_ expected: Fixture.Case, _ kept: BatchNorm.RunningVariance, _ format: MemoryFormat) throws
  {
    let state = doubles()
    let isTraining = try expected.truth("training")
    let layer = BatchNorm(
      state.root, try expected["input"].size(1), momentum: try expected.number("momentum"),
      epsilon: try expected.number("eps"), affine: expected.has("weight"), keeping: kept)
    let pass = isTraining ? Pass.training(RandomStream(seed: 1)) : .inference
    try hold({ layer($0, pass) }, state, against: expected, format: format)
    for name in ["running_mean", "running_var"] {
      let running = try #require(state[name])
      #expect(running.deviation(from: try expected["\(name)_after"]) < 1e-13, "\(name) after \(expected.name)")
    }
    #expect(state["num_batches_tracked"]?.item == (isTraining ? 1 : 0))
  }

  /// Real and generated images pass through one D before either loss is differentiated.
  @Test(arguments: [BatchNorm.RunningVariance.unbiased, .biased])
  func aSecondPassLeavesTheGradientsOfTheFirstAlone(kept: BatchNorm.RunningVariance) throws {
    let (state, random) = (doubles(), RandomGenerator(seed: 5))
    let layer = BatchNorm(state.root, 3, keeping: kept)
    let inputs = (0..<2).map { _ in Tensor.empty([4, 3, 2, 2], dtype: .float64) }
    for input in inputs { input.fillNormal(using: random) }
    let pass = Pass.training(RandomStream(seed: 1))
    let alone = gradients(of: layer(inputs[0], pass).pow(3).sum(), with: state.parameters)
    let (first, second) = (layer(inputs[0], pass), layer(inputs[1], pass))
    let together = gradients(of: first.pow(3).sum() + second.pow(3).sum() * 0, with: state.parameters)
    for (a, b) in zip(alone, together) { #expect(try #require(b).deviation(from: try #require(a)) < 1e-13) }
  }

  /// Autocast hands batch norm bfloat16 maps; weights and statistics stay float32.
  @Test(arguments: [BatchNorm.RunningVariance.unbiased, .biased])
  func bfloat16MapsAreNormalisedWithFloat32Statistics(kept: BatchNorm.RunningVariance) throws {
    let random = RandomGenerator(seed: 2)
    let state = StateDict(random: random)
    let layer = BatchNorm(state.root, 4, momentum: 0.5, keeping: kept)
    let wide = Tensor.empty([8, 4, 5, 5])
    wide.fillNormal(mean: 1, deviation: 2, using: random)
    let x = wide.to(.bfloat16).contiguous(.channelsLast)
    let y = layer(x, .training(RandomStream(seed: 1)))
    #expect(y.dtype == .bfloat16)
    #expect(state["running_var"]?.dtype == .float32)
    let variance = x.to(.float64).variance(axes: [0, 2, 3], correction: kept == .biased ? 0 : 1)
    let mean = x.to(.float64).mean(axes: [0, 2, 3])
    #expect(try #require(state["running_mean"]).deviation(from: mean * 0.5) < 1e-5)
    // The other convention is n / (n − 1) of this one, n = 200: the tolerance tells them apart.
    #expect(try #require(state["running_var"]).deviation(from: variance * 0.5 + 0.5) < 1e-5)
    let gradient = gradients(of: y.to(.float32).squared().sum(), with: state.parameters)
    #expect(gradient.allSatisfy { $0?.dtype == .float32 && $0?.isFinite == true })
  }

  @Test(arguments: [BatchNorm.RunningVariance.unbiased, .biased])
  func oneValueAChannelIsRefusedInTraining(kept: BatchNorm.RunningVariance) throws {
    let state = doubles()
    let layer = BatchNorm(state.root, 3, keeping: kept)
    let x = Tensor.ones([1, 3], dtype: .float64)
    #expect {
      try withTorchErrors { _ = layer(x, .training(RandomStream(seed: 1))) }
    } throws: {
      "\($0)".contains("[1, 3]") && "\($0)".contains("more than one value per channel")
    }
    #expect(layer(x, .inference).isFinite)
  }

  /// The running statistics of 64 channels say nothing of 128, whatever the memory behind them holds.
  @Test(arguments: [Activation.identity, .leakyReLU(0.2)])
  func otherChannelsAreRefusedInInferenceAsInTraining(activation: Activation) {
    let random = RandomGenerator(seed: 1)
    let layer = BatchNorm(StateDict(random: random).root, 64)
    for pass in [Pass.inference, .training(RandomStream(seed: 1))] {
      #expect {
        try withTorchErrors { _ = withoutGradient { layer(.ones([2, 128, 4, 4]), pass, then: activation) } }
      } throws: {
        "\($0)".contains("[2, 128, 4, 4]") && "\($0)".contains("[64]")
      }
    }
  }

  @Test(arguments: try fixture("normalization").cases("layer_norm")) func layerNorm(name: String) throws {
    let expected = try fixture("normalization")[name]
    let state = doubles()
    let shape = try expected.numbers("normalized_shape").map { Int($0) }
    let layer = LayerNorm(state.root, shape, epsilon: try expected.number("eps"))
    try hold({ layer($0) }, state, against: expected)
  }

  @Test(arguments: try fixture("normalization").cases("group_norm"), [MemoryFormat.contiguous, .channelsLast])
  func groupNorm(name: String, format: MemoryFormat) throws {
    let expected = try fixture("normalization")[name]
    let state = doubles()
    let layer = GroupNorm(
      state.root, groups: try expected.whole("groups"), try expected["input"].size(1),
      epsilon: try expected.number("eps"))
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  @Test(arguments: try fixture("normalization").cases("instance_norm"), [MemoryFormat.contiguous, .channelsLast])
  func instanceNorm(name: String, format: MemoryFormat) throws {
    let expected = try fixture("normalization")[name]
    let state = doubles()
    let layer = InstanceNorm(
      state.root, try expected["input"].size(1), affine: try expected.truth("affine"),
      epsilon: try expected.number("eps"))
    #expect(state.entries.count == (try expected.truth("affine") ? 2 : 0))
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  /// Few images are normalised one by one, with their activation in the same pass, and many by libtorch.
  @Test(arguments: [Activation.identity, .relu, .leakyReLU(0.2), .tanh])
  func instanceNormIsTheSameForFewImagesAndMany(activation: Activation) {
    let layer = InstanceNorm(doubles().root, 5, affine: true)
    let images = RandomStream(seed: 3).uniform([9, 5, 4, 3], -1, 2).to(.float64)
    let many = layer(images, then: activation)
    for range in [0..<1, 2..<9] {
      #expect((layer(images[range], then: activation) - many[range]).abs().max().item < 1e-12)
    }
    #expect((many - activation(layer(images))).abs().max().item < 1e-12)
  }
}
