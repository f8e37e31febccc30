private let addInPlace = Operation("aten::add_", "Tensor")
private let mulScalarInPlace = Operation("aten::mul_", "Scalar")
private let mulInPlace = Operation("aten::mul_", "Tensor")
private let fillInPlace = Operation("aten::fill_", "Scalar")
private let clampInPlace = Operation("aten::clamp_")
private let lerpInPlace = Operation("aten::lerp_", "Scalar")
private let lerpTensorInPlace = Operation("aten::lerp_", "Tensor")

// Changes to the elements themselves. Not for tensors whose values a gradient still needs.
extension Tensor {
  /// Adds `scale` times `other`; whole numbers take no scale but 1.
  public func add(_ other: Tensor, scale: Double = 1) {
    // The schema's own 1 is a whole number, which all types take.
    addInPlace(.tensor(self), .tensor(other), scale == 1 ? .default : .double(scale))
  }
  /// Multiplies by `factor`.
  public func multiply(by factor: Double) { mulScalarInPlace(.tensor(self), .double(factor)) }
  /// Multiplies by `factor`, broadcast.
  public func multiply(by factor: Tensor) { mulInPlace(.tensor(self), .tensor(factor)) }
  /// Sets every element to `value`.
  public func fill(_ value: Double) { fillInPlace(.tensor(self), .double(value)) }
  /// Moves every element into `low ... high`.
  public func clamp(_ low: Double, _ high: Double) { clampInPlace(.tensor(self), .double(low), .double(high)) }
  /// Moves every element by `weight` of its distance toward `end`.
  public func interpolate(toward end: Tensor, weight: Double) {
    lerpInPlace(.tensor(self), .tensor(end), .double(weight))
  }
  /// Moves every element by `weight`, of the elements' type, of its distance toward `end`.
  public func interpolate(toward end: Tensor, weight: Tensor) {
    lerpTensorInPlace(.tensor(self), .tensor(end), .tensor(weight))
  }
}
