import Files
import Foundation
import RunLog
import Synchronization
import Testing

@Suite struct JSONLinesTests {
  @Test func linesAreThoseOfTheLog() throws {
    try withTemporaryFolder { folder in
      let text = Recorder()
      let lines = JSONLines { text.append($0) }
      let log = try EventLog(folder + "/log.jsonl")
      for event in [start(), .stepped(record(100)), .stepped(record(101)), end(101)] {
        #expect(lines.observe(event) == .continue)
        try log.append(event)
      }
      #expect(text.whole == (try read(log.path)))
      #expect(text.whole.split(separator: "\n").count == 3)
    }
  }

  @Test func linesThatAreLostEndTheRunShortOfWhatWasAsked() {
    let full = FileError("standard output", "cannot write: No space left on device")
    #expect(JSONLines { _ in throw full }.observe(start()) == .stop(.unmet("\(full)")))
  }

  @Test func aClosedStreamStopsTheRun() {
    struct Closed: Error {}
    #expect(JSONLines { _ in throw Closed() }.observe(start()) == .stop(.stoppedByObserver))
  }
}

/// Text that was passed to a sink.
final class Recorder: Sendable {
  private let pieces = Mutex<[String]>([])

  func append(_ text: String) { pieces.withLock { $0.append(text) } }

  /// Everything since the beginning, piece by piece.
  var all: [String] { pieces.withLock { $0 } }

  var whole: String { all.joined() }
}
