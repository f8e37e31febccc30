import Torch

/// Limits to gradients, applied before an optimizer step. They return new tensors: autograd can hand one tensor to two
/// parameters, whose elements a change in place would change twice.
public enum GradientClipping {
  /// The gradients, all scaled alike so that their common Euclidean norm is at most `limit` (Pascanu et al. 2013,
  /// algorithm 1; PyTorch's `clip_grad_norm_`, which divides by the norm plus 1e-6). Where the norm is smaller, or not
  /// finite, they are the gradients themselves.
  ///
  /// - Parameter norm: their norm as `totalNorm()` gives it, where it is known already.
  public static func byNorm(_ gradients: [Tensor], limit: Double, norm: Double? = nil) -> [Tensor] {
    withoutGradient {
      let norm = norm ?? gradients.totalNorm().item
      guard norm.isFinite && limit / (norm + 1e-6) < 1 else { return gradients }
      return gradients.multiplied(by: limit / (norm + 1e-6))
    }
  }

  /// The gradients with every element moved into `-limit ... limit`.
  public static func byValue(_ gradients: [Tensor], limit: Double) -> [Tensor] {
    withoutGradient { gradients.clamped(-limit, limit) }
  }
}
