import Torch

/// Maps `[N, C, H, W]` continued beyond their edges by their mirror image, the edge itself not repeated (PyTorch's
/// `ReflectionPad2d`). A convolution without padding after it sees no artificial border.
public struct ReflectionPadding: Sendable {
  let rows: Int
  let columns: Int

  /// Padding by `rows` at the top and bottom and by `columns` at the left and right; both smaller than the map's sides.
  public init(_ rows: Int, _ columns: Int) { (self.rows, self.columns) = (rows, columns) }

  /// The same padding on every side.
  public init(_ amount: Int) { self.init(amount, amount) }

  /// `[N, C, H + 2 rows, W + 2 columns]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    reflectionPad(.tensor(x), .ints([columns, columns, rows, rows]))
  }
}

private let reflectionPad = Operation("aten::reflection_pad2d")
