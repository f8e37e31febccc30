/// An ICC profile: what the values of a picture mean as colours (ICC.1:2022).
public struct ColorProfile: Sendable, Equatable {
  /// The profile as files hold it.
  public let bytes: [UInt8]

  /// What files hold as a profile; nil for what is too short to be one.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count > Self.headerSize else { return nil }
    self.bytes = bytes
  }

  /// Whether it is a profile of grey or of red, green and blue, as the data colour space of its header says (7.2.6).
  func describes(hasColor: Bool) -> Bool { bytes[16..<20].elementsEqual((hasColor ? "RGB " : "GRAY").utf8) }

  private static let headerSize = 128
}
