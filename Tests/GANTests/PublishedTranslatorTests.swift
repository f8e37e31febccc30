import Files
import Foundation
import GAN
import TestFixtures
import Testing

/// Files of the authors' networks, which say nothing of themselves.
@Suite struct PublishedTranslatorTests {
  typealias Tensors = [String: Tensor]

  private static let translators = [
    TranslatorDescription(.unet(depth: 5), baseWidth: 2, norm: .batch, dropout: 0.5, inference: .asInTraining),
    TranslatorDescription(.unet(depth: 2), baseWidth: 3, norm: .instance, dropout: 0.5, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 6, sampling: .strided), baseWidth: 2, norm: .instance, dropout: 0, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 9, sampling: .strided), baseWidth: 1, norm: .batch, dropout: 0.5, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 1, sampling: .strided), baseWidth: 1, norm: .instance, dropout: 0.5, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 9, sampling: .antialiased), baseWidth: 1, norm: .instance, dropout: 0, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 4, sampling: .antialiased), baseWidth: 2, norm: .batch, dropout: 0, inference: .asInTraining),
    TranslatorDescription(
      .cycleGAN(blocks: 5, sampling: .strided), baseWidth: 2, norm: .none, dropout: 0, inference: .asInTraining),
    TranslatorDescription(.unet(depth: 4), baseWidth: 1, norm: .none, dropout: 0.5, inference: .asInTraining),
  ]
  private static let cycleGAN = translators[2]

  private func network(_ description: TranslatorDescription) throws -> any TranslationNetwork {
    try description.makeNetwork(StateDict(random: RandomGenerator(seed: 3)), inputs: 3, outputs: 2)
  }

  private func tensors(_ state: StateDict) -> Tensors {
    Dictionary(uniqueKeysWithValues: state.entries.map { ($0.name, $0.tensor.detached()) })
  }

  private func write(_ tensors: Tensors, to path: String, metadata: [String: String] = [:]) throws {
    try SafetensorsWriter.write(
      tensors.sorted { $0.key < $1.key }.map { SafetensorsWriter.Item($0.key, $0.value) }, metadata: metadata, to: path)
  }

  /// What a file of these tensors is read as.
  private func read(_ tensors: Tensors, metadata: [String: String] = [:]) throws -> Translator {
    var translator: Translator?
    try withFolder { folder in
      let path = folder + "/latest_net_G.safetensors"
      try write(tensors, to: path, metadata: metadata)
      translator = try ModelFile.read(path, .standard) as? Translator
    }
    return try #require(translator)
  }

  private func column(_ input: Blueprint.Input) -> ColumnDescription? {
    if case .data(let column) = input { column } else { nil }
  }

  private func expectSame(_ translator: Translator, _ network: any TranslationNetwork) {
    let images = Images(Tensor.hashed("images", [1, 3, network.leastSide, 2 * network.leastSide]).to(.float32))
    withoutGradient {
      #expect(
        translator.network(images, .inference).tensor.isIdentical(to: network(images, .inference).tensor))
    }
  }

  @Test(arguments: translators) func namesAndShapesSayAll(description: TranslatorDescription) throws {
    let network = try network(description)
    let translator = try read(tensors(network.state), metadata: ["format": "pt"])
    #expect(translator.description == description)
    let images = try #require(translator.blueprint.inputs.compactMap(column).first)
    #expect(images.name == "images" && images.format.kind == .pictures && images.format.shape[2] == 3)
    #expect(translator.blueprint.output.name == "target" && translator.blueprint.output.format.shape[2] == 2)
    expectSame(translator, network)
  }

  /// What was read is written as a file that describes itself.
  @Test(arguments: translators) func itIsWrittenAsOurs(description: TranslatorDescription) throws {
    try withFolder { folder in
      let translator = try read(tensors(try network(description).state))
      try ModelFile.write(translator, to: folder + "/model.safetensors")
      let again = try #require(try ModelFile.read(folder + "/model.safetensors", .standard) as? Translator)
      #expect(again.blueprint == translator.blueprint && again.description == description)
      expectSame(again, translator.network)
    }
  }

  @Test(arguments: translators) func prefixesOfSeveralDevicesAreDropped(description: TranslatorDescription) throws {
    let network = try network(description)
    let prefixed = Dictionary(uniqueKeysWithValues: tensors(network.state).map { ("module.\($0)", $1) })
    expectSame(try read(prefixed), network)
  }

  @Test func runningStatisticsOfInstanceNormAreDropped() throws {
    for description in Self.translators where description.norm == .instance {
      let network = try network(description)
      var old = tensors(network.state)
      for place in ["model.2", "model.12.conv_block.2", "model.model.1.model.4"] {
        old["\(place).running_mean"] = .ones([4])
        old["\(place).running_var"] = .ones([4])
        old["\(place).num_batches_tracked"] = .zeros([], dtype: .int64)
      }
      expectSame(try read(old), network)
    }
  }

  @Test func countsOfBatchesMayBeMissing() throws {
    let network = try network(Self.translators[3])
    expectSame(try read(tensors(network.state).filter { !$0.key.hasSuffix("num_batches_tracked") }), network)
  }

  @Test func halfPrecisionIsRead() throws {
    let network = try network(Self.cycleGAN)
    let halves = tensors(network.state).mapValues { $0.to(.float16) }
    let translator = try read(halves)
    let weight = try #require(translator.state["model.1.weight"])
    #expect(weight.isIdentical(to: try #require(halves["model.1.weight"]).to(.float32)))
  }

  /// A file that torch.save wrote in its oldest form and Tools/convert_weights.py turned into this one, from the authors' network
  /// with "module." before each name and statistics of instance norm; its numbers are hashes.
  @Test func aConvertedFileIsRead() throws {
    let file = try #require(
      Bundle.module.url(forResource: "published", withExtension: "safetensors", subdirectory: "Fixtures"))
    let translator = try #require(try ModelFile.read(file.path, .standard) as? Translator)
    #expect(
      translator.description
        == TranslatorDescription(
          .cycleGAN(blocks: 6, sampling: .strided), baseWidth: 1, norm: .instance, dropout: 0, inference: .asInTraining)
    )
    for entry in translator.state.entries {
      let shape = entry.tensor.shape
      let scale = shape.count == 1 ? 0.2 : (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      #expect((Tensor.hashed(entry.name, shape) * scale).to(.float32).isIdentical(to: entry.tensor), "\(entry.name)")
    }
    #expect(translator.state.entries.count == 36)
  }

  @Test func aGameBeginsWithAConvertedFile() throws {
    let path = try #require(
      Bundle.module.url(forResource: "published", withExtension: "safetensors", subdirectory: "Fixtures")
    ).path
    var recipe = CycleRecipe.cyclegan
    try recipe.set(all: ["discriminator_width=1", "discriminator_layers=1", "jitter=1", "precision=float32"])
    try recipe.begin(with: path)
    #expect((recipe.blocks, recipe.baseWidth, recipe.norm) == (6, 1, .instance))
    func data(channels: Int) throws -> Dataset {
      let shape = SampleShape(channels: channels, height: 16, width: 16)
      let sides = try (0..<2).map { side in
        let pixels = (0..<(2 * shape.elementCount)).map { UInt8(truncatingIfNeeded: $0 * (3 + side)) }
        return try Dataset(name: "side", columns: [.pictures(pixels, shape)])
      }
      return try Dataset(name: "sides", columns: sides[0].columns, counterpart: sides[1])
    }
    let game = try recipe.makeGame(for: data(channels: 3), seed: 1)
    let (product, file) = (try #require(game.product as? Translator), try ModelFile.read(path, .standard))
    let forward = try product.oneWay(.aToB).state
    #expect(!file.state.entries.isEmpty)
    for entry in file.state.entries {
      #expect(forward[entry.name]?.isIdentical(to: entry.tensor) == true, "\(entry.name)")
    }
    let grey = try data(channels: 1)
    let said = sentence { _ = try recipe.makeGame(for: grey, seed: 1) }
    #expect(
      said?.contains("it makes pictures of 3 channels of those of 3, and the data have 1 and 1") == true,
      "\(said ?? "")")
  }

  @Test(arguments: [
    ("twice", "has both 'model.1.bias' and 'module.model.1.bias'"),
    ("missing", "missing: model.13.conv_block.5.bias"),
    ("missing last", "its tensor model.23.weight [outputs, inputs, 7, 7] is missing"),
    ("left over", "not part of this network: attention.weight"),
    ("other kernel", "its tensor model.1.weight has shape [2, 3, 5, 5], expected [outputs, inputs, 7, 7]"),
    ("other width", "model.4.weight has shape [4, 3, 3, 3], expected [4, 2, 3, 3]"),
    ("not finite", "its tensor model.1.bias holds what is infinite or not a number"),
    ("other blur", "its tensor model.7.filt is another blur than CUT's"),
    ("patch discriminator", "model.0.weight is that of a PatchGAN discriminator, as in latest_net_D"),
    ("pixel discriminator", "net.0.weight is that of a PixelGAN discriminator, as in latest_net_D"),
    ("projection", "mlp_0.0.weight is that of CUT's projection head, as in latest_net_F"),
    ("another network", "its tensors, such as 'conv_body.weight', 'conv_first.weight', belong to no known network"),
    ("nothing", "lacks 'network' or 'settings', and it has no tensors"),
    ("flat unet", "halves the sides of pictures 1 times, not 2 to 10 times"),
  ])
  func whatIsWrongIsSaid(fault: String, sentence expected: String) throws {
    let random = StateDict(random: RandomGenerator(seed: 1))
    var given = tensors(try network(Self.cycleGAN).state)
    switch fault {
    case "twice": given["module.model.1.bias"] = given["model.1.bias"]
    case "missing": given["model.13.conv_block.5.bias"] = nil
    case "missing last": given["model.23.weight"] = nil
    case "left over": given["attention.weight"] = .zeros([1])
    case "other kernel": given["model.1.weight"] = .zeros([2, 3, 5, 5])
    case "other width": given["model.4.weight"] = .zeros([4, 3, 3, 3])
    case "not finite": given["model.1.bias"] = .full([2], .nan)
    case "other blur":
      given = tensors(try network(Self.translators[5]).state)
      given["model.7.filt"] = .full([2, 1, 3, 3], 1.0 / 9)
    case "patch discriminator":
      _ = PatchDiscriminator(random, channels: 3, baseWidth: 1)
      given = tensors(random)
    case "pixel discriminator":
      _ = PixelDiscriminator(random, channels: 3, baseWidth: 1)
      given = tensors(random)
    case "projection":
      _ = PatchProjection(random, channels: [3], width: 2)
      given = tensors(random)
    case "another network": given = ["conv_first.weight": .zeros([2, 3, 3, 3]), "conv_body.weight": .zeros([2])]
    case "nothing": given = [:]
    default: given = ["model.model.0.weight": .zeros([2, 3, 4, 4]), "model.model.3.weight": .zeros([4, 3, 4, 4])]
    }
    try withFolder { folder in
      try write(given, to: folder + "/latest_net_G.safetensors")
      let said = try #require(sentence { _ = try ModelFile.read(folder + "/latest_net_G.safetensors", .standard) })
      #expect(said.hasPrefix(folder + "/latest_net_G.safetensors: ") && said.contains(expected), "\(said)")
    }
  }

  /// Sizes that ask for more than the file holds are refused before memory is taken.
  @Test func aHostileFileIsRefused() throws {
    try withFolder { folder in
      let path = folder + "/model.safetensors"
      let translator = try read(tensors(try network(Self.cycleGAN).state))
      try ModelFile.write(translator, to: path)
      let file = try SafetensorsFile(path)
      let items = try file.tensors()
      for (member, value, words) in [
        ("settings", #"{"base_width":65536,"blocks":6}"#, "but the whole file holds"),
        ("settings", #"{"base_width":2,"blocks":65536}"#, "1 to 64 residual blocks, not 65536"),
        ("settings", #"{"base_width":2}"#, "lack 'blocks'"),
        ("sampling", "bilinear", "'sampling' is 'bilinear'; it can be strided or antialiased"),
        ("network", "unet", "the weights do not fit the network"),
      ] {
        var metadata = file.metadata
        metadata[member] = value
        let changed = folder + "/changed.safetensors"
        try write(items, to: changed, metadata: metadata)
        let said = sentence { _ = try ModelFile.read(changed, .standard) }
        #expect(said?.contains(words) == true, "\(said ?? "read")")
      }
    }
  }
}
