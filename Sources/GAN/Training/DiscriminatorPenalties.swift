/// The penalties of a recipe that are due in a move of D, as one term of its loss.
struct DiscriminatorPenalties {
  private let game: Game
  private let draw: Draw
  private let pass: Pass
  private let precision: DType?
  private let settings: PenaltySettings
  /// What lazy terms are multiplied by, 0 in the moves between.
  private let factor: Double

  init(_ game: Game, _ draw: Draw, _ pass: Pass, _ precision: DType?) {
    self.game = game
    self.draw = draw
    self.pass = pass
    self.precision = precision
    settings = game.recipe.penalties
    // D's moves come first in a step.
    let move = draw.step * game.recipe.criticSteps + draw.phase
    factor = move % settings.interval == 0 ? Double(settings.interval) : 0
  }

  /// Whether gradients with regard to the real images will be taken.
  var needRealSlopes: Bool { factor > 0 && settings.r1 > 0 }
  /// Whether gradients with regard to the generated images will be taken.
  var needFakeSlopes: Bool { factor > 0 && settings.r2 > 0 }

  /// The images of one kind, and what D said of them.
  struct Side {
    let batch: TrainingBatch
    /// The same as D saw them: augmented, with noise.
    let seen: TrainingBatch
    let scores: Scores
  }

  /// The sum of the terms, zero where none is due.
  func callAsFunction(_ real: Side, _ fake: Side) -> Loss {
    var terms: [Loss] = []
    if factor > 0 { terms = lazyTerms(real, fake).map { factor * $0 } }
    if let averages = game.scoreAverages {
      averages.update(real: real.scores, fake: fake.scores, part: draw.part)
      terms.append(LeCam(weight: settings.leCam)(real: real.scores, fake: fake.scores, averages: averages))
    }
    return terms.reduce(Loss(real.scores.tensor.zerosLike().sum()), +)
  }

  private func lazyTerms(_ real: Side, _ fake: Side) -> [Loss] {
    var terms: [Loss] = []
    for (gamma, side) in [(settings.r1, real), (settings.r2, fake)] where gamma > 0 {
      terms.append(ZeroCenteredPenalty(weight: gamma)(side.scores, at: side.batch.images))
    }
    let judge = { (images: Images) in scores(images, real.batch.classes) }
    // Where D looks: at what it is shown.
    let images = real.seen.images.detached()
    if settings.gradientPenalty > 0 {
      let mix = mixes(images.count) { draw.uniformRows(.penalty, count: $0) }
      terms.append(
        GradientPenalty(weight: settings.gradientPenalty)(
          real: images, fake: fake.seen.images.detached(), mix: mix, judge))
    }
    if settings.dragan > 0 {
      // Each part has a deviation of its own, so that it draws for itself, too.
      let random = draw.random(.penalty)
      let noise = uniform(images.tensor.shape, random)
      let mix = mixes(images.count) { uniform([$0, 1], random) }
      terms.append(DRAGAN(weight: settings.dragan)(real: images, noise: noise, mix: mix, judge))
    }
    if settings.consistencyReal > 0 { terms.append(consistency(settings.consistencyReal, real, .realChange)) }
    if settings.consistencyFake > 0 { terms.append(consistency(settings.consistencyFake, fake, .fakeChange)) }
    return terms
  }

  /// Scores must not change with what does not change what a picture shows: its place and, in recipes that flip, its side.
  private func consistency(_ weight: Double, _ side: Side, _ purpose: Purpose) -> Loss {
    let change = Augmentation(game.recipe.augment.contains(.flip) ? [.flip, .translation] : [.translation])
    let changed = change(side.seen.images.detached(), using: draw.random(purpose))
    return Consistency(weight: weight)(side.scores, augmented: scores(changed, side.batch.classes))
  }

  private func scores(_ images: Images, _ classes: Tensor?) -> Scores {
    withAutocast(precision) { game.discriminator(images, classes: classes, pass).scores }
  }

  /// Where on each line a point lies, `[N, 1, 1, 1]`: the images of a pack are one point of D's, and share one of the
  /// numbers that `draws` gives.
  private func mixes(_ count: Int, _ draws: (_ count: Int) -> Tensor) -> Tensor {
    let packing = game.recipe.packing
    return draws(count / packing).expanded([count / packing, packing]).reshaped(count, 1, 1, 1)
  }

  /// Uniform draws from 0 ..< 1.
  private func uniform(_ shape: [Int], _ random: RandomGenerator) -> Tensor {
    let draws = Tensor.empty(shape)
    draws.fillUniform(0, 1, using: random)
    return draws
  }
}
