import Files

/// Reads the JSON of a safetensors header, a token at a time.
///
/// Foundation's `JSONSerialization` keeps one of two equal keys without a word, turns numbers into doubles and recurses on
/// nesting. The header's grammar is so small that its reader asks for each token in turn: nothing nests, nothing recurses.
struct SafetensorsScanner {
  let path: String
  /// The whole file, so that positions in messages are positions in the file.
  let bytes: UnsafeRawBufferPointer
  let end: Int
  private(set) var position: Int

  init(path: String, bytes: UnsafeRawBufferPointer, header: Range<Int>) {
    self.path = path
    self.bytes = bytes
    self.position = header.lowerBound
    self.end = header.upperBound
  }

  func failure(_ reason: String) -> FileError {
    FileError(path, "the safetensors header is wrong at byte \(position): \(reason)")
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  /// Takes `token` when it comes next.
  mutating func take(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: token) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ token: Unicode.Scalar) throws(FileError) {
    guard take(token) else { throw failure("'\(token)' is expected here") }
  }

  /// Nothing but space may follow.
  mutating func expectEnd() throws(FileError) {
    skipSpace()
    guard position == end else { throw failure("nothing but spaces may follow the object") }
  }

  /// The members of an object; `member` gets each key and reads its value.
  mutating func object(
    _ member: (inout SafetensorsScanner, String) throws(FileError) -> Void
  ) throws(FileError) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string().value
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// An array of whole numbers from 0.
  mutating func wholeNumbers() throws(FileError) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try wholeNumber()) } while take(",")
    try expect("]")
    return numbers
  }

  private mutating func wholeNumber() throws(FileError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < end, let digit = digit(bytes[position], below: 10) {
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooBigYet) = tens.addingReportingOverflow(digit)
      guard !tooBig, !tooBigYet else { throw failure("the number is too large") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a whole number from 0 is expected here") }
    guard position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
      throw failure("a number may not begin with 0")
    }
    return value
  }

  /// A string, and where its text between the quotes lies in the file.
  mutating func string() throws(FileError) -> (value: String, range: Range<Int>) {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: "\"") else { throw failure("a string is expected here") }
    position += 1
    let start = position
    var text: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        guard let value = String(validating: text, as: UTF8.self) else { throw failure("the text is not UTF-8") }
        position += 1
        return (value, start..<position - 1)
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: try escape().utf8)
      case 0..<0x20:
        throw failure("a control character must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure("the text has no end")
  }

  private mutating func escape() throws(FileError) -> String {
    guard position < end else { throw failure("the text has no end") }
    let letter = Unicode.Scalar(bytes[position])
    position += 1
    switch letter {
    case "\"", "\\", "/": return String(letter)
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      var units = [try hexadecimalUnit()]
      if UTF16.isLeadSurrogate(units[0]), position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        units.append(try hexadecimalUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw failure("the escape is half of a surrogate pair")
      }
      return text
    default:
      throw failure("'\\' must be followed by one of \"\\/bfnrtu")
    }
  }

  private mutating func hexadecimalUnit() throws(FileError) -> UInt16 {
    var unit = 0
    for _ in 0..<4 {
      guard position < end, let digit = digit(bytes[position], below: 16) else {
        throw failure("'\\u' must be followed by four hexadecimal digits")
      }
      unit = unit * 16 + digit
      position += 1
    }
    return UInt16(unit)
  }

  private func digit(_ byte: UInt8, below base: Int) -> Int? {
    let value: Int
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): value = Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): value = Int(byte - UInt8(ascii: "A")) + 10
    default: return nil
    }
    return value < base ? value : nil
  }
}
