import Datasets
import Torch

/// Pictures `[N, C, H, W]`, float32 or wider, -1 for black and 1 for white: what a generator makes and a discriminator
/// judges. Points in the plane are pictures of two channels and one pixel.
public struct Images: Column {
  /// The values.
  public let tensor: Tensor

  /// Takes values that lie in [-1, 1]; half-precision ones are widened to float32.
  public init(_ tensor: Tensor) { self.tensor = widened(tensor) }

  /// How many pictures there are.
  public var count: Int { tensor.size(0) }

  /// The same pictures, cut off from the generator that made them.
  public func detached() -> Images { Images(tensor.detached()) }
}

/// A discriminator's scores `[N, ...]`, raw and unbounded; for the logistic objectives the logit of "this is real".
/// `[N, 1]` where an image has one, `[N, 1, h, w]` where its patches are scored (PatchGAN).
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

/// The class of each sample, int64 `[N]`, counted from 0.
public struct Classes: Column {
  /// The values.
  public let tensor: Tensor

  /// Takes classes, int64 `[N]`.
  public init(_ tensor: Tensor) { self.tensor = tensor }
}

/// Random numbers from which a model draws, `[N, size]`.
public struct Latents: Column {
  /// The values.
  public let tensor: Tensor

  /// Takes latents `[N, size]`.
  public init(_ tensor: Tensor) { self.tensor = tensor }
}

extension Field where Value == Images {
  /// The samples: what an unconditional generator learns to draw, what a translation starts from.
  public static var images: Field { Field(Batch.samples) }
  /// What a translation is to become.
  public static var target: Field { Field("target") }
}

extension Field where Value == Classes {
  /// The class of each sample.
  public static var classes: Field { Field("classes") }
}

extension Field where Value == Latents {
  /// What a generator draws from.
  public static var latents: Field { Field("latents") }
}

extension ColumnDescription {
  /// The usual column of what a generator draws: pictures of bytes, or points in the plane.
  public static func samples(_ kind: ColumnFormat.Kind, _ shape: SampleShape) -> ColumnDescription {
    ColumnDescription(Batch.samples, kind == .points ? .points : .pictures(shape))
  }
}

extension ColumnFormat.Kind {
  /// What the usual column of samples can hold.
  public static let ofSamples: [ColumnFormat.Kind] = [.pictures, .points]
}

extension Batch {
  /// A batch as the loader hands it over, each column on `device` as its domain has it: pictures keep the order in memory,
  /// channels last.
  public init(_ stored: StoredBatch, domains: Domains = .builtIn, on device: Device = .cpu) {
    self.init(count: stored.count)
    for column in stored.columns { self[column.name] = domains[column.format].tensor(column, on: device) }
  }
}
