import Datasets
import Files
import NN
import Torch

/// The features that the Fréchet distance is usually measured with: those of Inception-v3 with the weights of
/// 2015-12-05, which the user gives (`Tools/convert_inception.py` makes the file).
///
/// Pictures are rounded to the 256 levels that files hold, grey ones are repeated in three channels, then they are
/// resized to 299x299. Everything is computed in float32.
public final class InceptionFeatures: FeatureExtractor {
  /// SHA-256, in hexadecimal, of architecture, weights and resize rule.
  public let fingerprint: String
  private let network: InceptionV3
  private let rule: Resize

  /// The network with the weights in a safetensors file.
  ///
  /// - Parameter rule: how pictures of other sizes are brought to 299x299.
  /// - Throws: `FileError` that says what is wrong with the file.
  public convenience init(contentsOf path: String, resize rule: Resize.Rule = .clean) throws {
    do {
      try self.init(SafetensorsFile(path).tensors(), resize: rule)
    } catch let error as FileError {
      if !error.reason.hasPrefix("this is not a safetensors file") { throw error }
      throw FileError(path, "\(error.reason); Tools/convert_inception.py converts the usual .pth file")
    } catch {
      throw FileError(path, "\(error); Tools/convert_inception.py makes the right file")
    }
  }

  /// The network with `weights` under PyTorch's names; `num_batches_tracked` may be missing, since nothing depends on it.
  ///
  /// - Throws: `StateDictError` when they are not this network's; ``MetricError`` when one is not finite.
  public init(_ weights: [String: Tensor], resize rule: Resize.Rule = .clean) throws {
    network = try withTorchErrors { InceptionV3(StateDict(random: RandomGenerator(seed: 0))) }
    var weights = weights
    for entry in network.state.entries where !entry.isParameter && entry.tensor.dtype == .int64 {
      weights[entry.name] = weights[entry.name] ?? entry.tensor
    }
    try network.state.load(weights)
    if let spoilt = network.state.nonFinite { throw MetricError("the weight \(spoilt) is not finite") }
    self.rule = Resize(rule, to: InceptionV3.side)
    fingerprint = Metrics.fingerprint(
      of: network.state, architecture: "\(InceptionV3.name), \(self.rule.name)")
  }

  /// "inception-v3 (2015-12-05)".
  public var name: String { "inception-v3 (2015-12-05)" }
  /// The rule's name, as in "bicubic (clean) to 299x299".
  public var resize: String { rule.name }

  /// Features `[N, 2048]`, and class scores `[N, 1, 1008]` without their bias.
  ///
  /// - Throws: ``MetricError`` for what are no pictures of one or three channels; `TorchError` when memory runs out.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.rank == 4, [1, 3].contains(images.size(1)), images.size(0) > 0 else {
      throw MetricError("Inception needs at least one picture of 1 or 3 channels, [N, C, H, W], not \(images.shape)")
    }
    let count = images.size(0)
    let seen = try stride(from: 0, to: count, by: Self.part).map { start in
      try withTorchErrors {
        withoutGradient { network(prepared(images[start..<min(start + Self.part, count)])) }
      }
    }
    return Features(
      .concatenated(seen.map { $0.features }), logits: .concatenated(seen.map { $0.logits }).reshaped(count, 1, 1008))
  }

  /// Pictures per batch: their maps take 0.3 GB.
  private static let part = 20

  /// Pictures as the network takes them.
  private func prepared(_ images: Tensor) -> Tensor {
    let levels = rule(((images.to(.float32) + 1) * 127.5).rounded().clamped(0, 255))
    let coloured = levels.size(1) == 3 ? levels : .concatenated([levels, levels, levels], axis: 1)
    return ((coloured - 128) / 128).contiguous(.channelsLast)
  }
}
