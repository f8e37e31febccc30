/// What keeps a metric from being computed: a sentence that names the numbers or shapes, and what would be right.
public struct MetricError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
