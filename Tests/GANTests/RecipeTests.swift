import Foundation
import GAN
import Testing

@Suite struct RecipeTests {
  @Test(arguments: AdversarialRecipe.all) func namedRecipesAreSoundAndFoundByName(recipe: AdversarialRecipe) throws {
    try recipe.validate()
    #expect(try Catalog.named(recipe.name) as? AdversarialRecipe == recipe)
  }

  @Test func anUnknownNameNamesTheNearest() {
    let said = sentence { _ = try Catalog.named("dcgn") }
    #expect(said?.contains("did you mean 'dcgan'?") == true)
  }

  /// Every field takes what it shows, and another value, which it then shows.
  @Test(arguments: AdversarialRecipe.settings.map(\.key)) func everyFieldCanBeSet(key: String) throws {
    let field = try #require(AdversarialRecipe.settings.first { $0.key == key })
    let words = [
      "network": "mlp", "objective": "hinge", "update": "simultaneous", "precision": "float32",
      "optimizer": "rmsprop", "schedule": "cosine", "discriminator_norm": "spectral",
      "condition_generator": "batch-norm", "condition_discriminator": "auxiliary", "augment": "color,cutout",
      "start_from": "/runs/other", "feature_network": "/encoder.safetensors",
    ]
    let name = key.split(separator: ".").last.map(String.init) ?? key
    let isTruth = ["true", "false"].contains(field.text(.dcgan))
    let other = words[name] ?? (isTruth ? (field.text(.dcgan) == "true" ? "false" : "true") : nil)
    let isWhole = Int(field.text(.dcgan)) != nil
    let value = other ?? (isWhole ? "5" : "0.25")
    var recipe = AdversarialRecipe.dcgan
    try recipe.set(key, field.text(recipe))
    #expect(recipe == .dcgan)
    try recipe.set(key, value)
    #expect(field.text(recipe) == value)
    #expect(recipe != .dcgan)
    for sound in AdversarialRecipe.settings where sound.key != key { #expect(sound.text(recipe) == sound.text(.dcgan)) }
  }

  @Test(arguments: AdversarialRecipe.settings.map(\.key), ["", "many", "-1", "nan", "1e999"])
  func whatAFieldDoesNotTakeIsRefusedByName(key: String, value: String) throws {
    // A path can be anything but nothing.
    if ["start_from", "feature_network"].contains(key) && !value.isEmpty { return }
    var recipe = AdversarialRecipe.dcgan
    let said = sentence { try recipe.set(key, value) }
    #expect(said?.hasPrefix("\(key) needs ") == true)
    #expect(said?.hasSuffix("got '\(value)'") == true)
    #expect(recipe == .dcgan)
  }

  @Test(arguments: ["batch", "accumulation", "critic_steps", "base_width", "latent_size", "steps"])
  func sizesHaveBounds(key: String) {
    var recipe = AdversarialRecipe.dcgan
    for value in ["0", "9223372036854775807", "9223372036854775808", "1.5"] {
      #expect(throws: TrainingError.self, "\(value)") { try recipe.set(key, value) }
    }
  }

  @Test(arguments: [
    ("bacth", "batch"), ("learning_rate", "generator.learning_rate or discriminator.learning_rate"),
    ("generator.learning_rat", "generator.learning_rate"),
  ])
  func anUnknownKeyNamesTheNearest(key: String, nearest: String) {
    var recipe = AdversarialRecipe.dcgan
    let said = sentence { try recipe.set(key, "1") }
    #expect(said?.contains("did you mean \(nearest)?") == true, "\(said ?? "")")
  }

  @Test(arguments: [
    (["objective=wasserstein"], "Lipschitz"),
    (["gradient_penalty=10", "weight_clip=0.01", "network=mlp"], "set one of them to 0"),
    (["update=simultaneous", "critic_steps=2"], "critic_steps=1"),
    (["update=one-stage", "network=mlp", "critic_steps=2"], "critic_steps=1"),
    (["update=one-stage"], "the batch norm in dcgan's discriminator"),
    (
      ["update=one-stage", "network=mlp", "objective=relativistic-average"],
      "objective=relativistic-average does not allow"
    ),
    (["update=one-stage", "network=mlp", "r2=1"], "r2 gives one player a gradient of its own"),
    (["r1=1"], "r1 needs the slope at each single sample, but the batch norm in dcgan's discriminator"),
    (["network=mlp", "r1=1", "gradient_penalty=1"], "set one of them to 0"),
    (["network=mlp", "dragan=1", "gradient_penalty=1"], "set one of them to 0"),
    (["network=mlp", "discriminator_norm=spectral", "weight_clip=1"], "set weight_clip=0"),
    (["network=mlp", "discriminator_norm=batch"], "mlp's discriminator has no discriminator_norm=batch"),
    (["network=mlp", "attention=true"], "set attention=false"),
    (["network=dcgan-keras", "minibatch_deviation=true"], "has no minibatch_deviation"),
    (["network=dcgan-keras", "batch=1"], "set batch to 2 or more"),
    (["packing=3"], "packing=3 must divide batch=64"),
    (["condition_generator=concatenation"], "either both players are conditional on class labels or neither"),
    (["condition_discriminator=projection"], "either both players are conditional on class labels or neither"),
    (
      ["condition_generator=batch-norm", "condition_discriminator=projection"],
      "dcgan does not take class labels by batch-norm"
    ),
    (["condition_generator=concatenation", "condition_discriminator=auxiliary", "packing=2"], "set packing=1"),
    (["objective=hinge", "label_smoothing=0.1"], "objective=hinge has none"),
    (["objective=relativistic-average", "top_k=0.5"], "set top_k=1"),
    (["objective=relativistic-pairing", "lecam=1"], "set lecam=0"),
    (["generator.nesterov=true"], "generator.optimizer=sgd"),
    (["discriminator.momentum=0.9"], "discriminator.beta1"),
    (["generator.schedule=exponential"], "generator.schedule_end"),
    (["generator.clip_norm=1", "generator.clip_value=1"], "set one of them to 0"),
  ])
  func contradictionsAreRefused(assignments: [String], word: String) throws {
    var recipe = AdversarialRecipe.dcgan
    for assignment in assignments {
      let parts = assignment.split(separator: "=").map(String.init)
      try recipe.set(parts[0], parts[1])
    }
    let said = sentence { try recipe.validate() }
    #expect(said?.contains(word) == true, "\(said ?? "accepted")")
    #expect(throws: TrainingError.self) {
      try AdversarialGame(recipe, shape: SampleShape(channels: 1, height: 28, width: 28), seed: 1)
    }
  }

  /// A program can set what `--set` and `recipe.json` refuse.
  @Test(arguments: [
    ("packing", "0"), ("penalty_interval", "0"), ("critic_steps", "0"), ("dropout", "1.0"), ("r1", "-1.0"),
    ("label_smoothing", "-0.1"), ("generator.learning_rate", "nan"), ("steps", "1000000000001"),
    ("augment", "flip,flip"),
  ])
  func whatAProgramSetsHasTheSameBounds(key: String, value: String) {
    var recipe = AdversarialRecipe.dcganKeras
    switch key {
    case "packing": recipe.packing = 0
    case "penalty_interval": recipe.penalties.interval = 0
    case "critic_steps": recipe.criticSteps = 0
    case "dropout": recipe.dropout = 1
    case "r1": recipe.penalties.r1 = -1
    case "label_smoothing": recipe.labelSmoothing = -0.1
    case "generator.learning_rate": recipe.generator.learningRate = .nan
    case "steps": recipe.steps = 1_000_000_000_001
    default: recipe.augment = [.flip, .flip]
    }
    let said = sentence { try recipe.validate() }
    #expect(
      said?.hasPrefix("\(key) needs ") == true && said?.hasSuffix("got '\(value)'") == true, "\(said ?? "accepted")")
  }

  /// Whatever limit a run has, its `recipe.json` can be read.
  @Test(arguments: [1, 5_000_000_000_000, Int.max]) func anyNumberOfStepsCanBeFitted(steps: Int) throws {
    var recipe = AdversarialRecipe.dcgan
    recipe.fit(toSteps: steps)
    try recipe.validate()
  }

  @Test func aScheduleEndsWithTheRunThoughItBeginsAfterTheWarmUp() throws {
    var recipe = AdversarialRecipe.dcgan
    try recipe.set(all: ["generator.schedule=cosine", "generator.schedule_end=0.1", "generator.warm_up_steps=1000"])
    recipe.fit(toSteps: 5_000)
    let schedule = recipe.generator.learningRateSchedule
    #expect(schedule.factor(at: 1_000) == 1)
    #expect(schedule.factor(at: 4_990) > 0.1)
    #expect(abs(schedule.factor(at: 5_000) - 0.1) < 1e-12)
    #expect(recipe.discriminator.scheduleSteps == 5_000)
  }

  @Test(arguments: NetworkKind.allCases) func batchNormAloneMixesSamples(network: NetworkKind) throws {
    let game = try AdversarialGame(
      try tinyRecipe(network), shape: SampleShape(channels: 1, height: 12, width: 12), seed: 1)
    let images = Tensor.empty([8, 1, 12, 12])
    images.fillUniform(-1, 1, using: RandomGenerator(seed: 2))
    // Each pass moves what spectral norm remembers: both begin alike.
    let buffers = game.discriminator.state.buffers.map { ($0, $0.clone()) }
    func scores(_ images: Tensor) -> Tensor {
      for (buffer, start) in buffers { buffer.copy(from: start) }
      return game.discriminator(Images(images), .training(RandomStream(seed: 3))).tensor[0..<4]
    }
    // Do the first four score the same without the other four?
    let difference = (scores(images) - scores(images[0..<4])).abs().max().item
    #expect((game.recipe.norm == .batch) == (difference > 1e-5))
  }

  @Test func aGradientPenaltyNeedsADiscriminatorThatJudgesEachSampleAlone() throws {
    let shape = SampleShape(channels: 1, height: 12, width: 12)
    for network in NetworkKind.allCases {
      let recipe = try tinyRecipe(network, ["gradient_penalty=10"])
      let said = sentence { _ = try AdversarialGame(recipe, shape: shape, seed: 1) }
      let mixes = [.dcgan, .fastgan].contains(network)
      #expect((said?.contains("the batch norm in \(network.rawValue)'s discriminator") == true) == mixes, "\(network)")
      #expect((said == nil) == !mixes)
    }
  }

  @Test func networksBeyondMemoryAreRefused() {
    let said = sentence {
      var recipe = AdversarialRecipe("large", purpose: "", network: .dcganKeras, steps: 1)
      try recipe.set("base_width", "65536")
      _ = try AdversarialGame(recipe, shape: SampleShape(channels: 1, height: 28, width: 28), seed: 1)
    }
    #expect(said?.contains("this machine has") == true)
  }

  /// bfloat16 where the processor multiplies it, by what the kernel says of the processor.
  @Test func automaticPrecisionIsThatOfTheProcessor() throws {
    let flags =
      try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(separator: "\n")
      .first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
    let hasProducts = flags.contains("avx512_bf16") || flags.contains("amx_bf16")
    #expect(Precision.auto.dtype(on: .cpu) == (hasProducts ? .bfloat16 : nil))
    #expect(Precision.auto.settled == (hasProducts ? .bfloat16 : .float32))
    // A GPU does not depend on its host's instructions.
    #expect(Precision.auto.dtype(on: .cuda()) == .bfloat16 && Precision.auto.settled(on: .cuda()) == .bfloat16)
    for device in [Device.cpu, .cuda()] {
      #expect(Precision.float32.dtype(on: device) == nil && Precision.bfloat16.dtype(on: device) == .bfloat16)
    }
  }
}
