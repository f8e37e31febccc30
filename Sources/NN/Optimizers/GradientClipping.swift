import Torch

/// Limits to gradients, applied before an optimizer step.
public enum GradientClipping {
  /// Scales all gradients alike so that their common Euclidean norm is at most `limit` (Pascanu et al. 2013,
  /// algorithm 1; PyTorch's `clip_grad_norm_`, which divides by the norm plus 1e-6).
  ///
  /// - Returns: the norm before.
  @discardableResult
  public static func clipNorm(_ gradients: [Tensor], limit: Double) -> Double {
    withoutGradient {
      let norm = gradients.totalNorm().item
      if norm.isFinite && limit / (norm + 1e-6) < 1 { gradients.multiply(by: limit / (norm + 1e-6)) }
      return norm
    }
  }

  /// Moves every element of the gradients into `-limit ... limit`.
  public static func clipValue(_ gradients: [Tensor], limit: Double) {
    withoutGradient { gradients.clamp(-limit, limit) }
  }
}
