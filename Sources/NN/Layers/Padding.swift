/// How much a convolution pads its images with zeros.
public enum Padding: Sendable, Hashable {
  /// The same number of rows above and below and of columns left and right.
  case symmetric(Int, Int)
  /// TensorFlow's "same": a convolution of stride s makes ⌈size / s⌉ of size, a transposed one size × s; the padding
  /// that cannot be halved goes to the bottom and right.
  case same

  /// No padding.
  public static var none: Padding { .symmetric(0, 0) }
  /// `amount` on every side.
  public static func symmetric(_ amount: Int) -> Padding { .symmetric(amount, amount) }

  /// What a convolution pads before and after one axis of `size`.
  func amounts(size: Int, kernel: Int, stride: Int, axis: Int) -> (before: Int, after: Int) {
    switch self {
    case .symmetric(let rows, let columns):
      let amount = axis == 0 ? rows : columns
      return (amount, amount)
    case .same:
      let outputs = (size + stride - 1) / stride
      let total = max((outputs - 1) * stride + kernel - size, 0)
      return (total / 2, total - total / 2)
    }
  }
}
