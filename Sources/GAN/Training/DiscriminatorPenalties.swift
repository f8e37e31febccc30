/// The penalties of a recipe that are due in a step, as one term of D's loss.
struct DiscriminatorPenalties {
  private let game: Game
  private let draw: Draw
  private let pass: Pass
  private let precision: DType?
  private let settings: PenaltySettings
  /// What lazy terms are multiplied by, 0 in the steps between.
  private let factor: Double

  init(_ game: Game, _ draw: Draw, _ pass: Pass, _ precision: DType?) {
    self.game = game
    self.draw = draw
    self.pass = pass
    self.precision = precision
    settings = game.recipe.penalties
    factor = draw.step % settings.interval == 0 ? Double(settings.interval) : 0
  }

  /// Whether gradients with regard to the real images will be taken.
  var needRealSlopes: Bool { factor > 0 && settings.r1 > 0 }
  /// Whether gradients with regard to the generated images will be taken.
  var needFakeSlopes: Bool { factor > 0 && settings.r2 > 0 }

  /// The sum of the terms, zero where none is due.
  func callAsFunction(_ real: TrainingBatch, _ realScores: Scores, _ fake: TrainingBatch, _ fakeScores: Scores) -> Loss
  {
    var terms: [Loss] = []
    if factor > 0 { terms = lazyTerms(real, realScores, fake, fakeScores).map { factor * $0 } }
    if let averages = game.scoreAverages {
      averages.update(real: realScores, fake: fakeScores)
      terms.append(LeCam(weight: settings.leCam)(real: realScores, fake: fakeScores, averages: averages))
    }
    return terms.reduce(Loss(realScores.tensor.zerosLike().sum()), +)
  }

  private func lazyTerms(
    _ real: TrainingBatch, _ realScores: Scores, _ fake: TrainingBatch, _ fakeScores: Scores
  ) -> [Loss] {
    var terms: [Loss] = []
    if settings.r1 > 0 { terms.append(ZeroCenteredPenalty(weight: settings.r1)(realScores, at: real.images)) }
    if settings.r2 > 0 { terms.append(ZeroCenteredPenalty(weight: settings.r2)(fakeScores, at: fake.images)) }
    let judge = { (images: Images) in scores(images, real.classes) }
    let random = draw.random(.penalty)
    if settings.gradientPenalty > 0 {
      terms.append(
        GradientPenalty(weight: settings.gradientPenalty)(
          real: real.images, fake: fake.images.detached(), mix: uniform([real.images.count, 1, 1, 1], random), judge))
    }
    if settings.dragan > 0 {
      let noise = uniform(real.images.tensor.shape, random)
      let mix = uniform([real.images.count, 1, 1, 1], random)
      terms.append(DRAGAN(weight: settings.dragan)(real: real.images, noise: noise, mix: mix, judge))
    }
    if settings.consistencyReal > 0 {
      terms.append(consistency(settings.consistencyReal, real, realScores, .realChange))
    }
    if settings.consistencyFake > 0 {
      terms.append(consistency(settings.consistencyFake, fake, fakeScores, .fakeChange))
    }
    return terms
  }

  /// Scores must not change with what does not change what a picture shows: its place and, in recipes that flip, its side.
  private func consistency(_ weight: Double, _ batch: TrainingBatch, _ scores: Scores, _ purpose: Purpose) -> Loss {
    let change = Augmentation(game.recipe.augment.contains(.flip) ? [.flip, .translation] : [.translation])
    let changed = change(batch.images.detached(), using: draw.random(purpose))
    return Consistency(weight: weight)(scores, augmented: self.scores(changed, batch.classes))
  }

  private func scores(_ images: Images, _ classes: Tensor?) -> Scores {
    withAutocast(precision) { game.discriminator(images, classes: classes, pass).scores }
  }

  /// Uniform draws from 0 ..< 1.
  private func uniform(_ shape: [Int], _ random: RandomGenerator) -> Tensor {
    let draws = Tensor.empty(shape)
    draws.fillUniform(0, 1, using: random)
    return draws
  }
}
