// What D is shown in a turn, and what the players minimise.
extension AdversarialGame {
  /// D's verdicts on real and generated images, augmented and with noise as D sees them.
  ///
  /// - Parameters:
  ///   - movers: who learns from them.
  ///   - move: how many moves D has made before, where it moves.
  func shown(_ real: Labelled?, _ fake: Labelled, to movers: [Player], _ turn: Turn, _ move: Int?) -> Shown {
    let (discriminatorMoves, generatorMoves) = (movers.contains { $0 === d }, movers.contains { $0 === g })
    let isDue = move.map { penaltyFactor($0) > 0 } ?? false
    let real = discriminatorMoves ? real?.asLeaf(isDue && recipe.penalties.r1 > 0) : real
    // D's own loss needs no path into G.
    let fake = generatorMoves ? fake : fake.asLeaf(isDue && recipe.penalties.r2 > 0)
    let seen = (real: real.map { view($0, turn, .realView) }, fake: view(fake, turn, .fakeView))
    let verdicts = turn.withPrecision { self.verdicts(seen.real, seen.fake, movers, turn.pass) }
    turn.lap(.discriminatorForward)
    var shown = Shown(fake: Shown.Side(batch: fake, seen: seen.fake, verdict: verdicts.fake))
    if let real, let realSeen = seen.real, let verdict = verdicts.real {
      shown.real = Shown.Side(batch: real, seen: realSeen, verdict: verdict)
    }
    return shown
  }

  private func view(_ batch: Labelled, _ turn: Turn, _ purpose: Purpose) -> Labelled {
    let random = turn.random(purpose)
    let augmented = Augmentation(recipe.augment, strength?.probability)(batch.images, using: random)
    let noise = InstanceNoise(deviation: recipe.instanceNoise, steps: recipe.instanceNoiseSteps)
    return Labelled(noise(augmented, step: turn.step, using: random), batch.classes)
  }

  private func verdicts(_ real: Labelled?, _ fake: Labelled, _ movers: [Player], _ pass: Pass)
    -> (real: Verdict?, fake: Verdict)
  {
    func verdict(_ batch: Labelled) -> Verdict { discriminator(batch.images, classes: batch.classes?.tensor, pass) }
    guard let real else { return (nil, verdict(fake)) }
    // Where D does not move, nobody learns from real images.
    guard movers.contains(where: { $0 === d }) else { return (withoutGradient { verdict(real) }, verdict(fake)) }
    return scoresTogether(movers) ? verdict(real.followed(by: fake)).halves : (verdict(real), verdict(fake))
  }

  /// Whether D scores real and generated images as one batch: a few large products instead of twice as many small ones, which
  /// pays for fully connected networks; not where D compares the images of a batch, which must be of one kind.
  private func scoresTogether(_ movers: [Player]) -> Bool {
    movers.count == 1 && recipe.opponent.scoresBothTogether && !recipe.minibatchDeviation
  }

  /// D's loss: the objective, the classes in ACGAN's game, and penalties.
  ///
  /// - Parameter move: how many moves D has made before.
  func discriminatorLoss(_ shown: Shown, _ turn: Turn, _ move: Int) -> Loss {
    guard let real = shown.real else { preconditionFailure("D's update needs real images") }
    let fake = shown.fake
    var loss = objective.discriminatorLoss(real: real.verdict.scores, fake: fake.verdict.scores)
    for side in [real, fake] { if let term = classLoss(side) { loss = loss + term } }
    if recipe.reconstruction > 0, let error = real.verdict.reconstruction {
      loss = loss + recipe.reconstruction * turn.withPrecision(error)
    }
    loss = loss + penalties(real, fake, turn, penaltyFactor(move))
    if let strength {
      let seen = strength.observe(
        real: real.verdict.scores, fake: fake.verdict.scores, move: move, isLastPart: turn.part == turn.parts - 1)
      turn.report(.overfitting, seen)
      turn.report(.augmentation, strength.probability.clone())
    }
    turn.report(.scoreReal, objective.displayed(real.verdict.scores))
    turn.report(.scoreFake, objective.displayed(fake.verdict.scores))
    turn.lap(.losses)
    return loss
  }

  /// G's loss: the objective at the images that D scores best, the classes in ACGAN's game, and feature matching.
  func generatorLoss(_ shown: Shown, _ turn: Turn) -> Loss {
    let fake = shown.fake
    let best = TopK(share: recipe.topK, steps: recipe.topKSteps)(fake.verdict.scores, step: turn.step)
    var loss = objective.generatorLoss(real: shown.real?.verdict.scores ?? best, fake: best)
    if let term = classLoss(fake) { loss = loss + term }
    if recipe.featureMatching > 0, let real = shown.real {
      let matching = FeatureMatching(weight: recipe.featureMatching)
      loss = loss + matching(real: real.verdict.features, fake: fake.verdict.features)
    }
    turn.lap(.losses)
    return loss
  }

  private func classLoss(_ side: Shown.Side) -> Loss? {
    guard let logits = side.verdict.classLogits, let classes = side.batch.classes else { return nil }
    return recipe.auxiliaryWeight * ClassLoss()(logits, classes: classes.tensor)
  }

  /// What lazy terms are multiplied by at D's move number `move` (from 0): 0 between those at which they are due.
  private func penaltyFactor(_ move: Int) -> Double {
    move % recipe.penalties.interval == 0 ? Double(recipe.penalties.interval) : 0
  }

  /// The sum of the penalties that are due, zero where none is.
  private func penalties(_ real: Shown.Side, _ fake: Shown.Side, _ turn: Turn, _ factor: Double) -> Loss {
    let scores = (real: real.verdict.scores, fake: fake.verdict.scores)
    var terms: [Loss] = []
    if factor > 0 { terms = lazyTerms(real, fake, turn).map { factor * $0 } }
    if let averages = scoreAverages {
      averages.update(real: scores.real, fake: scores.fake, part: turn.part)
      terms.append(
        LeCam(weight: recipe.penalties.leCam)(real: scores.real, fake: scores.fake, averages: averages))
    }
    return terms.reduce(Loss(scores.real.tensor.zerosLike().sum()), +)
  }

  /// The penalties that cost a pass through D of their own.
  private func lazyTerms(_ real: Shown.Side, _ fake: Shown.Side, _ turn: Turn) -> [Loss] {
    let weights = recipe.penalties
    var terms: [Loss] = []
    for (gamma, side) in [(weights.r1, real), (weights.r2, fake)] where gamma > 0 {
      terms.append(ZeroCenteredPenalty(weight: gamma)(side.verdict.scores, at: side.batch.images))
    }
    let score = { (images: Images) in self.scores(images, real.batch.classes, turn) }
    // Where D looks: at what it is shown.
    let images = real.seen.images.detached()
    if weights.gradientPenalty > 0 {
      let mix = mixes(images.count) { turn.uniformRows(.penalty, count: $0) }
      terms.append(
        GradientPenalty(weight: weights.gradientPenalty)(
          real: images, fake: fake.seen.images.detached(), mix: mix, score))
    }
    if weights.dragan > 0 {
      // Each part has a deviation of its own, so that it draws for itself, too.
      let random = turn.random(.penalty)
      let noise = random.uniform(images.tensor.shape, 0, 1)
      let mix = mixes(images.count) { random.uniform([$0, 1], 0, 1) }
      terms.append(DRAGAN(weight: weights.dragan)(real: images, noise: noise, mix: mix, score))
    }
    for (weight, side, purpose) in [
      (weights.consistencyReal, real, Purpose.realChange), (weights.consistencyFake, fake, .fakeChange),
    ] where weight > 0 { terms.append(consistency(weight, side, purpose, turn)) }
    return terms
  }

  /// Scores must not change with what does not change what an image shows: its place and, in recipes that flip, its side.
  private func consistency(_ weight: Double, _ side: Shown.Side, _ purpose: Purpose, _ turn: Turn) -> Loss {
    let change = Augmentation(recipe.augment.contains(.flip) ? [.flip, .translation] : [.translation])
    let changed = change(side.seen.images.detached(), using: turn.random(purpose))
    return Consistency(weight: weight)(side.verdict.scores, augmented: scores(changed, side.batch.classes, turn))
  }

  private func scores(_ images: Images, _ classes: Classes?, _ turn: Turn) -> Scores {
    turn.withPrecision { discriminator(images, classes: classes?.tensor, turn.pass).scores }
  }

  /// Where on each line a point lies, `[N, 1, 1, 1]`: the images of a pack are one point of D's, and share one of the
  /// numbers that `draws` gives.
  private func mixes(_ count: Int, _ draws: (_ count: Int) -> Tensor) -> Tensor {
    let packing = recipe.packing
    return draws(count / packing).expanded([count / packing, packing]).reshaped(count, 1, 1, 1)
  }
}

/// What D was shown in a turn, and what it said.
struct Shown {
  /// Images of one kind.
  struct Side {
    let batch: Labelled
    /// The same as D saw them: augmented, with noise.
    let seen: Labelled
    let verdict: Verdict
  }

  /// The real images; nil where nobody's loss asks about them.
  var real: Side?
  /// The generated ones.
  let fake: Side
}

/// Images and, in a conditional game, the class of each.
struct Labelled {
  let images: Images
  let classes: Classes?

  init(_ images: Images, _ classes: Classes?) { (self.images, self.classes) = (images, classes) }

  /// The same images, cut off from what made them, as something that gradients can be taken with regard to.
  func asLeaf(_ needsGradient: Bool) -> Labelled {
    Labelled(needsGradient ? images.requiringGradient() : images.detached(), classes)
  }

  /// Both as one batch.
  func followed(by other: Labelled) -> Labelled {
    let both = classes.flatMap { first in other.classes.map { Classes(.concatenated([first.tensor, $0.tensor])) } }
    return Labelled(Images(.concatenated([images.tensor, other.images.tensor])), both)
  }
}

extension Verdict {
  /// The verdicts on the first and on the second half of the images.
  fileprivate var halves: (real: Verdict, fake: Verdict) {
    let count = scores.tensor.size(0) / 2
    func half(_ rows: Range<Int>) -> Verdict {
      Verdict(scores: Scores(scores.tensor[rows]), features: features[rows], classLogits: classLogits?[rows])
    }
    return (half(0..<count), half(count..<2 * count))
  }
}

extension Purpose {
  static let generatorWeights = Purpose(rawValue: 1)
  static let discriminatorWeights = Purpose(rawValue: 2)
  static let penalty = Purpose(rawValue: 5)
  package static let realView = Purpose(rawValue: 8)
  package static let fakeView = Purpose(rawValue: 9)
  static let realChange = Purpose(rawValue: 10)
  static let fakeChange = Purpose(rawValue: 11)
  static let pathNoise = Purpose(rawValue: 12)
}

extension StepPart {
  package static let realImages = StepPart("real images")
  package static let generatorForward = StepPart("G forward")
  package static let discriminatorForward = StepPart("D forward")
  /// Losses, penalties, and the scores that a run shows.
  package static let losses = StepPart("losses")
}
