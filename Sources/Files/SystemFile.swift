import Glibc

/// Files in which the system tells of itself, such as those in `/proc` and `/sys`: made while they are read, so that
/// their size is unknown before.
public enum SystemFile {
  /// What the file at `path` says, with bytes that are no UTF-8 replaced; nil if it cannot be read.
  public static func text(_ path: String) -> String? {
    let descriptor = path.withPathBytes { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16_384)
    while true {
      let got = Glibc.read(descriptor, &part, part.count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { return nil }
      guard got > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += part[..<got]
    }
  }
}
