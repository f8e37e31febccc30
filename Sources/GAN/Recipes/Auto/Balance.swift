import Foundation

/// What follows from the size of pictures, the batch and the number of steps: the rules by which `auto` balances a game. The
/// batch is that of a move: with accumulation, all of its parts.
///
/// Convolutions (``NetworkKind/dcgan`` without a norm in D), unless something else keeps D's slopes or weights within bounds:
///
/// - R1 and R2 with γ = (H · W / 784) · (64 / batch). A score's slope is taken over all pixels, so that its square
///   grows with their number, and the noise of a step falls with the batch (StyleGAN2-ADA has 0.0002 · H · W / batch, for
///   R1 alone; Karras et al. 2020, arXiv:2006.06676, appendix C). The factor was found on five sets of pictures
///   (Docs/games.md). At D's every fourth move: the same quality for three quarters of the time.
/// - Adam at 1.6e-3 · √(batch / 64), since the noise of a step falls with the root of the batch (Hoffer et al. 2017,
///   arXiv:1705.08741, section 4), with betas 0 and 0.99 (Karras et al. 2018, arXiv:1710.10196, appendix A).
/// - Where the players are told the classes, D moves at a quarter of that rate: the better on three sets of pictures, by
///   projection; other ways to tell it get the same. Without classes a slow D left modes out (Docs/games.md has both).
/// - D's gradient at a norm of 1 at most (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1): at this rate single steps on
///   natural pictures throw D off otherwise.
/// - In runs of ``longRun`` steps and more the rate falls along half a cosine to a twentieth; shorter ones on MNIST lose by that.
///
/// The plane: R1 with γ = 0.01, and Adam at 1e-3 · √(batch / 128), falling along half a cosine to a fiftieth, since modes
/// are narrow. Other networks keep their rates.
///
/// The average has a horizon of a tenth of the run, at least 100 and at most 2,000 steps: long enough to take out what a
/// step does by chance, short enough to leave the beginning behind.
package enum Balance {
  /// From so many steps on a falling rate is no worse on MNIST; on natural pictures it is no worse much sooner.
  package static let longRun = 8_000

  /// Whether the rules are for this game on pictures. They were found with relativistic pairing; other objectives get the same.
  private static func rules(_ recipe: AdversarialRecipe) -> Bool {
    recipe.network == .dcgan && recipe.norm == .none && !recipe.penalties.bindOtherwise
  }

  /// Sets penalties and rates of a game on samples of `shape`.
  static func players(_ recipe: inout AdversarialRecipe, _ shape: SampleShape) {
    let batch = Double(recipe.batch) * Double(recipe.accumulation)
    if shape.height * shape.width == 1 {
      if !recipe.penalties.bindOtherwise && recipe.norm == .none { recipe.penalties.r1 = 0.01 }
      recipe.eachPlayer { $0.learningRate = 1e-3 * (batch / 128).squareRoot() }
    } else if rules(recipe) {
      let gamma = Double(shape.height * shape.width) / 784 * 64 / batch
      // A shared backward pass leaves no gradient of D's own at generated images.
      (recipe.penalties.r1, recipe.penalties.r2) = (gamma, recipe.update == .oneStage ? 0 : gamma)
      recipe.penalties.interval = 4
      recipe.eachPlayer {
        $0.learningRate = 1.6e-3 * (batch / 64).squareRoot()
        ($0.beta1, $0.beta2) = (0, 0.99)
      }
      if recipe.isConditional { recipe.discriminator.learningRate /= 4 }
      if recipe.discriminator.clipValue == 0 { recipe.discriminator.clipNorm = 1 }
    }
  }

  /// Fits rates and average to the number of steps.
  static func schedule(_ recipe: inout AdversarialRecipe, _ shape: SampleShape) {
    let steps = recipe.steps
    recipe.fit(toSteps: steps)
    let isPlane = shape.height * shape.width == 1
    if isPlane || (rules(recipe) && steps >= longRun) {
      recipe.eachPlayer {
        ($0.schedule, $0.scheduleEnd) = (.cosine, isPlane ? 0.02 : 0.05)
      }
    }
    recipe.averageDecay = 1 - 1 / Double(min(max(steps / 10, 100), 2_000))
  }
}
