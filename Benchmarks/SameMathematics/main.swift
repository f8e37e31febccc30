import CommandLineKit
import GAN

SameMathematics.main()

/// Plays one step of training, the very step that is timed, and writes what it was given and what came of it, so that
/// others can play the same step: `Benchmarks/check.py`.
struct SameMathematics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "same-mathematics", abstract: "Write one training step for others to repeat.",
    discussion:
      "Dropout is off, and both players take a plain gradient step: Adam's epsilon differs between frameworks.")

  @Argument(help: ArgumentHelp("mlp, dcgan, dcgan-keras, or auto for what it plays on digits.", valueName: "RECIPE"))
  var recipe: String
  @Option(help: ArgumentHelp("In which order the players move.", valueName: "RULE"))
  var update: String
  @Option(help: ArgumentHelp("float32 or bfloat16.", valueName: "P"))
  var precision = Precision.float32
  @Option(help: ArgumentHelp("The side of the pictures, in pixels.", valueName: "N"))
  var side = 28
  @Option(help: ArgumentHelp("The channels of the pictures.", valueName: "N"))
  var channels = 1
  @Option(help: ArgumentHelp("Pictures of each kind.", valueName: "N"))
  var batch = 12
  @Option(help: ArgumentHelp("The size of the gradient step.", valueName: "X"))
  var learningRate = 1.0
  @Option(help: ArgumentHelp("What weights, images and latents depend on.", valueName: "N"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Where the step goes.", valueName: "FILE.safetensors"))
  var out: String

  mutating func run() throws {
    let settings = try settings()
    // Digits have ten classes.
    let classes = settings.isConditional ? try ClassTable(counts: Array(repeating: 1, count: 10)) : nil
    let game = try AdversarialGame(
      settings, shape: SampleShape(channels: channels, height: side, width: side), classes: classes, seed: seed)
    try withTorchErrors { disturb(game) }
    let real = Tensor.empty([batch, channels, side, side])
    real.fillUniform(-1, 1, using: RandomGenerator(seed: seed + 1))
    var data = Batch(count: batch).with(.images, Images(real))
    // The latents that the step will draw by itself.
    let latents = Tensor.normalRows(
      count: batch, size: game.generator.latentSize, seed: derivedSeed(seed, Purpose.latents.rawValue, 0, 0, 0))

    var items: [SafetensorsWriter.Item] = []
    func add(_ name: String, _ tensor: Tensor) {
      // The step overwrites weights in place, so the file gets copies.
      let copy = tensor.detached().emptyLike()
      copy.copy(from: tensor.detached())
      items.append(item(name, copy.contiguous()))
    }
    func addWeights(_ prefix: String) {
      for (player, network) in [("generator", game.generator.state), ("discriminator", game.discriminator.state)] {
        for entry in network.entries where entry.isParameter { add("\(prefix)/\(player)/\(entry.name)", entry.tensor) }
      }
    }
    add("given/real", real)
    add("given/latents", latents)
    if let classes {
      // A game of pairs draws no other classes than those of the real images.
      let drawn = classes.drawn(batch, seed: derivedSeed(seed, 1))
      data = data.with(.classes, Classes(drawn))
      add("given/classes", drawn.to(.float32))
    }
    addWeights("given")
    let measured = try TrainingStep(game, game.recipe.training, seed: seed) { [data] in data }(0, attempt: 0)
    addWeights("after")
    add("loss/discriminator", Tensor(measured[.lossDiscriminator] ?? .nan, dtype: .float64))
    add("loss/generator", Tensor(measured[.lossGenerator] ?? .nan, dtype: .float64))
    try SafetensorsWriter.write(items, to: out)
  }

  private func settings() throws -> AdversarialRecipe {
    guard var settings = try recipe == AutoRecipe.name ? playedByAuto() : Catalog.named(recipe) as? AdversarialRecipe
    else { throw ValidationError("'\(recipe)' is no recipe of the adversarial game") }
    guard let rule = UpdateRule(rawValue: update) else {
      let rules = UpdateRule.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--update needs one of \(rules), got '\(update)'")
    }
    settings.update = rule
    settings.precision = precision
    settings.batch = batch
    settings.dropout = 0
    settings.averageDecay = 0
    for player: WritableKeyPath<AdversarialRecipe, PlayerSettings> in [\.generator, \.discriminator] {
      settings[keyPath: player].optimizer = .sgd
      settings[keyPath: player].learningRate = learningRate
    }
    return settings
  }

  private func playedByAuto() throws -> AdversarialRecipe {
    let digits = try DataSource("digits").load(.train)
    return try AutoRecipe.played(for: digits, minutes: AutoRecipe.usualMinutes) { _ in }.recipe
  }

  /// Biases that are zero and norms that are one would hide what is wrong with them.
  private func disturb(_ game: AdversarialGame) {
    let random = RandomGenerator(seed: 3)
    withoutGradient {
      for parameter in game.generator.state.parameters + game.discriminator.state.parameters
      where parameter.shape.count == 1 {
        let noise = parameter.emptyLike()
        noise.fillNormal(deviation: 0.1, using: random)
        parameter.add(noise)
      }
    }
  }

  private func item(_ name: String, _ tensor: Tensor) -> SafetensorsWriter.Item {
    SafetensorsWriter.Item(name, tensor.dtype == .float64 ? .float64 : .float32, shape: tensor.shape) { write in
      try tensor.withUnsafeBytes(write)
    }
  }
}

extension Precision: ExpressibleByArgument {}
