import Files
import Foundation
import GAN
import Testing

@Suite struct GeneratorFileTests {
  private static let good = #"{"base_width":4,"channels":1,"height":12,"latent_size":8,"width":12}"#

  private func generator(_ network: NetworkKind = .mlp) throws -> any Generator {
    try NetworkDescription(
      network, latentSize: 8, shape: SampleShape(channels: 1, height: 12, width: 12), baseWidth: 4
    ).makeGenerator(random: RandomGenerator(seed: 1))
  }

  /// The file of a small `mlp` with other metadata, or with tensors changed by `change`.
  private func write(
    _ path: String, network: String? = "mlp", settings: String? = GeneratorFileTests.good, kind: String = "images",
    change: (inout [SafetensorsWriter.Item]) -> Void = { _ in }
  ) throws {
    try ModelFile.write(try generator(), to: path)
    let file = try SafetensorsFile(path)
    var items = try file.entries.map { entry in
      SafetensorsWriter.Item(
        entry.name, entry.type, shape: entry.shape, bytes: try #require(file.bytes(of: entry.name)))
    }
    change(&items)
    var metadata = ["kind": kind]
    metadata["network"] = network
    metadata["settings"] = settings
    try SafetensorsWriter.write(items, metadata: metadata, to: path)
    withExtendedLifetime(file) {}
  }

  @Test(arguments: [NetworkKind.mlp, .dcgan, .dcganKeras]) func everyBitComesBack(network: NetworkKind) throws {
    try withFolder { folder in
      let written = try generator(network)
      try ModelFile.write(written, to: folder + "/g")
      let read = try ModelFile.read(folder + "/g", .standard)
      #expect(read.blueprint == written.blueprint)
      #expect((read as? any Generator)?.description == written.description)
      for (a, b) in zip(written.state.entries, read.state.entries) {
        #expect(a.name == b.name && a.tensor.bits == b.tensor.bits)
      }
    }
  }

  @Test(arguments: [
    ("no network", "lacks 'network' or 'settings'"), ("no settings", "lacks 'network' or 'settings'"),
    ("unknown network", "unknown network 'vae'; there are mlp, dcgan, dcgan-keras"),
    ("unknown kind", "'kind' is 'sounds'"), ("not JSON", "not a JSON object of whole numbers"),
    ("missing setting", "lack 'base_width'"), ("zero", "'width' is 0, not 1 to 65,536"),
    ("missing tensor", "missing: fc4.bias"), ("other shape", "fc1.weight has shape [4, 8], expected [4, 9]"),
    ("points", "points of the plane have the shape 2x1x1"),
  ])
  func whatIsWrongIsSaid(fault: String, sentence expected: String) throws {
    try withFolder { folder in
      let path = folder + "/g.safetensors"
      func settings(_ from: String, _ to: String) -> String { Self.good.replacing(from, with: to) }
      switch fault {
      case "no network": try write(path, network: nil)
      case "no settings": try write(path, settings: nil)
      case "unknown network": try write(path, network: "vae")
      case "unknown kind": try write(path, kind: "sounds")
      case "not JSON": try write(path, settings: "[1]")
      case "missing setting": try write(path, settings: settings(#""base_width":4,"#, ""))
      case "zero": try write(path, settings: settings(#""width":12"#, #""width":0"#))
      case "missing tensor": try write(path) { $0.removeAll { $0.name == "fc4.bias" } }
      case "other shape": try write(path, settings: settings(#""latent_size":8"#, #""latent_size":9"#))
      default: try write(path, kind: "plane")
      }
      let said = try #require(sentence { _ = try ModelFile.read(path, .standard) })
      #expect(said.hasPrefix(path + ": "))
      #expect(said.contains(expected), "\(said)")
    }
  }

  /// Sizes that would ask for terabytes are compared with what the file holds before anything is allocated.
  @Test(arguments: [
    ("mlp", ["base_width"]), ("mlp", ["height", "width"]), ("mlp", ["latent_size", "base_width"]),
    ("dcgan", ["base_width"]), ("dcgan", ["latent_size", "channels"]), ("dcgan-keras", ["base_width"]),
    ("dcgan-keras", ["height", "width"]),
    ("dcgan-keras", ["height", "width", "base_width", "latent_size", "channels"]),
  ])
  func hostileSizesAreRefused(network: String, keys: [String]) throws {
    try withFolder { folder in
      var settings = Self.good
      for key in keys {
        settings.replace(try Regex("\"\(key)\":\\d+"), with: "\"\(key)\":65536")
      }
      try write(folder + "/g", network: network, settings: settings)
      let said = try #require(sentence { _ = try ModelFile.read(folder + "/g", .standard) })
      #expect(said.contains("but the whole file holds"), "\(said)")
    }
  }

  @Test func otherFilesAreNoGenerators() throws {
    try withFolder { folder in
      try Data("hello".utf8).write(to: URL(fileURLWithPath: folder + "/text"))
      #expect(throws: FileError.self) { try ModelFile.read(folder + "/text", .standard) }
      #expect(throws: FileError.self) { try ModelFile.read(folder, .standard) }
      #expect(throws: FileError.self) { try ModelFile.read(folder + "/missing", .standard) }
      try ModelFile.write(try generator(), to: folder + "/g")
      try damageFile(folder + "/g", "truncated")
      #expect(throws: FileError.self) { try ModelFile.read(folder + "/g", .standard) }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func whatIsNotFiniteIsNotRead(value: Float) throws {
    try withFolder { folder in
      let path = folder + "/g"
      try write(path) { items in
        let index = items.firstIndex { $0.name == "fc3.weight" } ?? 0
        let shape = [8, 8]
        let values = [Float](repeating: 0, count: 63) + [value]
        values.withUnsafeBytes {
          items[index] = SafetensorsWriter.Item("fc3.weight", .float32, shape: shape, bytes: $0)
        }
      }
      let said = try #require(sentence { _ = try ModelFile.read(path, .standard) })
      #expect(said == path + ": its tensor fc3.weight holds what is infinite or not a number")
    }
  }

  @Test func whatIsNotFiniteIsNotWritten() throws {
    try withFolder { folder in
      let spoilt = try generator()
      withoutGradient { spoilt.state.parameters[2].fill(.nan) }
      let said = sentence { try ModelFile.write(spoilt, to: folder + "/g") }
      #expect(said == "the model's fc2.weight is not finite; it is not saved")
      #expect(!FileManager.default.fileExists(atPath: folder + "/g"))
    }
  }
}

/// Files that the version before the engine knew more than one game wrote (commit e83add2): `gan train mlp --data ring8
/// --steps 2 --batch 8 --set base_width=2 --set latent_size=2`, and `cdcgan --data digits` with width 1. What they draw is what
/// `gan sample --seed 4` drew then.
@Suite struct EarlierGeneratorFileTests {
  private func read(_ name: String) throws -> any Model {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "safetensors", subdirectory: "Fixtures/earlier"))
    return try ModelFile.read(url.path, .standard)
  }

  @Test func pointsOfThePlane() throws {
    let points = try Sampler(read("points"), seed: 4).points(3).flatMap { [$0.x, $0.y] }
    let expected: [Float] = [0.97823858, 0.97549629, 0.0830796808, 0.0810958371, 0.469773531, 0.459268272]
    for (drawn, known) in zip(points, expected) { #expect(abs(drawn - known) < 1e-5) }
  }

  @Test func picturesOfClasses() throws {
    let model = try read("classes")
    #expect(model.blueprint.classTable?.count == 10 && model.blueprint.words == ["conditioning": "concatenation"])
    let pixels = try Sampler(model, seed: 4, classes: .only(3)).pictures(2).pixels
    #expect(pixels.count == 1568)
    #expect(abs(pixels.reduce(0) { $0 + Int($1) } - 199_691) < 20)
  }
}
