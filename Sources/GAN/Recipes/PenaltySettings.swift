/// What keeps a discriminator within bounds: the weights of terms of its loss, 0 for none.
///
/// A term that costs a pass through D of its own (all but ``leCam``) is added to every ``interval``-th of D's moves with as many
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
  /// D's moves from one time to the next.
  public var interval = 1
  /// The limit to which D's weights are clipped after its steps, 0 for none.
  public var weightClip = 0.0

  /// No penalty.
  public init() {}

  /// Whether something other than R1 and R2 keeps D's slopes or weights within bounds.
  var bindOtherwise: Bool { gradientPenalty > 0 || dragan > 0 || weightClip > 0 }
  /// Whether D's slope at single images is penalised.
  package var limitsSlopes: Bool { r1 > 0 || r2 > 0 || gradientPenalty > 0 || dragan > 0 }
  /// Whether any term takes a pass of its own, so that the interval matters.
  package var isLazy: Bool { limitsSlopes || consistencyReal > 0 || consistencyFake > 0 }
}
