import Files

extension String {
  /// The text as one word of a POSIX shell: in single quotes unless it is plainly harmless.
  package var shellQuoted: String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"
    if !isEmpty && allSatisfy(plain.contains) { return self }
    if let quoted = escapedForShell { return quoted }
    return "'" + replacing("'", with: "'\\''") + "'"
  }
}
