@_exported import Datasets
@_exported import Metrics
@_exported import NN
@_exported import RunLog
@_exported import Torch

/// Pictures `[N, C, H, W]`, float32 or wider, -1 for black and 1 for white: what a generator makes and a discriminator
/// judges. Points of the plane are pictures of two channels and one pixel.
public struct Images {
  /// The values.
  public let tensor: Tensor

  /// Takes values that lie in [-1, 1]; half-precision ones are widened to float32.
  public init(_ tensor: Tensor) { self.tensor = widened(tensor) }

  /// How many pictures there are.
  public var count: Int { tensor.size(0) }

  /// The same pictures, cut off from the generator that made them.
  public func detached() -> Images { Images(tensor.detached()) }

  /// A batch as the loader hands it over; its order in memory, channels last, is kept.
  public init(_ batch: Batch) {
    let stored = [batch.count, batch.shape.height, batch.shape.width, batch.shape.channels]
    let values = batch.bytes.withUnsafeBytes {
      Tensor(bytes: $0, shape: stored, dtype: batch.element == .uint8 ? .uint8 : .float32)
    }
    let pixels = values.permuted(0, 3, 1, 2).to(.float32)
    self.init(batch.element == .uint8 ? pixels * (2.0 / 255) - 1 : pixels)
  }
}

/// A discriminator's verdicts `[N, 1]`: raw and unbounded; for the logistic objectives the logit of "this is real".
public struct Scores {
  /// The values.
  public let tensor: Tensor

  /// Takes raw scores; half-precision ones are widened to float32.
  public init(_ tensor: Tensor) { self.tensor = widened(tensor) }

  /// The scores with the opposite sign.
  public static prefix func - (scores: Scores) -> Scores { Scores(-scores.tensor) }
  /// The difference of each pair of scores.
  public static func - (a: Scores, b: Scores) -> Scores { Scores(a.tensor - b.tensor) }
  /// The scores, each plus `number`.
  public static func + (scores: Scores, number: Double) -> Scores { Scores(scores.tensor + number) }
  /// The scores, each less `number`.
  public static func - (scores: Scores, number: Double) -> Scores { Scores(scores.tensor - number) }
  /// `number` less each score.
  public static func - (number: Double, scores: Scores) -> Scores { Scores(number - scores.tensor) }

  /// log(1 + eˢ) of each.
  public func softplus() -> Scores { Scores(tensor.softplus()) }
  /// max(s, 0) of each.
  public func relu() -> Scores { Scores(tensor.relu()) }
  /// s² of each.
  public func squared() -> Scores { Scores(tensor.squared()) }
  /// The mean.
  public func mean() -> Loss { Loss(tensor.mean()) }
}

/// A number that a player minimises.
public struct Loss {
  /// The number, without axes.
  public let tensor: Tensor

  /// Takes a tensor with one element.
  public init(_ tensor: Tensor) { self.tensor = tensor }

  /// The sum of two losses.
  public static func + (a: Loss, b: Loss) -> Loss { Loss(a.tensor + b.tensor) }
  /// The loss with the opposite sign.
  public static prefix func - (loss: Loss) -> Loss { Loss(-loss.tensor) }
  /// `weight` times the loss.
  public static func * (weight: Double, loss: Loss) -> Loss { Loss(loss.tensor * weight) }

  /// Its value.
  public var value: Double { tensor.item }
}

private func widened(_ tensor: Tensor) -> Tensor {
  tensor.dtype == .bfloat16 || tensor.dtype == .float16 ? tensor.to(.float32) : tensor
}
