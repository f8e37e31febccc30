/// The sentence that a C function writes where it fails.
struct CodecMessage: CustomStringConvertible {
  /// Ends with a zero.
  var text: [CChar]

  init(size: Int) { text = [CChar](repeating: 0, count: size) }

  var description: String { String(decoding: text.lazy.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
}
