/// Images shifted by whole rows and columns, each by its own amount, and filled with zeros (DiffAugment's
/// "translation").
public struct Translation {
  /// How far each image moves down: int64 `[N]`.
  public let rows: Tensor
  /// How far each image moves to the right: int64 `[N]`.
  public let columns: Tensor

  /// The given shifts.
  public init(rows: Tensor, columns: Tensor) {
    self.rows = rows
    self.columns = columns
  }

  /// Shifts of `count` images, uniform over at most an eighth of each side, to the nearest whole pixel, in either
  /// direction.
  public init(count: Int, height: Int, width: Int, using random: RandomStream) {
    func moves(_ side: Int) -> Range<Int> { -((side + 4) / 8)..<(side + 4) / 8 + 1 }
    rows = random.wholeNumbers([count], in: moves(height))
    columns = random.wholeNumbers([count], in: moves(width))
  }

  /// The shifted images.
  public func callAsFunction(_ images: Images) -> Images {
    let (height, width) = (images.tensor.size(2), images.tensor.size(3))
    return images.pixels(
      rows: Tensor.range(height, dtype: .float64, device: rows.device) - rows.reshaped(-1, 1),
      columns: Tensor.range(width, dtype: .float64, device: columns.device) - columns.reshaped(-1, 1))
  }
}
