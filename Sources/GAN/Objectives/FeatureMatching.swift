/// Feature matching (Salimans et al. 2016, section 3.1, arXiv:1606.03498): weight · ‖E f(x) − E f(G(z))‖², a term of
/// G's loss that matches the mean of D's features f on generated images to that on real ones.
public struct FeatureMatching: Sendable {
  /// The factor; 1 in the paper, where nothing else is minimised.
  public let weight: Double

  /// A term of this weight.
  public init(weight: Double = 1) { self.weight = weight }

  /// - Parameters:
  ///   - real: D's features of real images, `[N, F]`, which take no gradient.
  ///   - fake: its features of generated images, `[M, F]`.
  public func callAsFunction(real: Tensor, fake: Tensor) -> Loss {
    let wanted = real.detached().mean(axes: [0])
    return weight * Loss((fake.mean(axes: [0]) - wanted).squared().sum())
  }
}
