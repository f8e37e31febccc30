import Torch

/// A layer with or without spectral norm, as the settings of its network say.
public struct MaybeSpectral<Layer: WeightedLayer> {
  /// The layer, with its stored weight.
  public let layer: Layer
  private let norm: SpectralNorm<Layer>?

  /// `layer` as it is, or under ``SpectralNorm``, which renames its weight.
  public init(_ layer: Layer, spectral: Bool) {
    self.layer = layer
    norm = spectral ? SpectralNorm(layer) : nil
  }

  /// The weight that this pass computes with.
  public func weight(_ pass: Pass) -> Tensor { norm?.weight(pass) ?? layer.weight }

  /// The layer's output for `x`.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { layer(x, weight: weight(pass)) }
}
