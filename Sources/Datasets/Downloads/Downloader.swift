import Files
import Glibc

/// Fetches the files of a named set, one mirror after the other, into a folder.
struct Downloader {
  let set: NamedSet
  let environment: [String: String]
  let limits: DownloadLimits
  let incompleteFolder: FileError?
  let progress: ((DownloadProgress) -> Void)?

  /// Puts `file` into `folder`, verified; an interrupted download continues where it stopped.
  ///
  /// - Throws: ``DownloadError`` when no mirror gives it, `FileError` when the disk does not take it.
  func fetch(_ file: NamedSet.RemoteFile, into folder: String) throws {
    let destination = folder + "/" + file.name
    // Only verified files ever carry the final name.
    if FileSystem.exists(destination) { return }
    let part = try PartialFile(destination: destination, byteCount: file.byteCount)
    var refusals: [DownloadError.Refusal] = []
    for mirror in set.addresses(of: file, environment: environment) {
      guard let reason = try refusal(of: mirror, file: file, part: part) else { return }
      refusals.append(DownloadError.Refusal(mirror: mirror, reason: reason))
    }
    if part.count == 0 { FileSystem.remove(part.path) }
    throw DownloadError(
      set: set.name, file: file.name, refusals: refusals, incompleteFolder: incompleteFolder)
  }

  /// Tries one mirror a few times.
  ///
  /// - Returns: why it did not give the file, or nil when `part` has taken its final name.
  private func refusal(of mirror: String, file: NamedSet.RemoteFile, part: PartialFile) throws -> String? {
    var reason = "no attempt was made"
    for attempt in 0..<limits.attempts {
      if attempt > 0 { usleep(UInt32(limits.pause * attempt / .microseconds(1))) }
      let isResumed = part.count > 0
      do {
        try receive(mirror, file: file, part: part)
      } catch let failure as TransferFailure {
        reason = failure.reason
        if failure.isPassing { continue }
        return reason
      }
      let digest = try part.publish(expecting: file.sha256)
      if digest == file.sha256 { return nil }
      reason = "its file is altered: the SHA-256 is \(digest) instead of \(file.sha256)"
      // The wrong bytes may be those that were there before; only a whole file speaks against its mirror.
      guard isResumed else { return reason }
    }
    return reason
  }

  private func receive(_ mirror: String, file: NamedSet.RemoteFile, part: PartialFile) throws {
    guard !part.isComplete else { return }
    // Ten reports a second are plenty for a terminal.
    var last = ContinuousClock.now - .seconds(1)
    try HTTPTransfer.receive(mirror, into: part, limits: limits, environment: environment) {
      guard part.isComplete || ContinuousClock.now - last >= .milliseconds(100) else { return }
      last = .now
      progress?(
        DownloadProgress(set: set.name, file: file.name, mirror: mirror, received: part.count, total: part.byteCount))
    }
  }
}
