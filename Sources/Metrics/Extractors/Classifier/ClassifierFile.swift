import Datasets
import Files
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
    var metadata = [
      "network": ClassifierNetwork.name,
      "settings": try SafetensorsWriter.json([
        "channels": shape.channels, "height": shape.height, "width": shape.width, "classes": classCount,
      ]),
      "origin": try SafetensorsWriter.json(origin), "fingerprint": fingerprint,
    ]
    if let classNames { metadata["class_names"] = try SafetensorsWriter.json(classNames) }
    try SafetensorsWriter.write(extractor: network.state, "classifier", metadata: metadata, to: path)
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
    let shape = try file.extractorShape()
    let classCount = try file.setting("classes", 2...1_000_000)
    let origin: ClassifierOrigin = try file.json("origin", "what 'gan extractor train' writes")
    let classNames: [String]? =
      file.metadata["class_names"] == nil ? nil : try file.json("class_names", "an array of texts")
    // Sizes are only claims: before memory is allocated, the file must hold as much as they promise.
    guard file.entry("classes.weight")?.shape == [classCount, CompactMaps.featureCount] else {
      throw FileError(path, "'classes' is \(classCount), but its tensor 'classes.weight' has a different number")
    }
    guard classNames.map({ $0.count == classCount }) ?? true else {
      throw FileError(path, "there are \(classNames?.count ?? 0) 'class_names' for \(classCount) classes")
    }
    let network = try file.filled {
      ClassifierNetwork(StateDict(random: RandomGenerator(seed: 0)), channels: shape.channels, classes: classCount)
    }
    self.init(network, shape: shape, classCount: classCount, classNames: classNames, origin: origin)
    try file.check(fingerprint: fingerprint)
  }
}
