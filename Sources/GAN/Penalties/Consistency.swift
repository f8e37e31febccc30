/// Consistency regularisation (CR; Zhang et al. 2020, arXiv:1910.12027): weight · E[(D(x) − D(T(x)))²], which makes
/// D score an image x and its augmentation T(x) alike.
///
/// The balanced form (bCR; Zhao et al. 2020, algorithm 1, arXiv:2002.04724) adds the same term for generated images.
public struct Consistency: Sendable {
  /// The paper's λ, 10 in both.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - scores: D's scores of images, `[N, ...]`.
  ///   - augmented: its scores of the same images, augmented.
  public func callAsFunction(_ scores: Scores, augmented: Scores) -> Loss {
    weight * (scores - augmented).squared().mean()
  }
}
