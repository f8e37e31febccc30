import Files
import Glibc

/// A file on its way: it grows beside its destination as `NAME.part`, survives its process, and takes its final name
/// only when its length and SHA-256 are right.
final class PartialFile {
  let path: String
  /// The length of the finished file in bytes; nothing is ever written beyond it.
  let byteCount: Int
  /// How many bytes are there.
  private(set) var count = 0

  private let destination: String
  private let descriptor: Int32
  private var hash = SHA256()

  /// Opens what an earlier download left, or an empty file.
  init(destination: String, byteCount: Int) throws {
    self.destination = destination
    self.byteCount = byteCount
    path = destination + ".part"
    descriptor = path.withPathBytes { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw FileError.system(path, "create the file") }
    try readLeftover()
  }

  deinit { close(descriptor) }

  /// Whether every byte is there.
  var isComplete: Bool { count == byteCount }

  /// Adds `bytes`, of which there are at most `byteCount - count`.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(count + bytes.count <= byteCount)
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let written = pwrite(descriptor, base, rest.count, off_t(count))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw FileError.system(path, "write the file") }
      hash.update(UnsafeRawBufferPointer(rebasing: rest[..<written]))
      count += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Throws away what is there.
  func restart() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw FileError.system(path, "empty the file") }
    count = 0
    hash = SHA256()
  }

  /// Takes the final name if the SHA-256 of a complete file is `expected`; else empties the file.
  ///
  /// - Returns: the SHA-256 that the file has.
  func publish(expecting expected: String) throws -> String {
    var finished = SHA256()
    swap(&finished, &hash)
    let digest = finished.finish()
    guard digest == expected else {
      try restart()
      return digest
    }
    guard fsync(descriptor) == 0 else { throw FileError.system(path, "flush the file to the disk") }
    guard FileSystem.rename(path, to: destination) else {
      throw FileError.system(path, "rename the finished file into place")
    }
    let folder = destination.lastIndex(of: "/").map { String(destination[..<$0]) } ?? "."
    try AtomicFile.synchronizeFolder(folder.isEmpty ? "/" : folder)
    return digest
  }

  private func readLeftover() throws {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = pread(descriptor, &chunk, chunk.count, off_t(count))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw FileError.system(path, "read the file") }
      guard got > 0 else { return }
      guard count + got <= byteCount else { return try restart() }
      hash.update(chunk[..<got])
      count += got
    }
  }
}
