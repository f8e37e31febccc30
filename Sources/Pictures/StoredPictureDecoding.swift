import Files

extension StoredPicture {
  /// Decodes a PNG or JPEG file: as deep as it is stored, upright, grey where the file can hold grey only.
  ///
  /// What a PNG's tRNS chunk says is transparent has opacity 0. A damaged profile is left out, and so is one of other colours
  /// than the picture's, such as the CMYK of a JPEG whose pixels are converted.
  ///
  /// - Throws: `FileError` when it is missing, no picture, damaged, truncated or too large.
  public init(contentsOf path: String) throws(FileError) {
    // Read rather than mapped: the picture may be overwritten in the meantime.
    let file = try FileSystem.contents(of: path)
    let decoded = file.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try StoredPicture(bytes, path: path) }
    }
    self = try decoded.get()
  }

  /// Decodes a PNG or JPEG file's `bytes`.
  package init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    let header = try PictureHeader(bytes, path: path)
    self = try StoredPicture(header, bytes: bytes, path: path).with(header.profile(in: bytes, path: path))
  }

  /// Decodes a PNG or JPEG file's `bytes`, whose header was read and checked before, but for the profile.
  ///
  /// - Throws: ``FileError`` with `path` when they are damaged or truncated, or are another picture's than the header.
  init(_ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    guard PictureHeader.format(of: bytes) == header.format else { throw header.changed(path) }
    let stored =
      switch header.format {
      case .png: try decodePNG(header, bytes: bytes, path: path)
      case .jpeg: try decodeJPEG(header, bytes: bytes, path: path)
      }
    self = stored.shown(in: header.orientation)
  }

  private func with(_ profile: ColorProfile?) -> StoredPicture {
    StoredPicture(
      checkedWidth: width, height: height, hasColor: hasColor, hasOpacity: hasOpacity, values: values, profile: profile)
  }

  /// The picture whose stored rows these are, upright.
  private func shown(in orientation: Orientation) -> StoredPicture {
    guard orientation != .upright else { return self }
    let (width, height) = orientation.swapsSides ? (self.height, self.width) : (self.width, self.height)
    let turned = Values(count: values.count, depth: values.depth) { target in
      values.withUnsafeBytes { source in
        // A view moves pixels whatever their bytes mean.
        PixelView(
          pixels: source.bindMemory(to: UInt8.self), channels: channels * values.depth / 8, width: self.width,
          height: self.height, orientation: orientation
        ).copy(PixelArea(left: 0, top: 0, width: width, height: height), to: target)
      }
    }
    return StoredPicture(
      checkedWidth: width, height: height, hasColor: hasColor, hasOpacity: hasOpacity, values: turned, profile: profile)
  }
}

extension Picture {
  /// What a stored picture shows: 16 bits reduced to 8, and what is transparent laid over `background`. Opacity, too, is
  /// reduced to 8 bits before the colour is multiplied by it.
  init(_ stored: StoredPicture, over background: Background) {
    var pixels: [UInt8] =
      switch stored.values {
      case .bytes(let bytes): bytes
      // v / 257, rounded.
      case .words(let words): words.map { UInt8(truncatingIfNeeded: (UInt32($0) * 255 + 32895) >> 16) }
      }
    let (colors, count) = (stored.colors, stored.width * stored.height)
    if stored.hasOpacity {
      pixels.withUnsafeMutableBufferPointer { pixels in
        for index in 0..<count {
          let opacity = UInt32(pixels[index * (colors + 1) + colors])
          for channel in 0..<colors {
            pixels[index * colors + channel] = scaled(
              pixels[index * (colors + 1) + channel], by: opacity, over: background)
          }
        }
      }
      pixels.removeLast(count)
    }
    self.init(checkedWidth: stored.width, height: stored.height, channels: colors, pixels: pixels)
  }
}

/// `value` · `factor` / 255, and the rest of `background`, rounded.
func scaled(_ value: UInt8, by factor: UInt32, over background: Background = .black) -> UInt8 {
  UInt8((UInt32(value) * factor + UInt32(background.rawValue) * (255 - factor) + 127) / 255)
}
