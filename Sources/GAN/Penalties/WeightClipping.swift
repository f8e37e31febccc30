/// The clipping of WGAN (Arjovsky et al. 2017, algorithm 1): every weight of the critic is clipped to
/// [−limit, limit] after each of its steps.
public struct WeightClipping: Sendable {
  /// The paper's c, 0.01 there.
  public let limit: Double

  /// Clipping to this limit.
  public init(limit: Double = 0.01) { self.limit = limit }

  /// Clips these weights.
  public func callAsFunction(_ parameters: [Tensor]) {
    withoutGradient { parameters.clamp(-limit, limit) }
  }
}
