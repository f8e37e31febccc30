/// The objectives a recipe can name.
public enum ObjectiveKind: String, Sendable, CaseIterable {
  case minimax
  case nonSaturating = "non-saturating"
  case leastSquares = "least-squares"
  case wasserstein
  case hinge

  /// The objective itself.
  public var objective: any Objective {
    switch self {
    case .minimax: Minimax()
    case .nonSaturating: NonSaturating()
    case .leastSquares: LeastSquares()
    case .wasserstein: Wasserstein()
    case .hinge: Hinge()
    }
  }
}
