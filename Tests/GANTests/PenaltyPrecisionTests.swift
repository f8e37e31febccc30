import GAN
import Testing

/// R1 and R2 where D computes in bfloat16, against float32, of the same weights and images.
///
/// A bfloat16 number has 8 significant bits: each rounding is off by up to 2⁻⁹ (0.2 %), and a slope has passed through two
/// roundings a layer, in the scores and on the way back. Its square and the sums are float32, since images are: so the size
/// of the penalty, a mean over all pixels, is off by little more than one rounding. The penalty's own gradient goes back
/// through all of these passes, and rounding changes the side of zero on which some activations lie.
@Suite struct PenaltyPrecisionTests {
  private static let shape = SampleShape(channels: 3, height: 32, width: 32)

  /// Where D's slopes are penalised: R1 does so at real images, in whose place there is noise, R2 at generated ones.
  enum Place: CaseIterable { case real, generated }

  /// The penalty of a game's discriminator, as a turn takes it, and its gradient.
  private func penalty(_ game: AdversarialGame, at place: Place, _ precision: DType?) -> (
    value: Double, gradients: [Tensor]
  ) {
    var pixels = Tensor.empty([32, 3, 32, 32])
    switch place {
    case .real: pixels.fillUniform(-1, 1, using: RandomGenerator(seed: 5))
    case .generated: pixels = game.generator(.normalRows(count: 32, size: game.generator.latentSize, seed: 5)).tensor
    }
    let images = Images(pixels).requiringGradient()
    let scores = withAutocast(precision, on: .cpu) { game.discriminator(images, .training(RandomStream(seed: 1))) }
    let loss = ZeroCenteredPenalty(weight: 10)(scores, at: images)
    let parameters = game.discriminator.state.parameters
    let found = gradients(of: loss.tensor, with: parameters)
    return (loss.value, zip(found, parameters).map { $0 ?? $1.detached().zerosLike() })
  }

  @Test(arguments: [NetworkKind.mlp, .dcgan, .resnet, .r3gan], Place.allCases)
  func aPenaltyInBfloat16IsCloseToThatInFloat32(network: NetworkKind, place: Place) throws {
    let settings = ["discriminator_norm=none", "r1=10"]
    let recipe = try tinyRecipe(network, (network == .r3gan ? ["r1=10"] : settings) + ["base_width=32"])
    let game = try AdversarialGame(recipe, shape: Self.shape, seed: 1)
    let (exact, rounded) = (penalty(game, at: place, nil), penalty(game, at: place, .bfloat16))
    let size = abs(rounded.value - exact.value) / exact.value
    let differences = zip(rounded.gradients, exact.gradients).map { $0 - $1 }
    let direction = differences.totalNorm().item / exact.gradients.totalNorm().item
    // Seen: 0.0003 to 0.003, and 0.006 to 0.02.
    #expect(size < 0.01)
    #expect(direction < 0.05)
    // In bfloat16 indeed.
    #expect(size > 0 && direction > 1e-4)
  }
}
