import Foundation
import GAN
import Testing

@Suite struct ConditioningTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  private func table() throws -> ClassTable { try ClassTable(counts: [10, 20, 10], names: ["a", "b", "c"]) }

  private func game(_ conditioning: String, _ network: NetworkKind = .mlp, _ others: [String] = []) throws
    -> AdversarialGame
  {
    let recipe = try tinyRecipe(
      network, ["condition_generator=concatenation", "condition_discriminator=\(conditioning)"] + others)
    return try AdversarialGame(recipe, shape: Self.shape, classes: try table(), seed: 1)
  }

  private func images(_ count: Int) -> Images {
    let pixels = Tensor.empty([count, 1, 12, 12])
    pixels.fillUniform(-1, 1, using: RandomGenerator(seed: 2))
    return Images(pixels)
  }

  private func classes(_ values: [Int64]) -> Tensor { Tensor(values, shape: [values.count]) }

  @Test(arguments: [NetworkKind.mlp, .dcgan]) func theSameLatentsMakeAnotherPictureOfAnotherClass(network: NetworkKind)
    throws
  {
    let generator = try game("projection", network).generator
    let latents = Tensor.normalRows(count: 1, size: 8, seed: 1)
    let pictures = [0, 1, 2, 0].map { generator(latents, classes: classes([$0])).tensor }
    #expect(pictures[0].isIdentical(to: pictures[3]))
    #expect(!pictures[0].isIdentical(to: pictures[1]))
    #expect(!pictures[1].isIdentical(to: pictures[2]))
    #expect(generator.latentSize == 8)
  }

  @Test(arguments: ["concatenation", "projection"]) func theScoreDependsOnTheClass(conditioning: String) throws {
    let discriminator = try game(conditioning).discriminator
    let scores = withoutGradient {
      [Int64(0), 1].map {
        discriminator(images(4), classes: classes([$0, $0, $0, $0]), .inference).scores.tensor
      }
    }
    #expect((scores[0] - scores[1]).abs().min().item > 1e-6)
  }

  /// f(x, y) = ψ(φ(x)) + yᵀ V φ(x) (Miyato and Koyama 2018, eq. 3), by hand.
  @Test func projectionIsTheInnerProductWithTheClassVector() throws {
    let discriminator = try game("projection").discriminator
    let wanted = classes([2, 0, 1, 1])
    let verdict = withoutGradient { discriminator(images(4), classes: wanted, .inference) }
    let vectors = try #require(discriminator.state["class_embedding.weight"])
    let (weight, bias) = (
      try #require(discriminator.state["fc4.weight"]), try #require(discriminator.state["fc4.bias"])
    )
    let byHand = withoutGradient {
      verdict.features.linear(weight, bias)
        + (vectors.rows(wanted) * verdict.features).sum(axes: [1], keepingAxes: true)
    }
    #expect((verdict.scores.tensor - byHand).abs().max().item < 1e-5)
  }

  @Test func anAuxiliaryClassifierHasALogitAClassAndLearnsThem() throws {
    let played = try game(
      "auxiliary", .mlp, ["learning_rate=0.01"].map { "discriminator.\($0)" } + ["auxiliary_weight=5"])
    let batch = images(8)
    let labels = classes([0, 1, 2, 0, 1, 2, 0, 1])
    func loss() throws -> Double {
      let logits = try #require(
        withoutGradient { played.discriminator(batch, classes: labels, .inference).classLogits })
      #expect(logits.shape == [8, 3])
      return ClassLoss()(logits, classes: labels).value
    }
    let before = try loss()
    let step = TrainingStep(played, played.recipe.training, seed: 1) { labelled(batch, classes: labels) }
    for index in 0..<40 { _ = try step(index, attempt: 0) }
    #expect(try loss() < before / 2)
  }

  /// D learns the classes of real and of generated images, G those it was asked for: the losses' parts that grow with the
  /// weight are two cross-entropies of three classes, and one.
  @Test func theClassCountsForBothPlayers() throws {
    func measured(_ weight: Int) throws -> Scalars {
      let played = try game(
        "auxiliary", .mlp, ["auxiliary_weight=\(weight)", "discriminator.learning_rate=0"])
      let step = TrainingStep(played, played.recipe.training, seed: 1) {
        labelled(images(8), classes: classes([0, 1, 2, 0, 1, 2, 0, 1]))
      }
      return try step(0, attempt: 0)
    }
    let (one, three, five) = (try measured(1), try measured(3), try measured(5))
    for (loss, entropies) in [(\Scalars.lossDiscriminator, 2.0), (\.lossGenerator, 1)] {
      let (first, second) = (three[keyPath: loss] - one[keyPath: loss], five[keyPath: loss] - three[keyPath: loss])
      #expect(abs(first - second) < 1e-4)
      // An untrained D knows little of classes.
      #expect(abs(first / 2 - entropies * 1.0986) < 0.3 * entropies, "\(first)")
    }
  }

  /// log 3 where all three classes are as likely; 0 where the right one is sure.
  @Test func theClassLossIsACrossEntropy() {
    let even = ClassLoss()(.zeros([2, 3]), classes: classes([0, 2])).value
    #expect(abs(even - 1.0986122886681098) < 1e-6)
    let sure = ClassLoss()(Tensor([Float(99), 0, 0], shape: [1, 3]), classes: classes([0])).value
    #expect(sure < 1e-6)
  }

  @Test func classesAreDrawnAsOftenAsInTheDataAndByRow() throws {
    let sampler = Sampler(try game("projection").generator, seed: 4)
    let drawn = try #require(sampler.classes(0..<4000)).array(of: Int64.self)
    let counts = (0..<3).map { wanted in drawn.count { $0 == wanted } }
    #expect(counts.reduce(0, +) == 4000)
    // Four deviations of a binomial draw.
    #expect(abs(counts[1] - 2000) < 127 && abs(counts[0] - 1000) < 110)
    #expect(try #require(sampler.classes(1000..<1100)).array(of: Int64.self) == Array(drawn[1000..<1100]))
  }

  @Test func samplerTakesClassesInTurnOrOne() throws {
    let generator = try game("projection").generator
    func classes(_ choice: Sampler.ClassChoice) throws -> [Int64] {
      try #require(Sampler(generator, seed: 4, classes: choice).classes(1..<6)).array(of: Int64.self)
    }
    #expect(try classes(.inTurn) == [1, 2, 0, 1, 2])
    #expect(try classes(.only(2)) == [2, 2, 2, 2, 2])
    let grid = Sampler(generator, seed: 4, classes: .inTurn)
    #expect(grid.previewCount == 24)
  }

  /// File systems keep apart what Swift takes for equal: an é of one character and one of two.
  @Test func classNamesOfOneLookAreToldApart() throws {
    let table = try ClassTable(counts: [1, 1], names: ["e\u{301}", "\u{e9}"])
    #expect(try table.index(of: "e\u{301}") == 0 && table.index(of: "\u{e9}") == 1)
    #expect(try ClassTable(counts: [1], names: ["e\u{301}"]).index(of: "\u{e9}") == 0)
  }

  @Test func aClassIsFoundByNameOrNumber() throws {
    let table = try table()
    #expect(try table.index(of: "b") == 1)
    #expect(try table.index(of: "2") == 2)
    let said = sentence { _ = try table.index(of: "3") }
    #expect(said == "there is no class '3'; there are a, b, c")
  }

  @Test func theFileOfAGeneratorKnowsItsClasses() throws {
    try withFolder { folder in
      let generator = try game("concatenation").generator
      try ModelFile.write(generator, to: folder + "/g")
      let read = try #require(try ModelFile.read(folder + "/g", .standard) as? any Generator)
      #expect(read.description == generator.description)
      #expect(read.description.classTable?.names == ["a", "b", "c"])
      let latents = Tensor.normalRows(count: 2, size: 8, seed: 1)
      #expect(
        read(latents, classes: classes([0, 2])).tensor.isIdentical(
          to: generator(latents, classes: classes([0, 2])).tensor))
    }
  }

  @Test(arguments: [
    #"{"counts": [0, 0]}"#, #"{"counts": [-5, 6]}"#, #"{"counts": [1, 1], "names": ["a"]}"#, #"{"counts": []}"#,
  ])
  func aTableThatCannotBeIsRefused(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ClassTable.self, from: Data(json.utf8)) }
  }

  @Test func hugeCountsAreDrawnFrom() throws {
    var description = NetworkDescription(.mlp, latentSize: 4, shape: Self.shape, baseWidth: 4)
    description.classTable = try ClassTable(counts: [Int.max, Int.max])
    description.conditioning = .concatenation
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    let drawn = try #require(Sampler(generator, seed: 1).classes(0..<100)).array(of: Int64.self)
    #expect(Set(drawn) == [0, 1])
  }

  /// A real image of a class is held against a generated one of the same class.
  @Test func relativisticPairsAreOfOneClass() throws {
    let played = try game("projection", .mlp, ["objective=relativistic-pairing", "discriminator.learning_rate=0"])
    let vectors = try #require(played.discriminator.state["class_embedding.weight"])
    // Images of any class but the second would score far off.
    let rows = Tensor([Float(1000), 0, 1000], shape: [3, 1]).expanded([3, vectors.size(1)])
    withoutGradient { vectors.copy(from: rows) }
    let labels = classes([1, 1, 1, 1, 1, 1, 1, 1])
    let step = TrainingStep(played, played.recipe.training, seed: 1) { labelled(images(8), classes: labels) }
    #expect(abs(try step(0, attempt: 0).scoreFake) < 10)
    func scoreFake(_ settings: [String]) throws -> Double {
      let played = try game("projection", .mlp, ["discriminator.learning_rate=0"] + settings)
      withoutGradient { played.discriminator.state["class_embedding.weight"]?.copy(from: rows) }
      let step = TrainingStep(played, played.recipe.training, seed: 1) { labelled(images(8), classes: labels) }
      return abs(try step(0, attempt: 0).scoreFake)
    }
    #expect(try scoreFake(["objective=hinge"]) > 10)
    // A line between images of two classes would be judged as if both were of one.
    #expect(try scoreFake(["objective=hinge", "gradient_penalty=10"]) < 10)
  }

  @Test func dataWithoutClassesAreRefused() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try tinyRecipe(
        .mlp, ["condition_generator=concatenation", "condition_discriminator=projection"])
      let said = sentence { _ = try Trainer(recipe, data: data, run: .create(folder + "/run")) }
      #expect(said?.contains("has no class labels") == true, "\(said ?? "")")
    }
  }
}
