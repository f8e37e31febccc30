extension Images {
  /// Images whose pixel (i, j) is pixel (`rows`[n, i], `columns`[n, j]) of these, zero where that is outside.
  ///
  /// One lookup of whole pixels and no interpolation, so that gradients of any order flow, and values are exact.
  ///
  /// - Parameters:
  ///   - rows: whole numbers, float64 `[N, H]` or `[1, H]`.
  ///   - columns: whole numbers, float64 `[N, W]` or `[1, W]`.
  func pixels(rows: Tensor, columns: Tensor) -> Images {
    let shape = tensor.shape
    guard shape.count == 4 else { return Images(.undefined) }
    let (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let places = withoutGradient { () -> Tensor in
      // Around each picture lies a border of zeros, which stands for all that is outside.
      let (row, column) = (rows.clamped(-1, Double(height)) + 1, columns.clamped(-1, Double(width)) + 1)
      let images = Tensor.range(count, dtype: .float64, device: rows.device).reshaped(-1, 1, 1)
      let first = images * Double(height + 2)
      let line = (first + row.reshaped(-1, height, 1)) * Double(width + 2)
      return (line + column.reshaped(-1, 1, width)).to(.int64).reshaped(-1)
    }
    let table = tensor.permuted(0, 2, 3, 1).padded(0, 0, 1, 1, 1, 1).reshaped(-1, channels)
    return Images(table.rows(places).reshaped(count, height, width, channels).permuted(0, 3, 1, 2))
  }
}
