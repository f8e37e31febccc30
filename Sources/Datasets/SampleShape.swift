/// The shape of one sample: channels, height, width.
public struct SampleShape: Sendable, Hashable, Codable, CustomStringConvertible {
  /// 1 (grey), 3 (red, green, blue), or 2 for points in the plane.
  public var channels: Int
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A shape.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Numbers in a sample.
  public var elementCount: Int { channels * height * width }

  /// Channels, height and width, as in "3x32x32".
  public var description: String { "\(channels)x\(height)x\(width)" }
}
