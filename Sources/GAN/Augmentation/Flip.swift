/// Images mirrored from left to right, each independently.
public struct Flip {
  /// 1 for what is mirrored, else 0: int64 `[N]`.
  public let flips: Tensor

  /// The given choice.
  public init(_ flips: Tensor) { self.flips = flips }

  /// A choice with equal chances.
  public init(count: Int, using random: RandomStream) { flips = random.wholeNumbers([count], in: 0..<2) }

  /// The images, mirrored where chosen.
  public func callAsFunction(_ images: Images) -> Images {
    let (height, width) = (images.tensor.size(2), images.tensor.size(3))
    let rows = Tensor.range(height, dtype: .float64, device: flips.device).reshaped(1, -1)
    let columns = Tensor.range(width, dtype: .float64, device: flips.device).reshaped(1, -1)
    // Column j, or W − 1 − j.
    let sources = columns + flips.reshaped(-1, 1) * (Double(width - 1) - columns * 2)
    return images.pixels(rows: rows, columns: sources)
  }
}
