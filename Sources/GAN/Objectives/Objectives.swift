/// The minimax game (Goodfellow et al. 2014, eq. 1): D maximises log D(x) + log(1 − D(G(z))), G minimises
/// log(1 − D(G(z))), which saturates where D is confident.
public struct Minimax: AbsoluteObjective {
  /// One-sided label smoothing (Salimans et al. 2016, section 3.4, arXiv:1606.03498): the target of
  /// real images is 1 − `smoothing` instead of 1; 0 ..< 1.
  public let smoothing: Double

  /// A game with this much smoothing.
  public init(smoothing: Double = 0) { self.smoothing = smoothing }
  /// Scores are logits.
  public var isLogistic: Bool { true }
  /// E[softplus(−D(x)) + ε D(x)] + E[softplus(D(G(z)))], with ε the smoothing.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    real.crossEntropyTowardReal(smoothing: smoothing) + fake.softplus().mean()
  }
  /// −E[softplus(D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.softplus().mean() }
}

/// The non-saturating game (Goodfellow et al. 2014, section 3): D maximises log D(x) + log(1 − D(G(z))), G maximises
/// log D(G(z)).
public struct NonSaturating: AbsoluteObjective {
  /// One-sided label smoothing (Salimans et al. 2016, section 3.4, arXiv:1606.03498): the target of
  /// real images is 1 − `smoothing` instead of 1; 0 ..< 1.
  public let smoothing: Double

  /// A game with this much smoothing.
  public init(smoothing: Double = 0) { self.smoothing = smoothing }
  /// Scores are logits.
  public var isLogistic: Bool { true }
  /// E[softplus(−D(x)) + ε D(x)] + E[softplus(D(G(z)))], with ε the smoothing.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    real.crossEntropyTowardReal(smoothing: smoothing) + fake.softplus().mean()
  }
  /// E[softplus(−D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { (-fake).softplus().mean() }
}

/// Least squares (Mao et al. 2017, eq. 9, a = 0, b = c = 1): D pulls the scores of real images to 1 and those of
/// generated ones to 0; G pulls those of its own images to 1.
public struct LeastSquares: AbsoluteObjective {
  /// One-sided label smoothing (Salimans et al. 2016, section 3.4, arXiv:1606.03498): the target of
  /// real images is 1 − `smoothing` instead of 1; 0 ..< 1.
  public let smoothing: Double

  /// A game with this much smoothing.
  public init(smoothing: Double = 0) { self.smoothing = smoothing }
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// ½ E[(D(x) − (1 − ε))²] + ½ E[D(G(z))²], with ε the smoothing.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    0.5 * (real - (1 - smoothing)).squared().mean() + 0.5 * fake.squared().mean()
  }
  /// ½ E[(D(G(z)) − 1)²].
  public func generatorLoss(fake: Scores) -> Loss { 0.5 * (fake - 1).squared().mean() }
}

/// The dual of the Wasserstein distance (Arjovsky et al. 2017, eq. 3): D, the critic, raises the scores of real
/// images above those of generated ones; it must be kept Lipschitz by ``WeightClipping`` or a ``GradientPenalty``.
public struct Wasserstein: AbsoluteObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// E[D(G(z))] − E[D(x)].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss { fake.mean() + -real.mean() }
  /// −E[D(G(z))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.mean() }
}

/// The hinge game (Lim and Ye 2017, eq. 7–8; Miyato et al. 2018, eq. 16–17): D pushes real scores above 1 and
/// generated ones below −1, and no further; G raises the scores of its own images.
public struct Hinge: AbsoluteObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (1 - real).relu().mean() + (fake + 1).relu().mean()
  }
  /// −E[D(G(z))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.mean() }
}

extension Scores {
  /// The mean cross entropy −(1 − ε) log σ(s) − ε log(1 − σ(s)) of logits s toward the label 1 − ε, with ε the
  /// `smoothing` (Salimans et al. 2016, section 3.4, arXiv:1606.03498): softplus(−s) + ε s.
  func crossEntropyTowardReal(smoothing: Double) -> Loss {
    let unsmoothed = (-self).softplus().mean()
    return smoothing == 0 ? unsmoothed : unsmoothed + smoothing * mean()
  }
}
