import Torch

private let matrixVector = Operation("aten::mv")

/// A layer whose weight is divided by its largest singular value (Miyato et al. 2018, "Spectral normalization for
/// generative adversarial networks", algorithm 1).
///
/// The singular vectors come from power iteration, `iterations` in each training pass, kept between steps; gradients
/// flow through the weight and take the vectors as constants (eq. 12). Names and layouts are those of PyTorch's
/// `torch.nn.utils.parametrizations.spectral_norm`.
public final class SpectralNorm<Layer: WeightedLayer> {
  /// The layer, with its stored weight.
  public let layer: Layer
  let left: Tensor
  let right: Tensor
  let iterations: Int
  let epsilon: Double

  /// Wraps `layer`; its weight is renamed `parametrizations.weight.original`.
  public init(_ layer: Layer, iterations: Int = 1, epsilon: Double = 1e-12) {
    self.layer = layer
    self.iterations = iterations
    self.epsilon = epsilon
    let state = layer.path.state
    state.rename(layer.weight) { $0.dropLast("weight".count) + "parametrizations.weight.original" }
    let matrix = withoutGradient { Self.matrix(layer.weight, layer.outputAxis) }
    let path = layer.path / "parametrizations" / "weight" / "0"
    let vectors = matrix.shape.map { size in
      let vector = Tensor.empty([size])
      vector.fillNormal(using: state.random)
      return (vector / vector.norm()).to(matrix.dtype)
    }
    left = path.buffer("_u", vectors[0])
    right = path.buffer("_v", vectors[1])
    withoutGradient { iterate(matrix, 15) }
  }

  /// The layer's output with the normalised weight.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { layer(x, weight: weight(pass)) }

  /// The weight divided by its largest singular value; a training pass iterates first.
  public func weight(_ pass: Pass) -> Tensor {
    let matrix = Self.matrix(layer.weight, layer.outputAxis)
    // Which products autocast takes in low precision depends on the device.
    return withoutAutocast(on: layer.weight.device) {
      if pass.isTraining { withoutGradient { iterate(matrix.detached(), iterations) } }
      // Copies, so that the next iteration does not change what this pass's gradients need.
      let (u, v) = (left.clone(), right.clone())
      return layer.weight / (u * product(matrix, v)).sum()
    }
  }

  private func iterate(_ matrix: Tensor, _ times: Int) {
    for _ in 0..<times {
      left.copy(from: normalized(product(matrix, right)))
      right.copy(from: normalized(product(matrix.transposed(), left)))
    }
  }

  private func product(_ matrix: Tensor, _ vector: Tensor) -> Tensor { matrixVector(.tensor(matrix), .tensor(vector)) }

  private func normalized(_ vector: Tensor) -> Tensor { vector / vector.norm().clamped(epsilon, .infinity) }

  private static func matrix(_ weight: Tensor, _ axis: Int) -> Tensor {
    axis == 0 ? weight.flattened() : weight.transposed(0, axis).flattened()
  }
}
