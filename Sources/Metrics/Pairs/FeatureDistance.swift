import Torch

/// How far apart two pictures are in the features of several layers, as the learned perceptual metric has it (Zhang et al.
/// 2018, arXiv:1801.03924, equation 1): the features at each place are brought to the length 1, and their squared differences
/// are weighted, summed over the channels, averaged over the places, and summed over the layers.
///
/// - Parameters:
///   - first: `[N, C, H, W]` of each layer.
///   - second: of the same shapes.
///   - weights: of each layer's channels, `[C]`; nil for 1.
///   - floor: what is added to the lengths, so that features of nothing stay near 0.
/// - Returns: `[N]`.
func featureDistance(_ first: [Tensor], _ second: [Tensor], weights: [Tensor]? = nil, floor: Double) -> Tensor {
  func unit(_ features: Tensor) -> Tensor { features / (features.norm(axes: [1], keepingAxes: true) + floor) }
  let layers = zip(first, second).enumerated().map { layer, pair in
    let squared = (unit(pair.0) - unit(pair.1)).squared()
    let weighted = weights.map { squared * $0[layer].reshaped(1, -1, 1, 1) } ?? squared
    return weighted.sum(axes: [1]).mean(axes: [1, 2])
  }
  return layers.dropFirst().reduce(layers[0], +)
}

extension Tensor {
  /// Grey pictures `[N, 1, H, W]` as colour.
  func inColour() -> Tensor { size(1) == 1 ? .concatenated([self, self, self], axis: 1) : self }
}
