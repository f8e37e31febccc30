import Torch

/// Where a layer's tensors are registered: a dotted name within a network.
///
/// ```swift
/// let up1 = ConvTranspose2d(path / "up1", 512, 256, kernel: 4, stride: 2, padding: .symmetric(1))   // up1.weight, up1.bias
/// ```
public struct Path {
  /// The dictionary that the tensors join.
  public let state: StateDict
  let name: String

  /// The path of a part called `name`.
  public static func / (path: Path, name: String) -> Path {
    Path(state: path.state, name: path.name.isEmpty ? name : "\(path.name).\(name)")
  }

  /// The path of part number `index`.
  public static func / (path: Path, index: Int) -> Path { path / "\(index)" }

  /// A new parameter. The weights of convolutions, `[O, I, H, W]`, lie in memory in the order H, W, I, O, and those of linear
  /// layers, `[O, I]`, in the order I, O, in which the kernels read them and write their gradients; what is drawn does not
  /// depend on that.
  ///
  /// - Parameter filterAxis: the axis that counts filters, where the parameter consists of such.
  public func parameter(_ name: String, shape: [Int], _ initializer: Initializer, filterAxis: Int? = nil) -> Tensor {
    let values = withoutGradient { () -> Tensor in
      let values = Tensor.empty(shape, dtype: .float32)
      // If memory ran out, there is nothing to fill; the enclosing error scope has the reason.
      guard values.isDefined else { return values }
      initializer.fill(values, state.random)
      let placed = values.to(state.dtype).to(state.device)
      if shape.count == 2, filterAxis == 0 { return placed.transposed().contiguous().transposed() }
      return shape.count == 4 ? placed.permuted(2, 3, 1, 0).contiguous().permuted(3, 2, 0, 1) : placed
    }
    return state.register((self / name).name, values, isParameter: true, filterAxis: filterAxis)
  }

  /// A new buffer that starts as what `initializer` draws.
  public func buffer(_ name: String, shape: [Int], _ initializer: Initializer) -> Tensor {
    let values = Tensor.empty(shape, dtype: .float32)
    if values.isDefined { initializer.fill(values, state.random) }
    return buffer(name, values.to(state.dtype))
  }

  /// A new buffer that starts as `values`.
  public func buffer(_ name: String, _ values: Tensor) -> Tensor {
    state.register((self / name).name, values.to(state.device), isParameter: false)
  }
}
