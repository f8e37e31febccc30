/// What limits a discriminator: the weights of its loss terms, 0 for none.
///
/// A term that needs its own pass through D (all but ``leCam``) is added at every ``interval``-th update of D with ``interval``
/// times its weight (lazy regularisation; Karras et al. 2020, appendix B). Since it is added to the loss and takes no
/// optimizer step of its own, learning rate and betas stay as they are.
public struct PenaltySettings: Sendable, Equatable {
  /// R1: ``ZeroCenteredPenalty``'s γ at real images.
  public var r1 = 0.0
  /// R2: its γ at generated images.
  public var r2 = 0.0
  /// The weight λ of WGAN-GP's ``GradientPenalty``.
  public var gradientPenalty = 0.0
  /// The weight λ of ``DRAGAN``.
  public var dragan = 0.0
  /// The weight of the ``Consistency`` of scores of real images.
  public var consistencyReal = 0.0
  /// The weight of the ``Consistency`` of scores of generated images.
  public var consistencyFake = 0.0
  /// The weight λ of ``LeCam``.
  public var leCam = 0.0
  /// Updates of D from one use of those terms to the next.
  public var interval = 1
  /// D's weights are clipped to ± this after each of its steps; 0 for no limit.
  public var weightClip = 0.0

  /// No penalty.
  public init() {}

  /// Whether something other than R1 and R2 limits D's slopes or weights.
  var hasOtherLimits: Bool { gradientPenalty > 0 || dragan > 0 || weightClip > 0 }
  /// Whether D's slope at single images is penalised.
  package var limitsSlopes: Bool { r1 > 0 || r2 > 0 || gradientPenalty > 0 || dragan > 0 }
  /// Whether any term needs its own pass, so that the interval matters.
  package var isLazy: Bool { limitsSlopes || consistencyReal > 0 || consistencyFake > 0 }
}
