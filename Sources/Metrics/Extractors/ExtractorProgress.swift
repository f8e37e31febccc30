/// How far the training of an extractor is.
public struct ExtractorProgress: Sendable, Equatable {
  /// What is trained: "classifier" or "encoder".
  public let extractor: String
  /// Steps done.
  public let step: Int
  /// Steps in all.
  public let steps: Int
  /// The mean cross-entropy of the step, in nats: of a classifier's classes, or of an encoder's choices among views.
  public let loss: Double
}
