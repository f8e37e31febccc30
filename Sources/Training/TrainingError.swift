/// Something that cannot be done as asked: a sentence that says what, and what would be right.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
