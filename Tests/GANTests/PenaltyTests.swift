import GAN
import TestFixtures
import Testing

/// Penalties of the fixtures' critic, and their gradients with regard to each of its parameters.
@Suite struct PenaltyTests {
  private let all: Fixture
  private let critic: Critic

  init() throws {
    all = try fixture("penalty")
    critic = try Critic(try all["critic"])
  }

  private func images(_ name: String) throws -> Images { Images(try all["critic"][name]) }

  private func agree(_ loss: Loss, _ expected: Fixture.Case) throws {
    #expect(loss.tensor.deviation(from: try expected["penalty"]) < 1e-12)
    try critic.expectGradients(of: loss, expected)
  }

  @Test(arguments: ["r1", "r2"]) func zeroCenteredPenaltyAgreesWithPyTorch(name: String) throws {
    let expected = try all[name]
    let leaf = try images(try expected.text("images")).requiringGradient()
    let scores = critic.judge(leaf)
    try agree(ZeroCenteredPenalty(weight: try expected.number("weight"))(scores, at: leaf), expected)
  }

  @Test func draganAgreesWithPyTorch() throws {
    let expected = try all["dragan"]
    let loss = DRAGAN(weight: try expected.number("weight"))(
      real: try images("real"), noise: try expected["noise"], mix: try expected["mix"], critic.judge)
    try agree(loss, expected)
  }

  @Test func consistencyAgreesWithPyTorch() throws {
    let expected = try all["consistency"]
    let scores = (critic.judge(try images("real")), critic.judge(try images("augmented_real")))
    try agree(Consistency(weight: try expected.number("weight"))(scores.0, augmented: scores.1), expected)
  }

  @Test func leCamAgreesWithPyTorch() throws {
    let expected = try all["lecam"]
    let averages = ScoreAverages()
    averages.update(real: Scores(try expected["average_real"]), fake: Scores(try expected["average_fake"]))
    let loss = LeCam(weight: try expected.number("weight"))(
      real: critic.judge(try images("real")), fake: critic.judge(try images("fake")), averages: averages)
    try agree(loss, expected)
  }

  /// The slope of a pack is that of its one score with regard to all of its images: Σ x of 12 numbers rises by √12.
  @Test func gradientPenaltyOfPacksTakesTheNormOfTheirWholeSlope() {
    let images = Images(.full([4, 1, 2, 3], 0.5, dtype: .float64))
    let loss = GradientPenalty(weight: 1)(real: images, fake: images, mix: .ones([4, 1, 1, 1])) {
      Scores(Packing(2)($0).tensor.flattened().sum(axes: [1], keepingAxes: true))
    }
    let excess = 12.0.squareRoot() - 1
    #expect(abs(loss.value - excess * excess) < 1e-14)
  }

  /// There are half as many scores.
  @Test func zeroCenteredPenaltyOfPacksIsThatOfTheirWholeSlope() throws {
    let leaf = Images(.full([4, 1, 2, 3], 0.5, dtype: .float64)).requiringGradient()
    let packs = Packing(2)(leaf)
    #expect(packs.tensor.shape == [2, 2, 2, 3])
    let scores = Scores(packs.tensor.squared().flattened().sum(axes: [1], keepingAxes: true))
    // ∇ Σ x² = 2 x = 1 in each of 12 numbers.
    #expect(ZeroCenteredPenalty(weight: 3)(scores, at: leaf).value == 1.5 * 12)
  }

  @Test func aConstantCriticPaysNothingToTheZeroCenteredPenaltyAndTheWholeWeightToDRAGAN() throws {
    withoutGradient { critic.state["score.weight"]?.fill(0) }
    let leaf = try images("real").requiringGradient()
    #expect(ZeroCenteredPenalty(weight: 10)(critic.judge(leaf), at: leaf).value == 0)
    let given = try all["dragan"]
    let loss = DRAGAN(weight: 10)(real: leaf, noise: try given["noise"], mix: try given["mix"], critic.judge)
    #expect(loss.value == 10)
  }

  @Test func sameScoresCostConsistencyNothing() throws {
    let scores = critic.judge(try images("real"))
    #expect(Consistency(weight: 10)(scores, augmented: scores).value == 0)
    #expect(Consistency(weight: 10)(scores + 2, augmented: scores).value > 39)
  }

  /// As the paper has it: on either side of the other's mean.
  @Test(arguments: [(2.0, 0.0, 5.0), (0, 1, 0), (-3, 1, 9), (0, 4, 9)])
  func leCamHoldsEachSideToTheOthersMean(real: Double, fake: Double, cost: Double) {
    func scores(_ value: Double) -> Scores { Scores(Tensor([value], shape: [1, 1])) }
    let averages = ScoreAverages()
    averages.update(real: scores(1), fake: scores(0))
    // α_R = 1, α_F = 0.
    let loss = LeCam(weight: 1)(real: scores(real), fake: scores(fake), averages: averages)
    #expect(loss.value == cost)
  }
}

@Suite struct ScoreAveragesTests {
  @Test func theMeansAgreeWithTheFormula() throws {
    let expected = try fixture("penalty")["score_averages"]
    let averages = ScoreAverages(decay: try expected.number("decay"))
    let (scores, wanted) = (try expected["scores"], try expected["averages"])
    for index in 0..<scores.size(0) {
      averages.update(real: Scores(scores[index][0].requiringGradient()), fake: Scores(scores[index][1]))
      #expect(averages.real.deviation(from: wanted[index][0]) < 1e-14)
      #expect(averages.fake.deviation(from: wanted[index][1]) < 1e-14)
      #expect(!averages.real.requiresGradient)
    }
  }

  /// A resumed run goes on as the run that never stopped.
  @Test func itsTensorsAreItsWholeState() throws {
    let scores = try fixture("penalty")["score_averages"]["scores"]
    let (one, other) = (ScoreAverages(), ScoreAverages())
    func feed(_ averages: ScoreAverages, _ range: Range<Int>) {
      for index in range { averages.update(real: Scores(scores[index][0]), fake: Scores(scores[index][1])) }
    }
    feed(one, 0..<3)
    for (saved, target) in zip(one.tensors, other.tensors) {
      #expect(saved.name == target.name)
      target.tensor.copy(from: saved.tensor)
    }
    feed(one, 3..<8)
    feed(other, 3..<8)
    for (a, b) in zip(one.tensors, other.tensors) { #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)") }
    #expect(one.real.item != 0)
  }
}

@Suite struct OrthogonalRegularizationTests {
  @Test(arguments: try fixture("penalty").cases("orthogonal."))
  func theGradientAgreesWithPyTorch(name: String) throws {
    let expected = try fixture("penalty")[name]
    let weight = try expected["weight"].requiringGradient()
    let regularization = OrthogonalRegularization(weight: try expected.number("weight"))
    let gradients = regularization.gradients(of: [(weight, 0), (weight.transposed(0, 1), 1)])
    #expect(gradients[0].deviation(from: try expected["grad_weight"]) < 1e-12)
    #expect(!gradients[0].requiresGradient)
    // The filters of a transposed convolution lie along its second axis.
    #expect(gradients[1].transposed(0, 1).deviation(from: try expected["grad_weight"]) < 1e-12)
  }

  @Test func orthogonalFiltersOfAnyLengthAreLeftAlone() {
    let weight = Tensor([3.0, 0, 0, 0, -2, 0], shape: [2, 3])
    #expect(OrthogonalRegularization().gradients(of: [(weight, 0)])[0].abs().max().item == 0)
  }

  /// Vectors of classes, learnt maps, gains and biases are no filters.
  @Test(arguments: [
    (NetworkKind.dcgan, "concatenation"), (.resnet, "batch-norm"), (.r3gan, "concatenation"), (.stylegan2, "mapping"),
  ])
  func whatIsNoFilterIsLeftAlone(network: NetworkKind, conditioning: String) throws {
    func moved(_ weight: Double) throws -> [String: [UInt8]] {
      // Both move at once, so that whatever differs after a step was regularised.
      var settings = ["update=simultaneous", "average_decay=0", "discriminator_norm=none"]
      settings += ["condition_generator=\(conditioning)", "condition_discriminator=projection"]
      settings += ["generator", "discriminator"].flatMap { ["\($0).optimizer=sgd", "\($0).orthogonal=\(weight)"] }
      let game = try AdversarialGame(
        try tinyRecipe(network, settings), shape: SampleShape(channels: 1, height: 12, width: 12),
        classes: try ClassTable(counts: [1, 1]), seed: 1)
      let labels = Tensor([Int64](repeating: 0, count: 8), shape: [8])
      let step = TrainingStep(game, game.recipe.training, seed: 1) {
        labelled(Images(.zeros([8, 1, 12, 12])), classes: labels)
      }
      _ = try step(0, attempt: 0)
      return game.bits
    }
    let (without, with) = (try moved(0), try moved(0.1))
    let changed = without.keys.filter { without[$0] != with[$0] }.sorted()
    for player in ["generator", "discriminator"] { #expect(changed.contains { $0.hasPrefix(player) }) }
    for name in changed {
      let parts = name.split(separator: ".")
      #expect(parts.last == "weight", "\(name)")
      #expect(!parts.contains { $0 == "class_embedding" || $0 == "gain" || $0 == "bias" }, "\(name)")
    }
  }
}
