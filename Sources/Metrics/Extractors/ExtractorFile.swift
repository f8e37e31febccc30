import Datasets
import Files
import Foundation
import NN
import Torch

// What the files of extractors that swift-gan trains have in common: tensors with PyTorch's `state_dict` names, and metadata,
// some of them in JSON.

extension SafetensorsWriter {
  /// Writes an extractor, whole or not at all.
  ///
  /// - Parameter kind: "classifier" or "encoder".
  /// - Throws: `FileError`; ``MetricError`` when a weight is not finite.
  static func write(extractor state: StateDict, _ kind: String, metadata: [String: String], to path: String) throws {
    if let spoilt = state.nonFinite { throw MetricError("the \(kind)'s \(spoilt) is not finite; it is not saved") }
    try write(state.entries.map { Item($0.name, $0.tensor) }, metadata: metadata, to: path)
  }

  /// A value of the metadata in JSON.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension CompactMaps {
  /// The tensors of an encoder's or a classifier's file, those of its maps among them, and the channels that it takes.
  ///
  /// - Throws: `FileError` for another file.
  package static func extractor(contentsOf path: String) throws -> (state: StateDict, channels: Int) {
    if try SafetensorsFile(path).metadata["network"] == EncoderNetwork.name {
      let encoder = try PictureEncoder(contentsOf: path)
      return (encoder.state, encoder.shape.channels)
    }
    let classifier = try Classifier(contentsOf: path)
    return (classifier.network.state, classifier.shape.channels)
  }
}

extension SafetensorsFile {
  /// What the metadata of an extractor's file says under `key`, in JSON.
  func json<Value: Decodable>(_ key: String, _ expectation: String) throws(FileError) -> Value {
    guard let text = metadata[key] else {
      throw FileError(path, "this is not a swift-gan extractor: its metadata lacks '\(key)'")
    }
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      throw FileError(path, "the metadata's '\(key)' is not \(expectation) in JSON: \(text)")
    }
    return value
  }

  /// A number among the metadata's settings.
  func setting(_ key: String, _ range: ClosedRange<Int>) throws(FileError) -> Int {
    let settings: [String: Int] = try json("settings", "an object of whole numbers")
    guard let value = settings[key] else { throw FileError(path, "the metadata's 'settings' lack '\(key)'") }
    guard range.contains(value) else {
      throw FileError(path, "'\(key)' is \(value), not \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The pictures that the extractor takes.
  func extractorShape() throws(FileError) -> SampleShape {
    SampleShape(
      channels: try setting("channels", 1...3), height: try setting("height", 8...65_536),
      width: try setting("width", 8...65_536))
  }

  /// The network that `make` builds, with the file's weights.
  ///
  /// - Throws: `FileError` for weights that do not fit or are not finite.
  func filled<Network: Module>(_ make: () -> Network) throws -> Network {
    do {
      let network = try withTorchErrors { make() }
      try network.state.load(try tensors())
      if let spoilt = try withTorchErrors({ network.state.nonFinite }) {
        throw FileError(path, "its tensor \(spoilt) is not finite")
      }
      return network
    } catch {
      throw error as? FileError ?? FileError(path, "\(error)")
    }
  }

  /// - Throws: `FileError` unless the file says that its weights have this fingerprint.
  func check(fingerprint: String) throws(FileError) {
    guard metadata["fingerprint"] == fingerprint else {
      throw FileError(path, "the weights were changed after the file was written: their fingerprint differs")
    }
  }
}
