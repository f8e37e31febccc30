/// What the header of an HTTP answer says that matters to a download (RFC 9110, sections 8.6, 14.4 and 15).
struct HTTPAnswer: Equatable {
  /// The status, as 200 or 206; 0 before there is one.
  private(set) var status = 0
  /// Where in the whole file the body begins.
  private(set) var start = 0
  /// The length of the whole file, where the answer says it.
  private(set) var totalCount: Int?

  /// Whether another address is to be asked.
  var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

  /// Whether the body is something else than (a part of) the file.
  var isRefusal: Bool { status != 0 && status != 200 && status != 206 && !isRedirect }

  /// Takes in one line of the header, line ending included. A status line begins a new answer: a proxy's own comes first.
  mutating func read(headerLine line: String) {
    if line.hasPrefix("HTTP/") {
      self = HTTPAnswer()
      let words = line.split(whereSeparator: \.isWhitespace)
      status = words.count > 1 ? Int(words[1]) ?? 0 : 0
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].filter { !$0.isWhitespace }
    switch (line[..<colon].lowercased(), status) {
    case ("content-length", 200): totalCount = Int(value)
    case ("content-range", 206): readRange(value)
    default: break
    }
  }

  /// Reads `bytes100-199/200`, of which the last number may be `*`.
  private mutating func readRange(_ value: String) {
    guard value.lowercased().hasPrefix("bytes") else { return }
    let parts = value.dropFirst("bytes".count).split(separator: "/")
    guard parts.count == 2, let first = parts[0].split(separator: "-").first.flatMap({ Int($0) }) else { return }
    start = first
    totalCount = Int(parts[1])
  }
}
