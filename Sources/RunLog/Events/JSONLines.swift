/// An observer that writes the lines of the log elsewhere too, for `--json`: one object a line.
public struct JSONLines: Sendable {
  private let sink: @Sendable (String) throws -> Void

  /// Lines that go to `sink`, each with its line end.
  public init(sink: @escaping @Sendable (String) throws -> Void) {
    self.sink = sink
  }

  /// Lines on standard output.
  public static let standardOutput = JSONLines { try StandardStream.output.write($0) }

  /// Writes the event's line; steps are thinned as in ``EventLog``.
  ///
  /// - Returns: `stop` when the line cannot be written: whoever asked for the lines is gone.
  public func observe(_ event: TrainingEvent) -> TrainingResponse {
    guard event.isLogged else { return .continue }
    do {
      try sink(event.jsonLine + "\n")
      return .continue
    } catch {
      return .stop(.stoppedByObserver)
    }
  }
}
