/// The gradient penalty of DRAGAN (Kodali et al. 2017, arXiv:1705.07215): weight · E[(‖∇D(x̂)‖₂ − 1)²] at
/// points x̂ near real images, so that D does not become steep around the data.
///
/// The paper asks for normal noise of a given variance; the authors' code, whose results the paper shows, goes a uniform
/// share of the way from x to x + ½ σ u, with σ the deviation of all pixels of the batch and u uniform in 0 ..< 1. That is
/// what is done here: it has no scale to choose.
public struct DRAGAN: Sendable {
  /// The paper's λ, 10 there.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - noise: u, of the images' shape, in 0 ..< 1.
  ///   - mix: how much of the way each image goes, `[N, 1, 1, 1]` in 0 ..< 1.
  ///   - judge: D's scores of images, each of which meets its own score only.
  public func callAsFunction(real: Images, noise: Tensor, mix: Tensor, _ judge: (Images) -> Scores) -> Loss {
    let points = withoutGradient { () -> Images in
      let deviation = real.tensor.variance(axes: [0, 1, 2, 3]).squareRoot()
      return Images(real.tensor + noise * mix * (deviation * 0.5))
    }
    return weight * points.departureFromUnitSlope(judge)
  }
}
