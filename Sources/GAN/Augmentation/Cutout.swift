/// Images with a window set to zero, each at its own position (DeVries and Taylor 2017, arXiv:1708.04552; DiffAugment's
/// "cutout"). The window has half of each side, rounded up, and may reach beyond the edges.
public struct Cutout {
  /// The row of each window's middle, the lower one of two: int64 `[N]`.
  public let rows: Tensor
  /// The column of each window's middle, the right one of two: int64 `[N]`.
  public let columns: Tensor

  /// The given windows.
  public init(rows: Tensor, columns: Tensor) {
    self.rows = rows
    self.columns = columns
  }

  /// Windows of `count` images, whose centres are uniform over the image, both edges included.
  public init(count: Int, height: Int, width: Int, using random: RandomStream) {
    // A window of an even side has its middle between two pixels, and one place more.
    func middles(_ side: Int) -> Range<Int> { 0..<side + 1 - (side + 1) / 2 % 2 }
    rows = random.wholeNumbers([count], in: middles(height))
    columns = random.wholeNumbers([count], in: middles(width))
  }

  /// The images with zeros in their windows.
  public func callAsFunction(_ images: Images) -> Images {
    let tensor = images.tensor
    let kept = withoutGradient { () -> Tensor in
      let inRows = Self.isInside(tensor.size(2), rows).reshaped(-1, 1, tensor.size(2), 1)
      let inColumns = Self.isInside(tensor.size(3), columns).reshaped(-1, 1, 1, tensor.size(3))
      return (1 - inRows * inColumns).to(tensor.dtype)
    }
    return Images(tensor * kept)
  }

  /// 1 for the places of a side that are within the window around each of `middles`, else 0: `[N, side]`.
  private static func isInside(_ side: Int, _ middles: Tensor) -> Tensor {
    let length = (side + 1) / 2
    // From the window's start, place i is number i − middle + ⌊length / 2⌋, of 0 ..< length.
    let places =
      Tensor.range(side, dtype: .float64, device: middles.device) - (middles.reshaped(-1, 1) - Double(length / 2))
    return (places - Double(length - 1) / 2).abs().isLess(than: Double(length) / 2).to(.float64)
  }
}
