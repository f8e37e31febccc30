import Files

/// An observer that writes the lines of the log elsewhere too, for `--json`: one object a line.
public struct JSONLines: Sendable {
  private let sink: @Sendable (String) throws -> Void

  /// Lines that go to `sink`, each with its line end.
  public init(sink: @escaping @Sendable (String) throws -> Void) {
    self.sink = sink
  }

  /// Lines on standard output.
  public static let standardOutput = JSONLines { line in
    do throws(FileError) {
      try StandardStream.output.write(line)
    } catch {
      if StandardStream.output.hasReader { throw error }
      throw ReaderIsGone()
    }
  }

  private struct ReaderIsGone: Error {}

  /// Writes the event's line; steps are thinned as in ``EventLog``.
  ///
  /// - Returns: `stop` when the line cannot be written: as on request where whoever asked for the lines is gone and has had
  ///   enough, as short of what was asked where they are lost, as on a full disk.
  public func observe(_ event: TrainingEvent) -> TrainingResponse {
    guard event.isLogged else { return .continue }
    do {
      try sink(event.jsonLine + "\n")
      return .continue
    } catch let error as FileError {
      return .stop(.unmet("\(error)"))
    } catch {
      return .stop(.stoppedByObserver)
    }
  }
}
