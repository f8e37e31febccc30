/// Paths as strings. A Linux file name is any bytes but `/` and NUL; a Swift string is UTF-8 and would repair others into
/// a name that no file has. So a path of swift-gan writes each byte that belongs to no UTF-8 character as `\xE9`, and
/// each byte of a control character too, which must not reach a terminal. A backslash that would read as such an escape
/// is itself written `\x5C`. Each file name has one such string and each string one file name.
extension String {
  /// The path whose bytes these are, up to the first NUL.
  public init(pathBytes bytes: some Collection<UInt8>) {
    let bytes = bytes.prefix { $0 != 0 }
    var text = ""
    var rest = bytes[...]
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    parsing: while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        let isEscape = scalar == "\\" && PathEscape(rest) != nil
        if isEscape || scalar.isUnshowable {
          rest.prefix(encoded.count).forEach { text += PathEscape.text(of: $0) }
        } else {
          text.unicodeScalars.append(scalar)
        }
        rest = rest.dropFirst(encoded.count)
      case .error(let length):
        rest.prefix(length).forEach { text += PathEscape.text(of: $0) }
        rest = rest.dropFirst(length)
      case .emptyInput: break parsing
      }
    }
    self = text
  }

  /// The path that the system gave as a C string.
  public init(path pointer: UnsafePointer<CChar>) {
    self.init(pathBytes: UnsafeRawBufferPointer(start: pointer, count: Self.length(of: pointer)))
  }

  /// The bytes of the file name that this path stands for.
  public var pathBytes: [UInt8] {
    // Nearly all names: a folder of pictures has thousands.
    guard utf8.contains(UInt8(ascii: "\\")) else { return Array(utf8) }
    var bytes: [UInt8] = []
    var rest = Substring(self).utf8[...]
    while let first = rest.first {
      if let escape = PathEscape(rest) {
        bytes.append(escape.byte)
        rest = rest.dropFirst(PathEscape.length)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }

  /// Calls `body` with the file name that this path stands for, as the C string that system calls take.
  public func withPathBytes<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let name = ContiguousArray((pathBytes + [0]).map { CChar(bitPattern: $0) })
    return try name.withUnsafeBufferPointer { (name) throws(Failure) in
      guard let start = name.baseAddress else { fatalError("a terminated string has a first byte") }
      return try body(start)
    }
  }

  /// The path as one word of a shell that knows `$'...'` (POSIX.1-2024, bash, zsh), where it has escapes; else nil.
  package var escapedForShell: String? {
    guard utf8.indices.contains(where: { PathEscape(utf8[$0...]) != nil }) else { return nil }
    var text = ""
    var rest = utf8[...]
    while let first = rest.first {
      if PathEscape(rest) != nil {
        text += String(decoding: rest.prefix(PathEscape.length), as: UTF8.self)
        rest = rest.dropFirst(PathEscape.length)
      } else {
        if first == UInt8(ascii: "\\") || first == UInt8(ascii: "'") { text += "\\" }
        let count = rest.dropFirst().prefix { $0 & 0xc0 == 0x80 }.count + 1
        text += String(decoding: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
      }
    }
    return "$'\(text)'"
  }

  private static func length(of pointer: UnsafePointer<CChar>) -> Int {
    var length = 0
    while pointer[length] != 0 { length += 1 }
    return length
  }
}

/// `\xE9` for the byte 0xE9: two upper-case hexadecimal digits, and never NUL.
struct PathEscape {
  static let length = 4
  private static let digits = Array("0123456789ABCDEF".utf8)
  let byte: UInt8

  /// The escape that `bytes` begin with.
  init?(_ bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(Self.length))
    guard start.count == Self.length, start[0] == UInt8(ascii: "\\"), start[1] == UInt8(ascii: "x"),
      let high = Self.digits.firstIndex(of: start[2]), let low = Self.digits.firstIndex(of: start[3]), high + low > 0
    else { return nil }
    byte = UInt8(16 * high + low)
  }

  static func text(of byte: UInt8) -> String {
    String(
      decoding: [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }
}

extension Unicode.Scalar {
  /// Whether a terminal would act on the character instead of showing it.
  fileprivate var isUnshowable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
