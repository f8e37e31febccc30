/// How a ``Classifier`` was trained, on what, and its accuracy.
public struct ClassifierOrigin: Sendable, Equatable, Codable {
  /// What the data are called, such as "digits", without the place where they lie.
  public var data: String
  /// The fingerprint of the training split.
  public var dataFingerprint: String
  /// What all random numbers of the training depended on.
  public var seed: UInt64
  /// Training steps.
  public var steps: Int
  /// Its accuracy on the pictures of ``judgedOn``.
  public var accuracy: Double
  /// How many pictures that share is of.
  public var judgedCount: Int
  /// Which pictures those are: none that it was trained on.
  public var judgedOn: HeldOut
  /// The version of swift-gan that trained it.
  public var version: String

  /// Pictures kept from training.
  public enum HeldOut: String, Sendable, Codable {
    /// The test split.
    case testSplit = "test split"
    /// A tenth of the only split there is.
    case tenth = "held-out tenth"
  }
}
