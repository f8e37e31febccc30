import Files
import Glibc
import Synchronization

/// A run's `log.jsonl`: one JSON object per line, appended as things happen.
///
/// A step's line has the members `event`, `step`, `images` (training samples so far, whatever they are), `seconds`,
/// `images_per_second`, `scores_are_probabilities` and the step's scalars by their names, which the line of `start` or
/// `resume` describes; the other events are `samples`, `checkpoint`, `note`, `warning`, `rollback`, `plan`,
/// `evaluation`, `alarm` and `end`. Steps are thinned by their number alone: the first 100 are all there, then
/// every 10th, from 10,000 on every 100th. What is not finite is null.
public final class EventLog: Sendable {
  /// The file's path.
  public let path: String
  private let file: Mutex<OpenFile>

  /// Opens the log at `path`, creating it when missing. A last line that a crash cut short is removed.
  ///
  /// - Throws: `FileError` when the file cannot be opened, read or repaired.
  public init(_ path: String) throws(FileError) {
    self.path = path
    file = Mutex(try OpenFile(path))
  }

  /// Appends the event's line, unless it is one of the steps that are thinned out. Checkpoints and the end also flush
  /// the file to the disk.
  ///
  /// - Throws: `FileError` when it cannot be written, as on a full disk; the log is then unchanged and can still be
  ///   used.
  public func append(_ event: TrainingEvent) throws(FileError) {
    guard event.isLogged else { return }
    let line = event.jsonLine + "\n"
    try file.withLock { file throws(FileError) in
      try file.append(line, path: path)
      switch event {
      case .checkpointed, .finished: try file.synchronize(path: path)
      default: break
      }
    }
  }

  /// Drops every line of a step later than `step`, for a run that resumes there. The file is replaced at once or not
  /// at all.
  ///
  /// - Throws: `FileError` or another error of writing; the log is then unchanged.
  public func truncate(after step: Int) throws {
    try file.withLock { file in
      let old = try MappedFile(path)
      var kept: [UInt8] = []
      kept.reserveCapacity(old.bytes.count)
      var changed = false
      old.withBytes { bytes in
        forEachLine(of: bytes) { line in
          guard let lineStep = Self.step(of: line), lineStep <= step else {
            changed = true
            return
          }
          kept.append(contentsOf: line)
          kept.append(UInt8(ascii: "\n"))
        }
      }
      guard changed else { return }
      try AtomicFile.write(kept, to: path)
      file = try OpenFile(path)
    }
  }

  /// The step of a whole line; nil when the line is no object with a step.
  private static func step(of line: UnsafeRawBufferPointer) -> Int? {
    guard case .object(let members)? = JSONValue(parsing: line) else { return nil }
    return members.first { $0.key == "step" }?.value.integer
  }
}

/// The log's descriptor and how long the file is while it is whole.
private struct OpenFile: ~Copyable {
  private let descriptor: Int32
  private var length: off_t

  init(_ path: String) throws(FileError) {
    descriptor = path.withPathBytes { open($0, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) }
    length = 0
    guard descriptor >= 0 else { throw FileError.system(path, "open the log") }
    length = try Self.wholeLength(path)
    guard ftruncate(descriptor, length) == 0 else { throw FileError.system(path, "repair the log") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  mutating func append(_ line: String, path: String) throws(FileError) {
    do throws(FileError) {
      try writeAll(line, to: descriptor, path: path)
    } catch {
      guard ftruncate(descriptor, length) == 0 else { throw FileError.system(path, "take back half a line") }
      throw error
    }
    length += off_t(line.utf8.count)
  }

  func synchronize(path: String) throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError.system(path, "flush the log to the disk") }
  }

  /// The length up to and including the last line that is whole and JSON. A power cut may leave zeros behind it.
  private static func wholeLength(_ path: String) throws(FileError) -> off_t {
    try MappedFile(path).withBytes { bytes in
      var end = bytes.count
      while end > 0 {
        let start = (bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let isEnded = bytes[end - 1] == UInt8(ascii: "\n")
        if isEnded, JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes[start..<(end - 1)])) != nil { break }
        end = start
      }
      return off_t(end)
    }
  }
}
