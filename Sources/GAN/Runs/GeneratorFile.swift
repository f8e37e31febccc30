import Files
import Foundation

/// A generator to ship: `generator.safetensors`, which needs nothing beside it.
///
/// The tensors have PyTorch's `state_dict` names; the metadata says `network`, `settings` (a JSON object with
/// `latent_size`, `channels`, `height`, `width`, `base_width`, and `attention`, 1 for yes), `value_range`, `kind` and
/// `swift_gan`; a generator of classes also has `conditioning` and `classes` (a JSON object with `counts` and `names`).
public enum GeneratorFile {
  /// Writes `generator`; `kind` says whether it makes pictures or points of the plane.
  ///
  /// - Throws: `FileError`; ``GANError`` when a weight is not finite.
  public static func write(_ generator: any Generator, kind: ColumnFormat.Kind = .pictures, to path: String) throws {
    let state = generator.state
    if let spoilt = state.nonFinite { throw GANError("the generator's \(spoilt) is not finite; it is not saved") }
    let description = generator.description
    let settings = [
      "latent_size": description.latentSize, "channels": description.shape.channels,
      "height": description.shape.height, "width": description.shape.width, "base_width": description.baseWidth,
      "attention": description.attention ? 1 : 0,
    ]
    let json = try JSONSerialization.data(withJSONObject: settings, options: .sortedKeys)
    var metadata = [
      "network": description.kind.rawValue, "settings": String(decoding: json, as: UTF8.self),
      "value_range": "[-1, 1]", "kind": kind.rawValue, "swift_gan": SwiftGAN.version,
    ]
    if let table = description.classTable {
      metadata["conditioning"] = description.conditioning.rawValue
      metadata["classes"] = String(decoding: try JSONEncoder().encode(table), as: UTF8.self)
    }
    try SafetensorsWriter.write(
      state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) }, metadata: metadata, to: path)
  }

  private static func classTable(_ text: String?, _ path: String) throws(FileError) -> ClassTable {
    guard let text else { throw FileError(path, "the metadata have 'conditioning' and lack 'classes'") }
    do {
      return try JSONDecoder().decode(ClassTable.self, from: Data(text.utf8))
    } catch DecodingError.dataCorrupted(let context) {
      throw FileError(path, "the metadata's 'classes' cannot be: \(context.debugDescription)")
    } catch {
      throw FileError(path, "the metadata's 'classes' are no JSON object with the counts of classes: \(text)")
    }
  }

  /// A generator as its file describes it, and what it makes.
  ///
  /// - Throws: `FileError` that says what is wrong with the file.
  public static func read(_ path: String) throws -> (generator: any Generator, kind: ColumnFormat.Kind) {
    let file = try SafetensorsFile(path)
    guard let network = file.metadata["network"], let text = file.metadata["settings"] else {
      throw FileError(path, "this is no generator of swift-gan: its metadata lacks 'network' or 'settings'")
    }
    guard let kind = NetworkKind(rawValue: network) else {
      let known = NetworkKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw FileError(path, "unknown network '\(network)'; there are \(known)")
    }
    let makes = file.metadata["kind"] ?? ColumnFormat.Kind.pictures.rawValue
    let product = ColumnFormat.Kind(rawValue: makes)
    guard [.pictures, .points].contains(product) else {
      throw FileError(path, "the metadata's 'kind' is '\(makes)'; it can be images or plane")
    }
    guard let settings = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)) else {
      throw FileError(path, "the metadata's 'settings' are no JSON object of whole numbers: \(text)")
    }
    func setting(_ key: String) throws(FileError) -> Int {
      guard let value = settings[key] else { throw FileError(path, "the metadata's 'settings' lack '\(key)'") }
      guard (1...65_536).contains(value) else { throw FileError(path, "'\(key)' is \(value), not 1 to 65,536") }
      return value
    }
    let shape = SampleShape(
      channels: try setting("channels"), height: try setting("height"), width: try setting("width"))
    var description = NetworkDescription(
      kind, latentSize: try setting("latent_size"), shape: shape, baseWidth: try setting("base_width"))
    // Earlier files have neither attention nor classes.
    description.attention = settings["attention"] == 1
    if let word = file.metadata["conditioning"] {
      guard let conditioning = GeneratorConditioning(rawValue: word), conditioning != .none else {
        throw FileError(path, "the metadata's 'conditioning' is '\(word)'; it can be concatenation or batch-norm")
      }
      description.conditioning = conditioning
      description.classTable = try classTable(file.metadata["classes"], path)
    }
    guard product == .pictures || shape == SampleShape(channels: 2, height: 1, width: 1) else {
      throw FileError(path, "points of the plane have the shape 2x1x1, and the metadata's 'settings' say \(shape)")
    }
    do {
      // Sizes are only words: before memory is asked for, the file must hold as much as they promise.
      let (promised, held) = (try description.largestWeight(), file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) })
      guard promised <= Double(held) else {
        throw FileError(
          path, "its 'settings' promise a weight of \(Int(promised)) numbers, but the whole file holds \(held)")
      }
      let generator = try description.makeGenerator(random: RandomGenerator(seed: 0))
      try generator.state.load(try file.tensors())
      let spoilt = try withTorchErrors { generator.state.nonFinite }
      if let spoilt { throw FileError(path, "its tensor \(spoilt) holds what is infinite or not a number") }
      return (generator, product)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path, "\(error)")
    }
  }
}
