import Files

extension String {
  /// The path as one word of a POSIX shell, in single quotes where it needs them. One that begins with `-` gets `./` in front of
  /// it, since commands would take it for an option.
  package var shellQuoted: String {
    guard !hasPrefix("-") else { return ("./" + self).shellQuoted }
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"
    if !isEmpty && allSatisfy(plain.contains) { return self }
    if let quoted = escapedForShell { return quoted }
    return "'" + replacing("'", with: "'\\''") + "'"
  }
}
