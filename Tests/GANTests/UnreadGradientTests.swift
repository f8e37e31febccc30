import GAN
import Testing

/// No convolution of a step makes a gradient that nobody reads: not that of real images, not D's weights' in G's turn.
@Suite struct UnreadGradientTests {
  /// Convolutions: D's two of real and of generated images, once more in G's own turn, and the way back through G's
  /// three. Transposed ones: G's three, then D's input gradients. Weights' gradients: D's two, twice, and G's three. The linear
  /// layers, one of D's and one of G's, are convolutions of single pixels: D's is played as often as its convolutions, each by
  /// each, and G's, which learns nothing of its latents, once.
  @Test(arguments: [
    (UpdateRule.oneStage, 4 + 3 + 3, 3 + 3 + 2, 4 + 3 + 3),
    (.simultaneous, 4 + 3 + 3, 3 + 2 + 2 + 3, 4 + 3 + 3),
    (.alternating, 4 + 2 + 3 + 4, 3 + 2 + 2 + 3, 4 + 3 + 3),
  ]) func convolutionsOfAStep(update: UpdateRule, convolutions: Int, transposes: Int, weights: Int) throws {
    let recipe = try tinyRecipe(.dcganKeras, ["update=\(update.rawValue)", "dropout=0"])
    let game = try AdversarialGame(recipe, shape: SampleShape(channels: 1, height: 12, width: 12), seed: 1)
    let step = TrainingStep(game, game.recipe.training, seed: 1) { labelled(Images(.ones([8, 1, 12, 12]))) }
    let profile = try withOperationProfile { _ = try step(0, attempt: 0) }
    func calls(_ name: String) -> Int { profile.first { $0.name == name }?.calls ?? 0 }
    #expect(calls("gan::convolution") == convolutions)
    #expect(calls("gan::convolution_transpose") == transposes)
    #expect(calls("gan::convolution_weight") == weights)
  }
}
