/// Pixels as they are shown: a walk over stored ones that begins in any corner and goes along rows or columns.
struct PixelView {
  let pixels: UnsafePointer<UInt8>?
  let channels: Int
  let width: Int
  let height: Int
  /// Bytes from a pixel to the one at its right, and to the one below, as shown.
  let columnStride: Int
  let rowStride: Int

  /// `width` and `height` are those of the stored pixels, before they are turned by `orientation`.
  init(pixels: UnsafeBufferPointer<UInt8>, channels: Int, width: Int, height: Int, orientation: Orientation) {
    precondition(pixels.count == width * height * channels, "\(pixels.count) bytes are no \(width)x\(height) pixels")
    let column = orientation.reversesColumns ? -channels : channels
    let row = orientation.reversesRows ? -width * channels : width * channels
    let first =
      (orientation.reversesColumns ? (width - 1) * channels : 0)
      + (orientation.reversesRows ? (height - 1) * width * channels : 0)
    self.pixels = pixels.baseAddress.map { $0 + first }
    self.channels = channels
    let swaps = orientation.swapsSides
    (self.width, self.height) = swaps ? (height, width) : (width, height)
    (columnStride, rowStride) = swaps ? (row, column) : (column, row)
  }

  /// Writes the pixels, resized so that they cover `width` x `height` and cropped around the centre, to `target`.
  ///
  /// The filter is Lanczos of three lobes, widened when the picture shrinks so that it does not alias: what Pillow's
  /// `ImageOps.fit(picture, (width, height), Image.LANCZOS)` does, to one grey level.
  func resample(width: Int, height: Int, into target: UnsafeMutableBufferPointer<UInt8>) {
    guard let pixels, let target = target.baseAddress else { return }
    // The largest rectangle of the wanted proportions around the centre.
    let scale = min(Double(self.width) / Double(width), Double(self.height) / Double(height))
    let (boxWidth, boxHeight) = (scale * Double(width), scale * Double(height))
    let (left, top) = ((Double(self.width) - boxWidth) / 2, (Double(self.height) - boxHeight) / 2)
    if scale == 1 && left.rounded() == left && top.rounded() == top {
      copy(from: pixels, left: Int(left), top: Int(top), width: width, height: height, to: target)
      return
    }
    let columns = ResamplingWeights(from: self.width, start: left, length: boxWidth, to: width)
    let rows = ResamplingWeights(from: self.height, start: top, length: boxHeight, to: height)
    let needed = rows.range
    let line = width * channels
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: needed.count * line) { narrowed in
      guard let narrowed = narrowed.baseAddress else { return }
      for row in needed {
        columns.applyAcross(
          pixels + row * rowStride, stride: columnStride, channels: channels,
          to: narrowed + (row - needed.lowerBound) * line)
      }
      rows.applyDown(narrowed, firstRow: needed.lowerBound, line: line, to: target)
    }
  }

  private func copy(
    from pixels: UnsafePointer<UInt8>, left: Int, top: Int, width: Int, height: Int,
    to target: UnsafeMutablePointer<UInt8>
  ) {
    var target = target
    for row in top..<(top + height) {
      var source = pixels + row * rowStride + left * columnStride
      for _ in 0..<width {
        for channel in 0..<channels { target[channel] = source[channel] }
        target += channels
        source += columnStride
      }
    }
  }
}
