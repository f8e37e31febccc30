import Foundation
import GAN
import PretendedGPU
import TestFixtures
import Testing

extension PretendedGPUTests {
  /// Whole training steps of every game: on the pretended GPU they give what they give on the host, no value comes to the host
  /// in a step, and nothing but the batch goes to the device. No game of the package has L-BFGS, which reads losses.
  @Suite struct Steps {
    /// What three steps give, brought to the host at the end.
    private struct Played {
      let scalars: [Scalars]
      let tensors: [(name: String, tensor: Tensor)]
      /// Whether parameters of each player have moved.
      let hasMoved: Bool
    }

    /// Plays steps of the game that `make` makes on `device`, on batches of its type.
    private func play(
      _ data: Dataset, _ training: TrainingSettings, _ dtype: DType, on device: Device, steps: Int = 3,
      _ make: (Device) throws -> any Game
    ) throws -> Played {
      let game = try make(device)
      #expect(game.device == device && game.tensors.allSatisfy { $0.tensor.device == device })
      func parameters() -> [[Tensor]] { game.players.map { $0.parameters.map { $0.detached().to(.cpu).clone() } } }
      let first = parameters()
      let loader = try BatchLoader(game.feeds(of: data), batchSize: training.batch, seed: 3)
      var uploadsOfBatches: Int64 = 0
      let step = TrainingStep(game, training, seed: 5) {
        let before = pretended_gpu_counts().uploads
        var batch = Batch(try loader.next(), on: device)
        uploadsOfBatches += pretended_gpu_counts().uploads - before
        for name in batch.names {
          if let column = batch[name], column.dtype == .float32 { batch[name] = column.to(dtype) }
        }
        return batch
      }
      let findings = try withoutReads {
        let findings = try (0..<steps).map { try step.play($0, attempt: 0) }
        #expect(pretended_gpu_counts().uploads == uploadsOfBatches)
        return findings
      }
      let tensors = game.tensors.map { ($0.name, $0.tensor.detached().to(.cpu)) }
      return Played(
        scalars: try StepFindings.read(findings).map { try $0.get() }, tensors: tensors,
        hasMoved: zip(first, parameters()).allSatisfy { zip($0, $1).contains { !$0.isIdentical(to: $1) } })
    }

    private func expectEqual(
      _ data: Dataset, _ training: TrainingSettings, tolerance: Double = 1e-9, _ make: (Device) throws -> any Game
    ) throws {
      let (host, device) = (
        try play(data, training, .float64, on: .cpu, make), try play(data, training, .float64, on: .pretended, make)
      )
      #expect(host.hasMoved)
      for (one, other) in zip(host.tensors, device.tensors) {
        #expect(one.name == other.name && one.tensor.dtype == other.tensor.dtype)
        let deviation = other.tensor.deviation(from: one.tensor, floor: 1e-2)
        #expect(deviation < tolerance, "\(one.name) deviates by \(deviation)")
      }
      for (one, other) in zip(host.scalars, device.scalars) {
        #expect(!one.isEmpty && one.map(\.scalar.name) == other.map(\.scalar.name))
        for (a, b) in zip(one, other) {
          #expect(abs(a.value - b.value) <= 1e-8 * max(1, abs(a.value)), "\(a.scalar.name)")
        }
      }
    }

    /// In bfloat16 rounding differs between kernels and compositions, and steps amplify it.
    private func expectAlikeInBFloat16(
      _ data: Dataset, _ training: TrainingSettings, _ make: (Device) throws -> any Game
    ) throws {
      #expect(training.precision == .bfloat16)
      let (host, device) = (
        try play(data, training, .float32, on: .cpu, make), try play(data, training, .float32, on: .pretended, make)
      )
      #expect(host.hasMoved && device.hasMoved)
      for (name, tensor) in device.tensors { #expect(tensor.isFinite, "\(name)") }
      for (one, other) in zip(host.scalars, device.scalars) {
        #expect(!one.isEmpty && one.map(\.scalar.name) == other.map(\.scalar.name))
        for (a, b) in zip(one, other) {
          #expect(abs(a.value - b.value) <= 0.1 * max(1, abs(a.value)), "\(a.scalar.name): \(a.value), \(b.value)")
        }
      }
    }

    private static let side = 8

    private func pixels(_ count: Int, _ shape: SampleShape) -> [UInt8] {
      (0..<(count * shape.elementCount)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    }

    /// Pictures of three classes.
    private func pictures(channels: Int = 1) throws -> Dataset {
      let shape = SampleShape(channels: channels, height: Self.side, width: Self.side)
      return try Dataset(
        name: "pictures",
        columns: [.pictures(pixels(24, shape), shape), .labels((0..<24).map { Int32($0 % 3) })])
    }

    private func changed<R: Recipe>(_ recipe: R, _ assignments: [String]) throws -> R {
      var recipe = recipe
      try recipe.set(
        assignments.map { assignment in
          let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
          return (key: parts[0], value: parts[1])
        })
      return recipe
    }

    private static let conv = "network=dcgan base_width=4"
    /// Of each way to play the adversarial game one setting at least.
    private static let adversarial = [
      "network=mlp", conv, "network=dcgan-keras base_width=4 dropout=0.3", "network=resnet base_width=4",
      "network=resnet base_width=4 attention=true minibatch_deviation=true", "network=r3gan base_width=4",
      "network=mlp update=simultaneous", "network=dcgan-keras base_width=4 update=one-stage dropout=0.3",
      "network=mlp update=one-stage objective=hinge", "network=mlp critic_steps=2 accumulation=2",
      "\(conv) accumulation=2", "network=mlp objective=minimax label_smoothing=0.1",
      "network=mlp objective=least-squares",
      "network=mlp objective=wasserstein weight_clip=0.01", "network=mlp objective=relativistic-pairing",
      "network=mlp objective=relativistic-average", "\(conv) discriminator_norm=spectral r1=1 r2=1",
      "network=mlp gradient_penalty=10 penalty_interval=2", "network=mlp dragan=10", "network=mlp lecam=0.3",
      "network=mlp lecam=0.3 accumulation=2",
      "\(conv) consistency_real=10 consistency_fake=10 augment=flip,translation",
      "\(conv) augment=flip,color,translation,cutout instance_noise=0.2 instance_noise_steps=9",
      "network=mlp packing=2", "network=mlp top_k=0.5 top_k_steps=2", "network=mlp feature_matching=1",
      "\(conv) condition_generator=concatenation condition_discriminator=concatenation",
      "network=resnet base_width=4 condition_generator=batch-norm condition_discriminator=projection",
      "\(conv) condition_generator=concatenation condition_discriminator=auxiliary",
      "network=mlp generator.optimizer=sgd generator.momentum=0.9 discriminator.optimizer=rmsprop average_decay=0.9",
      "network=mlp generator.optimizer=adamw generator.weight_decay=0.1 discriminator.optimizer=rmsprop discriminator.momentum=0.5",
      "network=mlp generator.clip_norm=0.01 discriminator.clip_value=0.001 generator.orthogonal=0.1",
      "network=mlp generator.schedule=cosine generator.schedule_steps=5 generator.warm_up_steps=2",
      "network=mlp average_decay=0",
      "\(conv) augment=rotation,translation augment_target=0.3 augment_steps=8 extra_layers=1",
      "network=stylegan2 base_width=4 style_mixing=0.5 path_length=2 path_length_interval=2 minibatch_deviation=true r1=1",
      "\(conv) projected=true feature_network=none objective=hinge",
    ]

    /// Gradients that are nothing but rounding, as of biases before a batch norm, must not become whole steps of Adam.
    private static let steady = ["generator", "discriminator"].map { "\($0).epsilon=0.001" }

    @Test(arguments: adversarial) func theAdversarialGame(settings: String) throws {
      let data = try pictures(channels: settings.contains("color") ? 3 : 1)
      let assignments = settings.split(separator: " ").map(String.init)
      let network = try #require(NetworkKind(rawValue: assignments[0].replacing("network=", with: "")))
      let players = Self.steady.filter { key in
        !assignments.contains { $0.hasPrefix(key.prefix { $0 != "." } + ".optimizer=sgd") }
      }
      let recipe = try changed(
        AdversarialRecipe("tiny", purpose: "tests", network: network, steps: 5),
        ["latent_size=6", "batch=6", "precision=float32"] + players + assignments.dropFirst())
      try expectEqual(data, recipe.training) { device in
        try AdversarialGame(
          recipe, shape: data.shape, classes: recipe.isConditional ? ClassTable(data) : nil, seed: 1, dtype: .float64,
          device: device)
      }
    }

    @Test(arguments: ["network=mlp", conv, "network=resnet base_width=4 attention=true"])
    func theAdversarialGameInBFloat16(settings: String) throws {
      let data = try pictures()
      let assignments = settings.split(separator: " ").map(String.init)
      let network = try #require(NetworkKind(rawValue: assignments[0].replacing("network=", with: "")))
      let recipe = try changed(
        AdversarialRecipe("tiny", purpose: "tests", network: network, steps: 5),
        ["latent_size=6", "batch=16", "precision=bfloat16"] + Self.steady + assignments.dropFirst())
      try expectAlikeInBFloat16(data, recipe.training) { device in
        try AdversarialGame(recipe, shape: data.shape, seed: 1, device: device)
      }
    }

    /// Pictures with targets.
    private func pairs() throws -> (data: Dataset, format: ColumnFormat) {
      let shape = SampleShape(channels: 1, height: Self.side, width: Self.side)
      let pixels = pixels(12, shape)
      let data = try Dataset(
        name: "pairs", columns: [.pictures(pixels, shape), .pictures(pixels.map { 255 - $0 }, shape, name: "target")])
      return (data, .pictures(shape))
    }

    private func translation(_ assignments: [String]) throws -> TranslationRecipe {
      try changed(
        TranslationRecipe.pix2pix,
        ["base_width=2", "discriminator_width=2", "discriminator_layers=1", "batch=2"] + Self.steady + assignments)
    }

    @Test(arguments: ["norm=batch", "norm=instance dropout=0.5 accumulation=2"])
    func imageTranslation(settings: String) throws {
      let (data, format) = try pairs()
      let recipe = try translation(["precision=float32"] + settings.split(separator: " ").map(String.init))
      try expectEqual(data, recipe.training) { device in
        try PairedTranslation(recipe, from: format, to: format, seed: 4, dtype: .float64, device: device)
      }
    }

    @Test func imageTranslationInBFloat16() throws {
      let (data, format) = try pairs()
      let recipe = try translation(["precision=bfloat16"])
      try expectAlikeInBFloat16(data, recipe.training) { device in
        try PairedTranslation(recipe, from: format, to: format, seed: 4, dtype: .float32, device: device)
      }
    }

    @Test(arguments: ["average_decay=0.9", "accumulation=2"]) func theAutoencoder(settings: String) throws {
      let data = try pictures()
      let recipe = try changed(
        AutoencoderRecipe("tiny", purpose: "tests", steps: 5),
        ["batch=6", "latent_size=3", "precision=float32", "autoencoder.epsilon=0.001", settings])
      try expectEqual(data, recipe.training) { device in
        try Autoencoder(recipe, shape: data.shape, seed: 1, dtype: .float64, device: device)
      }
    }

    @Test func theAutoencoderInBFloat16() throws {
      let data = try pictures()
      let recipe = try changed(
        AutoencoderRecipe("tiny", purpose: "tests", steps: 5),
        ["batch=16", "latent_size=3", "precision=bfloat16", "autoencoder.epsilon=0.001"])
      try expectAlikeInBFloat16(data, recipe.training) { device in
        try Autoencoder(recipe, shape: data.shape, seed: 1, dtype: .float32, device: device)
      }
    }

    /// It computes in float64, whatever the precision is.
    @Test(arguments: ["step_exponent=0.7", "accumulation=3"]) func theMixture(settings: String) throws {
      let coordinates = (0..<240).map { index -> Float in
        let noise = Float(UInt8(truncatingIfNeeded: (index &* 2_654_435_761) >> 7))
        return Float(index / 2 % 3 - 1) * 0.4 + noise / 2_000
      }
      let data = try Dataset(name: "clouds", columns: [.points(coordinates)])
      let recipe = try changed(
        MixtureRecipe("tiny", purpose: "tests", steps: 5), ["components=3", "batch=40", settings])
      try expectEqual(data, recipe.training) { try MixtureModel(recipe, data: data, seed: 1, device: $0) }
    }

    private func step(_ noise: @escaping (Turn) -> Tensor) throws -> Scalars {
      try TrainingStep(Noisy(.pretended, noise), TrainingSettings(steps: 1), seed: 1) { Batch(count: 1) }(
        0, attempt: 0)
    }

    @Test func aTensorThatIsMadeOnTheHostEndsTheStep() throws {
      #expect(try !step { $0.latents(size: 2) }.isEmpty)
      #expect {
        try step { turn in Tensor.normalRows(count: 1, size: 2, seed: turn.seed(.latents)) }
      } throws: { "\($0)".contains("pretended:0") && "\($0)".contains("cpu") }
    }
  }
}
