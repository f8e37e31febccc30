/// A rectangle of pixels.
package struct PixelArea: Sendable, Hashable {
  package let left: Int
  package let top: Int
  package let width: Int
  package let height: Int

  package init(left: Int, top: Int, width: Int, height: Int) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }
}

/// Pixels as they are shown: a walk over stored ones that begins in any corner and goes along rows or columns.
package struct PixelView {
  private let pixels: UnsafePointer<UInt8>?
  private let channels: Int
  private let width: Int
  private let height: Int
  /// Bytes from a pixel to the one at its right, and to the one below, as shown.
  private let columnStride: Int
  private let rowStride: Int

  /// `width` and `height` are those of the stored pixels, before they are turned by `orientation`.
  package init(
    pixels: UnsafeBufferPointer<UInt8>, channels: Int, width: Int, height: Int, orientation: Orientation = .upright
  ) {
    precondition(pixels.count == width * height * channels, "\(pixels.count) bytes are no \(width)x\(height) pixels")
    let column = orientation.reversesColumns ? -channels : channels
    let row = orientation.reversesRows ? -width * channels : width * channels
    let first =
      (orientation.reversesColumns ? (width - 1) * channels : 0)
      + (orientation.reversesRows ? (height - 1) * width * channels : 0)
    let swaps = orientation.swapsSides
    self.init(
      pixels: pixels.baseAddress.map { $0 + first }, channels: channels, width: swaps ? height : width,
      height: swaps ? width : height, columnStride: swaps ? row : column, rowStride: swaps ? column : row)
  }

  private init(
    pixels: UnsafePointer<UInt8>?, channels: Int, width: Int, height: Int, columnStride: Int, rowStride: Int
  ) {
    self.pixels = pixels
    self.channels = channels
    self.width = width
    self.height = height
    self.columnStride = columnStride
    self.rowStride = rowStride
  }

  /// The part `area` alone: no pixel outside it has a say in what is resampled.
  package func part(_ area: PixelArea) -> PixelView {
    precondition(
      area.left >= 0 && area.top >= 0 && area.left + area.width <= width && area.top + area.height <= height,
      "\(area) is no part of \(width)x\(height) pixels")
    return PixelView(
      pixels: pixels.map { $0 + area.top * rowStride + area.left * columnStride }, channels: channels,
      width: area.width, height: area.height, columnStride: columnStride, rowStride: rowStride)
  }

  /// Writes the pixels, resized so that they cover `width` x `height` and cropped around the centre, to `target`.
  package func fit(width: Int, height: Int, into target: UnsafeMutableBufferPointer<UInt8>) {
    // The largest rectangle of the wanted proportions around the centre.
    let scale = min(Double(self.width) / Double(width), Double(self.height) / Double(height))
    let (boxWidth, boxHeight) = (scale * Double(width), scale * Double(height))
    let (left, top) = ((Double(self.width) - boxWidth) / 2, (Double(self.height) - boxHeight) / 2)
    if scale == 1 && left.rounded() == left && top.rounded() == top {
      copy(PixelArea(left: Int(left), top: Int(top), width: width, height: height), to: target)
    } else {
      resample(
        left: left, top: top, width: boxWidth, height: boxHeight, by: .lanczos, toWidth: width, height: height,
        into: target)
    }
  }

  /// Writes all pixels, stretched to `width` x `height` by the cubic filter, to `target`: what Pillow's
  /// `picture.resize((width, height), Image.BICUBIC)` does, to one grey level.
  package func stretch(toWidth width: Int, height: Int, into target: UnsafeMutableBufferPointer<UInt8>) {
    resample(
      left: 0, top: 0, width: Double(self.width), height: Double(self.height), by: .cubic, toWidth: width,
      height: height, into: target)
  }

  /// Writes the rectangle of `boxWidth` x `boxHeight` from `left` and `top` on, stretched to `width` x `height`, to
  /// `target`. The filter is widened where the picture shrinks, so that it does not alias.
  private func resample(
    left: Double, top: Double, width boxWidth: Double, height boxHeight: Double, by kernel: ResamplingWeights.Kernel,
    toWidth width: Int, height: Int, into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let pixels, let target = target.baseAddress else { return }
    let columns = ResamplingWeights(from: self.width, start: left, length: boxWidth, to: width, by: kernel)
    let rows = ResamplingWeights(from: self.height, start: top, length: boxHeight, to: height, by: kernel)
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

  /// Writes the pixels of `area` as they are to `target`.
  package func copy(_ area: PixelArea, to target: UnsafeMutableBufferPointer<UInt8>) {
    guard let pixels, var target = target.baseAddress else { return }
    for row in area.top..<(area.top + area.height) {
      var source = pixels + row * rowStride + area.left * columnStride
      for _ in 0..<area.width {
        for channel in 0..<channels { target[channel] = source[channel] }
        target += channels
        source += columnStride
      }
    }
  }
}
