/// The status that a command ends with. When thrown, it ends the command silently: the thrower has already printed the
/// reason.
public struct ExitCode: Error, Equatable, Sendable {
  /// The status, from 0 to 255.
  public let rawValue: Int32

  /// That status.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The work was done.
  public static let success = ExitCode(0)
  /// The work failed.
  public static let failure = ExitCode(1)
  /// The command was wrong.
  public static let validationFailure = ExitCode(2)
}

/// What is wrong with a command line, in a sentence without its full stop.
public struct ValidationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// That sentence.
  public init(_ description: String) { self.description = description }
}
