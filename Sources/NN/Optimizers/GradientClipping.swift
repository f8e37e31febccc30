import Torch

/// Limits to gradients, applied before an optimizer step. They return new tensors: autograd can hand one tensor to two
/// parameters, whose elements a change in place would change twice.
public enum GradientClipping {
  /// The gradients, all scaled alike so that their common Euclidean norm is at most `limit` (Pascanu et al. 2013,
  /// algorithm 1; PyTorch's `clip_grad_norm_`, which divides by the norm plus 1e-6). They keep their values if the norm is
  /// smaller, or not finite: in float32 it also overflows if all elements are finite and some exceed about 1.8 · 10¹⁹.
  ///
  /// - Parameter norm: their norm as `totalNorm()` gives it, without axes, if it is known already.
  public static func byNorm(_ gradients: [Tensor], limit: Double, norm: Tensor? = nil) -> [Tensor] {
    withoutGradient {
      let norm = (norm ?? gradients.totalNorm()).to(.float64)
      let factor = (limit / (norm + 1e-6)).clamped(0, 1)
      // A norm that is infinite makes the factor 0, and one that is not a number makes it not a number.
      return gradients.multiplied(by: .chosen(where: factor.isGreater(than: 0), factor, else: factor.onesLike()))
    }
  }

  /// The gradients with every element moved into `-limit ... limit`.
  public static func byValue(_ gradients: [Tensor], limit: Double) -> [Tensor] {
    withoutGradient { gradients.clamped(-limit, limit) }
  }
}
