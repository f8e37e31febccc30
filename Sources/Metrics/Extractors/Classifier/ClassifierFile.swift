import Datasets
import Files
import Foundation
import NN
import Torch

/// A classifier in a safetensors file, whose tensors have PyTorch's `state_dict` names.
///
/// The metadata says `network`, `settings` (a JSON object with `channels`, `height`, `width`, `classes`), `class_names` (a
/// JSON array, where there are names), `origin` (a JSON object, see ``ClassifierOrigin``) and `fingerprint`.
extension Classifier {
  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError`; ``MetricError`` when a weight is not finite.
  public func write(to path: String) throws {
    if let spoilt = network.state.nonFinite {
      throw MetricError("the classifier's \(spoilt) is not finite; it is not saved")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var metadata = [
      "network": ClassifierNetwork.name,
      "settings": try json([
        "channels": shape.channels, "height": shape.height, "width": shape.width, "classes": classCount,
      ]),
      "origin": try json(origin), "fingerprint": fingerprint,
    ]
    if let classNames { metadata["class_names"] = try json(classNames) }
    try SafetensorsWriter.write(
      network.state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) }, metadata: metadata, to: path)
  }

  /// The classifier that a file of ``write(to:)`` holds.
  ///
  /// - Throws: `FileError` that says what is wrong with the file.
  public convenience init(contentsOf path: String) throws {
    let file = try SafetensorsFile(path)
    guard let name = file.metadata["network"] else {
      throw FileError(path, "this is not a swift-gan classifier: its metadata lacks 'network'")
    }
    guard name == ClassifierNetwork.name else {
      throw FileError(
        path,
        "this holds the network '\(name)', but '\(ClassifierNetwork.name)' is needed; 'gan extractor train' makes one")
    }
    let settings: [String: Int] = try file.json("settings", "an object of whole numbers")
    let origin: ClassifierOrigin = try file.json("origin", "what 'gan extractor train' writes")
    let classNames: [String]? =
      file.metadata["class_names"] == nil ? nil : try file.json("class_names", "an array of texts")
    func setting(_ key: String, _ range: ClosedRange<Int>) throws(FileError) -> Int {
      guard let value = settings[key] else { throw FileError(path, "the metadata's 'settings' lack '\(key)'") }
      guard range.contains(value) else {
        throw FileError(path, "'\(key)' is \(value), not \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    let shape = SampleShape(
      channels: try setting("channels", 1...3), height: try setting("height", 8...65_536),
      width: try setting("width", 8...65_536))
    let classCount = try setting("classes", 2...1_000_000)
    // Sizes are only claims: before memory is allocated, the file must hold as much as they promise.
    guard file.entry("classes.weight")?.shape == [classCount, ClassifierNetwork.featureCount] else {
      throw FileError(path, "'classes' is \(classCount), but its tensor 'classes.weight' has a different number")
    }
    guard classNames.map({ $0.count == classCount }) ?? true else {
      throw FileError(path, "there are \(classNames?.count ?? 0) 'class_names' for \(classCount) classes")
    }
    let network: ClassifierNetwork
    do {
      network = try withTorchErrors {
        ClassifierNetwork(
          StateDict(random: RandomGenerator(seed: 0)), channels: shape.channels, classes: classCount)
      }
      try network.state.load(try file.tensors())
      let spoilt = try withTorchErrors { network.state.nonFinite }
      if let spoilt { throw FileError(path, "its tensor \(spoilt) is not finite") }
    } catch {
      throw error as? FileError ?? FileError(path, "\(error)")
    }
    self.init(network, shape: shape, classCount: classCount, classNames: classNames, origin: origin)
    guard file.metadata["fingerprint"] == fingerprint else {
      throw FileError(path, "the weights were changed after the file was written: their fingerprint differs")
    }
  }
}

extension SafetensorsFile {
  /// What the metadata says under `key`, in JSON.
  fileprivate func json<Value: Decodable>(_ key: String, _ expectation: String) throws(FileError) -> Value {
    guard let text = metadata[key] else {
      throw FileError(path, "this is not a swift-gan classifier: its metadata lacks '\(key)'")
    }
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      throw FileError(path, "the metadata's '\(key)' is not \(expectation) in JSON: \(text)")
    }
    return value
  }
}
