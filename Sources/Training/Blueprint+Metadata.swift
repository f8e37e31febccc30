import Datasets
import Files
import Foundation
import Samples

// A blueprint as the metadata of a model file.
extension Blueprint {
  /// What the file says of the model.
  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var settings = settings
    (settings["channels"], settings["height"], settings["width"]) = (
      output.shape.channels, output.shape.height, output.shape.width
    )
    if latentSize > 0 { settings["latent_size"] = latentSize }
    var metadata = words
    metadata["network"] = network
    metadata["settings"] = try json(settings)
    metadata["value_range"] = "[-1, 1]"
    metadata["kind"] = output.kind.rawValue
    metadata["swift_gan"] = packageVersion
    if output.column != Batch.samples { metadata["output"] = output.column }
    if let table = classTable { metadata["classes"] = try json(table) }
    let data = inputs.compactMap { input -> Output? in
      guard case .data(let column) = input else { return nil }
      return column
    }
    if !data.isEmpty { metadata["inputs"] = try json(data) }
    return metadata
  }

  /// What the metadata of the file at `path` say.
  ///
  /// - Throws: `FileError` that names the member that is missing or wrong.
  init(_ metadata: [String: String], _ path: String) throws(FileError) {
    guard let network = metadata["network"], let text = metadata["settings"] else {
      throw FileError(path, "this is no model of swift-gan: its metadata lacks 'network' or 'settings'")
    }
    let makes = metadata["kind"] ?? Batch.samples
    guard let kind = Dataset.Kind(rawValue: makes) else {
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
    if let key = settings.keys.sorted().first(where: { !(0...65_536).contains(settings[$0] ?? 0) }) {
      throw FileError(path, "'\(key)' is \(settings[key] ?? 0), not 0 to 65,536")
    }
    let shape = SampleShape(
      channels: try setting("channels"), height: try setting("height"), width: try setting("width"))
    var inputs: [Input] = []
    if let size = settings["latent_size"] { inputs.append(.latents(size)) }
    if metadata["classes"] != nil || metadata["conditioning"] != nil {
      inputs.append(.classes(try Self.classTable(metadata["classes"], path)))
    }
    if let columns = metadata["inputs"] {
      guard let decoded = try? JSONDecoder().decode([Output].self, from: Data(columns.utf8)) else {
        throw FileError(path, "the metadata's 'inputs' are no JSON list of columns: \(columns)")
      }
      inputs += decoded.map { Input.data($0) }
    }
    let known = ["network", "settings", "value_range", "kind", "swift_gan", "output", "classes", "inputs"]
    self.init(
      network, settings: settings.filter { !["channels", "height", "width", "latent_size"].contains($0.key) },
      words: metadata.filter { !known.contains($0.key) }, inputs: inputs,
      output: Output(metadata["output"] ?? Batch.samples, kind: kind, shape: shape))
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
