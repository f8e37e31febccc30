import Datasets
import Torch

extension Dataset {
  /// Its name without the place where it lies: "mnist" of "mnist:DIR", the last part of a path.
  package var plainName: String {
    let set = String(name.prefix { $0 != ":" })
    if DataSource.names.contains(set) { return set }
    return name.split(separator: "/").last.map(String.init) ?? name
  }

  /// Samples `range` as a tensor `[N, C, H, W]`, float32 in [-1, 1], its channels neighbours in memory.
  ///
  /// - Throws: `FileError` when the file behind the data set was shortened meanwhile.
  public func samples(_ range: Range<Int>) throws -> Tensor {
    try checkUnchanged()
    return withUnsafeBytes { all in
      let part = all[(range.lowerBound * bytesPerSample)..<(range.upperBound * bytesPerSample)]
      return Self.samples(UnsafeRawBufferPointer(rebasing: part), count: range.count, shape: shape, element: element)
    }
  }

  /// Stored samples as a tensor `[count, C, H, W]`, float32: a byte b stands for 2 b / 255 − 1.
  ///
  /// - Parameter bytes: `[count, H, W, C]` of `element`.
  package static func samples(
    _ bytes: UnsafeRawBufferPointer, count: Int, shape: SampleShape, element: Element
  ) -> Tensor {
    let stored = Tensor(
      bytes: bytes, shape: [count, shape.height, shape.width, shape.channels],
      dtype: element == .uint8 ? .uint8 : .float32)
    let values = stored.permuted(0, 3, 1, 2).to(.float32)
    return element == .uint8 ? values * (2.0 / 255) - 1 : values
  }
}
