import GAN
import TestFixtures
import Testing

/// Whole training steps of games without pairs against the code of their authors, in float64
/// (`Tools/reference/make_original_steps.py`).
@Suite struct OriginalStepTests {
  private static let tiny = [
    "base_width=1", "discriminator_width=1", "discriminator_layers=1", "blocks=6", "batch=2", "precision=float32",
  ]

  private func play(_ game: any Game, _ recipe: some Recipe, seed: UInt64, _ expected: Fixture.Case) throws {
    for player in game.players {
      for entry in player.entries where entry.tensor.dtype == .float64 && !entry.name.hasSuffix("filt") {
        withoutGradient { entry.tensor.copy(from: value("\(player.name).\(entry.name)", entry.tensor.shape)) }
      }
    }
    let (batch, side) = (try expected.whole("batch"), try expected.whole("side"))
    var number = 0
    let step = TrainingStep(game, recipe.training, seed: seed) {
      defer { number += 1 }
      let shape = [batch, 1, side, side]
      return Batch(count: batch).with(.images, Images(.hashed("A\(number)", shape)))
        .with(.target, Images(.hashed("B\(number)", shape)))
    }
    for number in 0..<(try expected.whole("steps")) {
      let scalars = try step(number, attempt: 0)
      for loss in ["loss_generator", "loss_discriminator"] where expected.has("\(loss)\(number)") {
        let wanted = try expected["\(loss)\(number)"].item
        #expect(abs((scalars[loss] ?? .nan) - wanted) < 1e-10 * abs(wanted), "\(loss) of step \(number)")
      }
    }
    let after = try expected.tensors(under: "after")
    let parameters = game.players.flatMap { player in
      player.entries.filter(\.isParameter).map { ("\(player.name).\($0.name)", $0.tensor) }
    }
    #expect(Set(parameters.map(\.0)) == Set(after.keys))
    for (name, tensor) in parameters {
      let difference = (tensor.detached() - (try #require(after[name]))).abs().max().item
      // Adam turns the rounding errors that are all the gradient of a bias before an instance norm into steps of 1e-8.
      #expect(difference < (tensor.shape.count == 1 ? 1e-7 : 1e-8), "\(name) differs by \(difference)")
    }
  }

  private func value(_ name: String, _ shape: [Int]) -> Tensor {
    let draws = Tensor.hashed(name, shape)
    return shape.count == 1 ? draws * 0.2 : draws * (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
  }

  private var format: ColumnFormat { .pictures(SampleShape(channels: 1, height: 16, width: 16)) }

  @Test func cycleGAN() throws {
    var recipe = CycleRecipe.cyclegan
    try recipe.set(all: Self.tiny + ["generator.schedule=constant", "discriminator.schedule=constant"])
    let game = try CycleTranslation(recipe, from: format, to: format, seed: 1, dtype: .float64)
    try play(game, recipe, seed: 1, fixture("original_steps")["cyclegan"])
  }

  @Test(arguments: ["cut", "fastcut"]) func contrastive(name: String) throws {
    var recipe = ContrastiveRecipe(recorded: name)
    let constant = ["generator", "discriminator", "projection"].map { "\($0).schedule=constant" }
    try recipe.set(all: Self.tiny + constant + ["projection_width=6", "patches=4096"])
    let game = try ContrastiveTranslation(recipe, from: format, to: format, seed: 1, dtype: .float64)
    try play(game, recipe, seed: try seed(mirroring: [true, false, true]), fixture("original_steps")[name])
  }

  /// A seed by which the first steps are mirrored as the script's are.
  private func seed(mirroring pattern: [Bool]) throws -> UInt64 {
    try #require(
      (1...1000).first { seed in
        pattern.enumerated().allSatisfy { step, isMirrored in
          derivedSeed(seed, Purpose("mirror").rawValue, UInt64(step), 0, 0).isMultiple(of: 2) == isMirrored
        }
      })
  }
}
