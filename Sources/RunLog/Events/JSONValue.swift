import Glibc

/// A JSON value (RFC 8259) as it is spelled: objects keep the order of their members and numbers their digits, which
/// Foundation's parser loses and a reader of settings wants.
package enum JSONValue: Equatable {
  case object([Member])
  case array([JSONValue])
  case string(String)
  case number(String)
  case bool(Bool)
  case null

  package struct Member: Equatable {
    package var key: String
    package var value: JSONValue
  }

  /// The value that is all of `text`; nil when `text` is not JSON.
  package init?(parsing text: UnsafeRawBufferPointer) {
    var scanner = JSONScanner(text)
    guard let value = scanner.value(depth: 0), scanner.isAtEnd() else { return nil }
    self = value
  }

  /// The value as it is spelled in JSON, for messages: of a list its first elements, of an object that it is one.
  package var spelling: String {
    switch self {
    case .object: "an object"
    case .array(let elements):
      "[\(elements.prefix(3).map(\.spelling).joined(separator: ", "))\(elements.count > 3 ? ", ..." : "")]"
    case .string(let text): "\"\(text)\""
    case .number(let digits): digits
    case .bool(let truth): "\(truth)"
    case .null: "null"
    }
  }

  /// The value as a whole number; nil when it is none.
  package var integer: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits)
  }

  /// The value as a whole number from 0 to 2⁶⁴ - 1, as seeds are; nil when it is none.
  package var natural: UInt64? {
    guard case .number(let digits) = self else { return nil }
    return UInt64(digits)
  }

  /// The value as a number; nil when it is none.
  package var double: Double? {
    guard case .number(let digits) = self else { return nil }
    return Double(digits)
  }

  /// The value as text; nil when it is none.
  package var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The member named `key` of an object; nil when there is none.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// Reads JSON from bytes, front to back.
struct JSONScanner {
  /// Objects and arrays nested deeper are refused, since each level takes stack.
  private static let deepest = 64

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == bytes.count
  }

  /// The next value; nil when what follows is not JSON.
  mutating func value(depth: Int) -> JSONValue? {
    skipSpace()
    guard position < bytes.count, depth < Self.deepest else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    position += 1
    var members: [JSONValue.Member] = []
    if takeAfterSpace("}") { return .object([]) }
    repeat {
      skipSpace()
      guard let key = string(), takeAfterSpace(":"), let value = value(depth: depth + 1) else { return nil }
      members.append(JSONValue.Member(key: key, value: value))
    } while takeAfterSpace(",")
    return takeAfterSpace("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    position += 1
    var elements: [JSONValue] = []
    if takeAfterSpace("]") { return .array([]) }
    repeat {
      guard let element = value(depth: depth + 1) else { return nil }
      elements.append(element)
    } while takeAfterSpace(",")
    return takeAfterSpace("]") ? .array(elements) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = position
    while position < bytes.count, Self.isNumeric(bytes[position]) { position += 1 }
    let digits = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    return Double(digits) == nil || digits.hasPrefix("+") ? nil : .number(digits)
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"), bytes[end] >= 0x20 {
      end += 1
    }
    // Nearly every string has no escapes and can be taken as it lies.
    if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
      defer { position = end + 1 }
      return String(validating: UnsafeRawBufferPointer(rebasing: bytes[position..<end]), as: UTF8.self)
    }
    return stringWithEscapes()
  }

  private mutating func stringWithEscapes() -> String? {
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text.append(contentsOf: String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  /// What follows a backslash. Halves of a surrogate pair without the other half are refused.
  private mutating func escape() -> Unicode.Scalar? {
    guard position < bytes.count else { return nil }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
      guard take("\\u"), let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else { return nil }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = bytes[position..<(position + 4)]
    position += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func takeAfterSpace(_ text: StaticString) -> Bool {
    skipSpace()
    return take(text)
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count, let base = bytes.baseAddress,
      memcmp(base + position, text.utf8Start, count) == 0
    else { return false }
    position += count
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 0x20 || (0x9...0xD).contains(bytes[position]) { position += 1 }
  }
}

/// Calls `body` with each line of `bytes` that has its line end, without it.
func forEachLine(of bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
  guard let base = bytes.baseAddress else { return }
  var start = 0
  while start < bytes.count, let end = memchr(base + start, 10, bytes.count - start) {
    let count = UnsafeRawPointer(end) - (base + start)
    body(UnsafeRawBufferPointer(start: base + start, count: count))
    start += count + 1
  }
}
