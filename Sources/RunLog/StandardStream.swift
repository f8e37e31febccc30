import Files
import Glibc

/// The process's standard streams, written without a buffer.
package enum StandardStream: Int32 {
  case output = 1
  case error = 2

  package func write(_ text: String) throws(FileError) {
    try writeAll(text, to: rawValue, path: self == .output ? "standard output" : "standard error")
  }

  /// Writes what may be lost: where nobody reads it any more, as when a terminal was closed, the work goes on.
  package func tell(_ text: String) {
    do { try write(text) } catch { return }
  }

  /// Whether it is no pipe whose reader has gone.
  var hasReader: Bool {
    var state = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    return poll(&state, 1, 0) <= 0 || Int32(state.revents) & POLLERR == 0
  }

  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The terminal's width in columns; 80 where it is unknown.
  var columns: Int {
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// Writes all of `text` to an open descriptor; `path` is for the error.
func writeAll(_ text: String, to descriptor: Int32, path: String) throws(FileError) {
  let bytes = Array(text.utf8)
  var start = 0
  while start < bytes.count {
    let written = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written < 0 && errno == EINTR { continue }
    guard written > 0 else { throw FileError.system(path, "write") }
    start += written
  }
}
