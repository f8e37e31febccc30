import GAN
import TestFixtures
import Testing

/// The critic of the penalties' fixtures: two convolutions and a linear layer, `[N, 2, 8, 8]` to `[N, 1]`.
final class Critic: UnconditionalDiscriminator {
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

  /// The scores of images in training.
  func judge(_ images: Images) -> Scores { self(images, .training(RandomStream(seed: 1))) }

  /// Holds the gradients of `loss` with regard to each parameter against those of the fixture.
  func expectGradients(of loss: Loss, _ expected: Fixture.Case, within limit: Double = 1e-12) throws {
    for (entry, gradient) in zip(state.entries, gradients(of: loss.tensor, with: state.parameters)) {
      let gradient = gradient ?? entry.tensor.detached().zerosLike()
      #expect(gradient.deviation(from: try expected["grad_\(entry.name)"]) < limit, "\(entry.name)")
    }
  }
}
