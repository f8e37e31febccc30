private let sumAll = Operation("aten::sum")
private let sumAxes = Operation("aten::sum", "dim_IntList")
private let meanAll = Operation("aten::mean")
private let meanAxes = Operation("aten::mean", "dim")
private let varianceAxes = Operation("aten::var", "correction")
private let maxAll = Operation("aten::max")
private let minAll = Operation("aten::min")
private let normAll = Operation("aten::linalg_vector_norm")
private let allOperation = Operation("aten::all")
private let finiteOperation = Operation("aten::isfinite")

extension Tensor {
  /// The sum of all elements.
  public func sum() -> Tensor { sumAll(.tensor(self)) }
  /// The sums along `axes`.
  public func sum(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    sumAxes(.tensor(self), .ints(axes), .bool(keepingAxes))
  }
  /// The mean of all elements.
  public func mean() -> Tensor { meanAll(.tensor(self)) }
  /// The means along `axes`.
  public func mean(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    meanAxes(.tensor(self), .ints(axes), .bool(keepingAxes))
  }
  /// The variances along `axes`, divided by the number of elements less `correction`.
  public func variance(axes: [Int], correction: Int = 0, keepingAxes: Bool = false) -> Tensor {
    varianceAxes(.tensor(self), .ints(axes), .int(correction), .bool(keepingAxes))
  }
  /// The greatest element.
  public func max() -> Tensor { maxAll(.tensor(self)) }
  /// The least element.
  public func min() -> Tensor { minAll(.tensor(self)) }
  /// The Euclidean norm along `axes`, or of all elements.
  public func norm(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    normAll(.tensor(self), .int(2), axes.map(Operand.ints) ?? .none, .bool(keepingAxes))
  }
  /// Whether no element is infinite or not a number.
  public var isFinite: Bool { allOperation(.tensor(finiteOperation(.tensor(self)))).item != 0 }
}
