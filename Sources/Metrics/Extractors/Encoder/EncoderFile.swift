import Datasets
import Files
import NN
import Torch

/// An encoder in a safetensors file, whose tensors have PyTorch's `state_dict` names. The metadata says `network`, `settings` (a
/// JSON object with `channels`, `height`, `width`), `origin` (a JSON object, see ``EncoderOrigin``) and `fingerprint`.
extension PictureEncoder {
  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError`; ``MetricError`` when a weight is not finite.
  public func write(to path: String) throws {
    let metadata = [
      "network": EncoderNetwork.name,
      "settings": try SafetensorsWriter.json([
        "channels": shape.channels, "height": shape.height, "width": shape.width,
      ]),
      "origin": try SafetensorsWriter.json(origin), "fingerprint": fingerprint,
    ]
    try SafetensorsWriter.write(extractor: network.state, "encoder", metadata: metadata, to: path)
  }

  /// The encoder that a file of ``write(to:)`` holds.
  ///
  /// - Throws: `FileError` that says what is wrong with the file.
  public convenience init(contentsOf path: String) throws {
    let file = try SafetensorsFile(path)
    guard file.metadata["network"] == EncoderNetwork.name else {
      throw FileError(path, "this is not a swift-gan encoder: its metadata's 'network' is not '\(EncoderNetwork.name)'")
    }
    let shape = try file.extractorShape()
    let origin: EncoderOrigin = try file.json("origin", "what swift-gan writes")
    let network = try file.filled {
      EncoderNetwork(StateDict(random: RandomGenerator(seed: 0)), channels: shape.channels)
    }
    self.init(network, shape: shape, origin: origin)
    try file.check(fingerprint: fingerprint)
  }
}
