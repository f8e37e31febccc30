import Glibc

/// A lock on a folder that ends with its process: held through `flock`, so that a killed owner never leaves it locked.
public final class FileLock {
  private let descriptor: Int32

  /// Takes the lock kept in the file at `path`, which is created when missing and holds the owner's process number.
  ///
  /// - Throws: ``FileError`` that names the process that holds the lock, if there is one.
  public init(_ path: String) throws(FileError) {
    descriptor = path.withPathBytes { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw FileError.system(path, "create the lock file") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      var digits = [UInt8](repeating: 0, count: 32)
      let count = pread(descriptor, &digits, digits.count, 0)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw FileError.system(path, "lock the file", code: code) }
      let owner = String(decoding: digits.prefix(max(count, 0)).prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self)
      throw FileError(path, "in use by process \(owner.isEmpty ? "(unknown)" : owner); wait for it or end it")
    }
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
      let code = errno
      close(descriptor)
      throw FileError.system(path, "write the lock file", code: code)
    }
  }

  deinit { close(descriptor) }
}
