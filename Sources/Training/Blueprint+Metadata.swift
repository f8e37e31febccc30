import Datasets
import Files
import Foundation
import Samples

// A blueprint as the metadata of a model file.
extension Blueprint {
  /// What the file says of the model. Samples of height, width and channels are told by `kind` and sizes among the settings, as
  /// all versions know them; other outputs by `output`.
  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var (settings, metadata) = (settings, words)
    if let shape = sampleShape {
      (settings["channels"], settings["height"], settings["width"]) = (shape.channels, shape.height, shape.width)
      metadata["value_range"] = "[-1, 1]"
      metadata["kind"] = output.format.kind.rawValue
    } else {
      metadata["output"] = try json(output)
    }
    if latentSize > 0 { settings["latent_size"] = latentSize }
    metadata["network"] = network
    metadata["settings"] = try json(settings)
    metadata["swift_gan"] = packageVersion
    if let table = classTable { metadata["classes"] = try json(table) }
    let data = inputs.compactMap { input -> ColumnDescription? in
      guard case .data(let column) = input else { return nil }
      return column
    }
    if !data.isEmpty { metadata["inputs"] = try json(data) }
    return metadata
  }

  /// The shape of what the model gives, where that is the usual column of bytes or of points.
  private var sampleShape: SampleShape? {
    guard let shape = output.format.sampleShape, output == .samples(output.format.kind, shape) else { return nil }
    return shape
  }

  /// What the metadata of the file at `path` say.
  ///
  /// - Throws: `FileError` that names the member that is missing or wrong.
  init(_ metadata: [String: String], _ path: String) throws(FileError) {
    guard let network = metadata["network"], let text = metadata["settings"] else {
      throw FileError(path, "this is not a model of swift-gan: its metadata lacks 'network' or 'settings'")
    }
    guard let settings = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)) else {
      throw FileError(path, "the metadata's 'settings' are not a JSON object of whole numbers: \(text)")
    }
    if let key = settings.keys.sorted().first(where: { !(0...65_536).contains(settings[$0] ?? 0) }) {
      throw FileError(path, "'\(key)' is \(settings[key] ?? 0), not 1 to 65,536")
    }
    var inputs: [Input] = []
    if let size = settings["latent_size"] { inputs.append(.latents(size)) }
    if metadata["classes"] != nil || metadata["conditioning"] != nil {
      inputs.append(.classes(try Self.classTable(metadata["classes"], path)))
    }
    if let columns = metadata["inputs"] {
      inputs += try Self.columns([ColumnDescription].self, columns, "inputs", path).map { .data($0) }
    }
    let output: ColumnDescription
    if let text = metadata["output"] {
      output = try Self.columns(ColumnDescription.self, text, "output", path)
    } else {
      output = try Self.samples(metadata["kind"], settings, path)
    }
    let known = ["network", "settings", "value_range", "kind", "swift_gan", "output", "classes", "inputs"]
    self.init(
      network, settings: settings.filter { !["channels", "height", "width", "latent_size"].contains($0.key) },
      words: metadata.filter { !known.contains($0.key) }, inputs: inputs, output: output)
  }

  private static func samples(_ word: String?, _ settings: [String: Int], _ path: String) throws(FileError)
    -> ColumnDescription
  {
    func size(_ key: String) throws(FileError) -> Int {
      guard let value = settings[key] else { throw FileError(path, "the metadata's 'settings' lack '\(key)'") }
      guard value > 0 else { throw FileError(path, "'\(key)' is 0, not 1 to 65,536") }
      return value
    }
    let shape = SampleShape(channels: try size("channels"), height: try size("height"), width: try size("width"))
    guard let kind = ColumnFormat.Kind.ofSamples.first(where: { $0.rawValue == word ?? Batch.samples }) else {
      let known = ColumnFormat.Kind.ofSamples.map(\.rawValue).joined(separator: " or ")
      throw FileError(path, "the metadata's 'kind' is '\(word ?? "")'; it can be \(known)")
    }
    let description = ColumnDescription.samples(kind, shape)
    guard description.format.sampleShape == shape else {
      throw FileError(
        path, "points of the plane have the shape 2x1x1, and the metadata's 'settings' say \(shape)")
    }
    return description
  }

  private static func columns<Columns: Decodable>(
    _ type: Columns.Type, _ text: String, _ member: String, _ path: String
  ) throws(FileError) -> Columns {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw FileError(path, "the metadata's '\(member)' describe no columns: \(text)")
    }
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
}
