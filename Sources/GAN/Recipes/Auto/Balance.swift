import Foundation

/// The rules by which `auto` balances a game: what follows from picture size, batch size and number of steps. The batch is that
/// of an update: with accumulation, all of its parts.
///
/// Convolutional networks (``NetworkKind/dcgan`` without a norm in D), unless something else bounds D's slopes or weights:
///
/// - R1 and R2 with γ = (H · W / 784) · (64 / batch). A score's slope is taken over all pixels, so that its square
///   grows with their number, and the noise of a step falls with the batch (StyleGAN2-ADA has 0.0002 · H · W / batch, for
///   R1 alone; Karras et al. 2020, arXiv:2006.06676, appendix C). The factor was found on five sets of pictures
///   (Docs/games.md). At every fourth update of D: the same quality in three quarters of the time.
/// - Adam at 1.6e-3 · √(batch / 64), since the noise of a step falls with the root of the batch (Hoffer et al. 2017,
///   arXiv:1705.08741, section 4), with betas 0 and 0.99 (Karras et al. 2018, arXiv:1710.10196, appendix A).
/// - In class-conditional games D learns at a quarter of that rate, which was better on three sets of pictures with projection;
///   other kinds of conditioning get the same rate. Without class labels a slow D lost modes (Docs/games.md has both).
/// - D's gradient is clipped to a norm of 1 (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1): at this rate single steps on
///   natural pictures would otherwise throw D off.
/// - In runs of ``longRun`` steps and more the rate falls along half a cosine to a twentieth; shorter runs on MNIST get worse
///   with it.
///
/// Projected discriminators: Adam at 8e-4 · √(batch / 64), with betas 0 and 0.99, and no penalty, since they have batch norm.
///
/// Points in the plane: R1 with γ = 0.001, and Adam at 1e-3 · √(batch / 128), falling along half a cosine to a fiftieth, since
/// modes are narrow, and no average, with which modes were narrower (Docs/games.md has figures). Other networks keep their rates.
///
/// Elsewhere the average has a horizon of a tenth of the run, at least 100 and at most 2,000 steps: long enough to smooth out single
/// steps, short enough to forget the beginning. A second one has a quarter of it, since in short runs a shorter memory was better
/// (Docs/games.md has figures); when the run ends, the better one is shipped.
package enum Balance {
  /// From this many steps on a falling rate does no harm on MNIST; on natural pictures it does none much earlier.
  package static let longRun = 8_000

  /// Whether the rules apply to this game on pictures. They were tuned with relativistic pairing; other objectives get the same.
  private static func rules(_ recipe: AdversarialRecipe) -> Bool {
    recipe.network == .dcgan && recipe.norm == .none && !recipe.projected && !recipe.penalties.hasOtherLimits
  }

  /// Sets penalties and rates of a game on samples of `shape`.
  static func players(_ recipe: inout AdversarialRecipe, _ shape: SampleShape) {
    let batch = Double(recipe.batch) * Double(recipe.accumulation)
    if shape.height * shape.width == 1 {
      if !recipe.penalties.hasOtherLimits && recipe.norm == .none { recipe.penalties.r1 = 0.001 }
      recipe.eachPlayer { $0.learningRate = 1e-3 * (batch / 128).squareRoot() }
    } else if recipe.projected {
      recipe.eachPlayer {
        $0.learningRate = 8e-4 * (batch / 64).squareRoot()
        ($0.beta1, $0.beta2) = (0, 0.99)
      }
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
    recipe.averageDecay = isPlane ? 0 : 1 - 1 / Double(min(max(steps / 10, 100), 2_000))
    recipe.averages = isPlane ? 1 : 2
  }
}
