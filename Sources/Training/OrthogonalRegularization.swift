import Torch

/// Orthogonal regularisation without the diagonal (Brock et al. 2019, eq. 3, arXiv:1809.11096; with the diagonal in
/// Brock et al. 2017, arXiv:1609.07093): weight · ‖W Wᵀ ⊙ (1 − I)‖²_F, which makes filters orthogonal and leaves
/// their norms free. W is a weight as a matrix with a filter in each row.
///
/// Only the gradient is computed, in closed form by two matrix products; it is added to that of the player's loss, as the
/// authors do (their code adds half of it).
public struct OrthogonalRegularization: Sendable {
  /// The paper's β, 1e-4 there.
  public let weight: Double

  /// A regularisation of this weight.
  public init(weight: Double = 1e-4) { self.weight = weight }

  /// - Parameter weights: weights of layers, and the axis of each that counts its filters.
  /// - Returns: the gradient with respect to each, of its shape.
  public func gradients(of weights: [(tensor: Tensor, filterAxis: Int)]) -> [Tensor] {
    withoutGradient {
      weights.map { gradient(of: $0.tensor.transposed(0, $0.filterAxis)).transposed(0, $0.filterAxis) }
    }
  }

  /// 4 β (W Wᵀ ⊙ (1 − I)) W = 4 β (W Wᵀ W − diag(‖w‖²) W), the first product taken over the shorter side.
  private func gradient(of tensor: Tensor) -> Tensor {
    let filters = tensor.flattened()
    let transposed = filters.transposed()
    let product =
      filters.size(0) > filters.size(1)
      ? filters.matrixMultiplied(by: transposed.matrixMultiplied(by: filters))
      : filters.matrixMultiplied(by: transposed).matrixMultiplied(by: filters)
    let own = filters * filters.squared().sum(axes: [1], keepingAxes: true)
    return ((product - own) * (4 * weight)).reshaped(tensor.shape)
  }
}
