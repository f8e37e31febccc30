/// The objectives a recipe can name.
public enum ObjectiveKind: String, Sendable, CaseIterable {
  case minimax
  case nonSaturating = "non-saturating"
  case leastSquares = "least-squares"
  case wasserstein
  case hinge
  case relativisticPairing = "relativistic-pairing"
  case relativisticAverage = "relativistic-average"

  /// The objective itself.
  public var objective: any Objective { objective(smoothing: 0) }

  /// Whether the discriminator loss has a target for real images, which label smoothing changes.
  public var hasLabels: Bool {
    switch self {
    case .minimax, .nonSaturating, .leastSquares: true
    case .wasserstein, .hinge, .relativisticPairing, .relativisticAverage: false
    }
  }

  /// The objective with one-sided label smoothing, for a kind that ``hasLabels``.
  public func objective(smoothing: Double) -> any Objective {
    precondition(smoothing == 0 || hasLabels, "\(rawValue) has no labels to smooth")
    return switch self {
    case .minimax: Minimax(smoothing: smoothing)
    case .nonSaturating: NonSaturating(smoothing: smoothing)
    case .leastSquares: LeastSquares(smoothing: smoothing)
    case .wasserstein: Wasserstein()
    case .hinge: Hinge()
    case .relativisticPairing: RelativisticPairing()
    case .relativisticAverage: RelativisticAverage()
    }
  }

  /// Whether a score has meaning only relative to those of the other kind of image.
  public var isRelativistic: Bool { !(objective is any AbsoluteObjective) }
}
