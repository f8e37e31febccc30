/// A value of each step, read robustly: the medians of blocks of steps, in which a single odd batch does not show.
struct BlockMedians: Sendable, Codable, Equatable {
  /// Steps in a block.
  static let length = 50
  /// As many of the newest blocks are remembered.
  private static let memory = 40

  private var block: [Double] = []
  /// The medians of the newest blocks, oldest first.
  private(set) var medians: [Double] = []

  /// Takes a step's value; returns the median of the block that it completes.
  mutating func take(_ value: Double) -> Double? {
    block.append(value.isFinite ? value : .greatestFiniteMagnitude)
    guard block.count == Self.length else { return nil }
    let median = Self.median(block)
    block.removeAll(keepingCapacity: true)
    medians.append(median)
    if medians.count > Self.memory { medians.removeFirst() }
    return median
  }

  /// The middle one of `values`, the upper one of two; there must be a value.
  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
