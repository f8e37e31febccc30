import Torch

/// Limits to gradients, applied before an optimizer step. They return new tensors: autograd can hand one tensor to two
/// parameters, whose elements a change in place would change twice.
public enum GradientClipping {
  /// The gradients, all scaled alike so that their common Euclidean norm is at most `limit` (Pascanu et al. 2013,
  /// algorithm 1; PyTorch's `clip_grad_norm_`, which divides by the norm plus 1e-6). If the norm is smaller, or not
  /// finite, they keep their values.
  ///
  /// - Parameter norm: their norm as `totalNorm()` gives it, if it is known already.
  public static func byNorm(_ gradients: [Tensor], limit: Double, norm: Tensor? = nil) -> [Tensor] {
    withoutGradient {
      let norm = (norm ?? gradients.totalNorm()).to(.float64)
      // A norm that is not finite makes a factor of 0, or none.
      let factor = (limit / (norm + 1e-6)).clamped(0, 1)
      return gradients.multiplied(
        by: choice(.tensor(factor.isGreater(than: 0)), .tensor(factor), .tensor(factor.onesLike())))
    }
  }

  /// The gradients with every element moved into `-limit ... limit`.
  public static func byValue(_ gradients: [Tensor], limit: Double) -> [Tensor] {
    withoutGradient { gradients.clamped(-limit, limit) }
  }
}

private let choice = Operation("aten::where", "self")
