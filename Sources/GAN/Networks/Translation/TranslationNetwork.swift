/// A network that translates images into images of the same size.
public protocol TranslationNetwork: Module {
  /// Both sides of its images are multiples of this.
  var sideFactor: Int { get }
  /// The shortest side of its images, a multiple of ``sideFactor``.
  var leastSide: Int { get }
  /// The memory that one image takes for a translation without gradients, at its peak, in bytes a pixel: what was measured in
  /// float32, rounded up.
  var bytesPerPixel: Int { get }
  /// The translations `[N, outputs, H, W]` in [-1, 1] of images `[N, inputs, H, W]` in [-1, 1].
  func callAsFunction(_ source: Images, _ pass: Pass) -> Images
  /// Checks the values of its tensors, once they have been read from a file.
  ///
  /// - Throws: ``TrainingError`` that names a tensor whose values cannot be, and why.
  func validate() throws(TrainingError)
}

extension TranslationNetwork {
  /// One ``sideFactor``.
  public var leastSide: Int { sideFactor }

  /// Any values will do.
  public func validate() throws(TrainingError) {}

  /// Whether it takes images of these sides.
  public func takes(height: Int, width: Int) -> Bool {
    [height, width].allSatisfy { $0 >= leastSide && $0.isMultiple(of: sideFactor) }
  }

  func requireSides(of source: Images) {
    let shape = source.tensor.isDefined ? source.tensor.shape : [0, 0, leastSide, leastSide]
    precondition(
      shape.count == 4 && takes(height: shape[2], width: shape[3]),
      "this network translates images whose sides are multiples of \(sideFactor) from \(leastSide) on, not \(shape)")
  }
}
