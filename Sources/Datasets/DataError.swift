/// What is wrong with a data set or with what was asked of it, where no single file is to blame.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence without its full stop.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}
