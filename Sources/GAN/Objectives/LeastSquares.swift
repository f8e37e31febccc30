/// Least squares (Mao et al. 2017, eq. 9, a = 0, b = c = 1): D draws the scores of real images to 1 and of generated
/// ones to 0, G draws those of its own to 1.
public struct LeastSquares: Objective {
  /// The game has no settings.
  public init() {}
  public var isLogistic: Bool { false }
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    0.5 * (real - 1).squared().mean() + 0.5 * fake.squared().mean()
  }
  public func generatorLoss(fake: Scores) -> Loss { 0.5 * (fake - 1).squared().mean() }
}
