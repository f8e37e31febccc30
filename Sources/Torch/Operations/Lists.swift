private let normsOperation = Operation("gan::norms")
private let foreachMul = Operation("aten::_foreach_mul", "Scalar")
private let foreachMulTensor = Operation("aten::_foreach_mul", "Tensor")
private let foreachMulTensorInPlace = Operation("aten::_foreach_mul_", "Tensor")
private let foreachLerp = Operation("aten::_foreach_lerp_", "Scalar")
private let foreachLerpTensors = Operation("aten::_foreach_lerp_", "List")
private let foreachCopy = Operation("aten::_foreach_copy_")
private let foreachClampMin = Operation("aten::_foreach_clamp_min", "Scalar")
private let foreachClampMax = Operation("aten::_foreach_clamp_max", "Scalar")
private let foreachClampMinInPlace = Operation("aten::_foreach_clamp_min_", "Scalar")
private let foreachClampMaxInPlace = Operation("aten::_foreach_clamp_max_", "Scalar")

// One call for many tensors (libtorch's `_foreach_` operators).
extension [Tensor] {
  /// The Euclidean norm of each tensor, `[count]`.
  ///
  /// - Precondition: there is one.
  public func norms() -> Tensor { normsOperation(.tensors(self)) }

  /// The Euclidean norm of all elements of all tensors; zero on the host for none.
  public func totalNorm() -> Tensor { isEmpty ? Tensor(0) : norms().norm() }

  /// Multiplies each tensor by `factor`, a tensor without axes, in place.
  public func multiply(by factor: Tensor) {
    if !isEmpty { foreachMulTensorInPlace.all(.tensors(self), .tensor(factor)) }
  }

  /// Each tensor times `factor`.
  public func multiplied(by factor: Double) -> [Tensor] {
    isEmpty ? [] : foreachMul.all(.tensors(self), .double(factor), capacity: count)
  }

  /// Each tensor times `factor`, a tensor without axes.
  public func multiplied(by factor: Tensor) -> [Tensor] {
    isEmpty ? [] : foreachMulTensor.all(.tensors(self), .tensor(factor), capacity: count)
  }

  /// The tensors with every element moved into `low ... high`.
  public func clamped(_ low: Double, _ high: Double) -> [Tensor] {
    guard !isEmpty else { return [] }
    let above = foreachClampMin.all(.tensors(self), .double(low), capacity: count)
    return foreachClampMax.all(.tensors(above), .double(high), capacity: count)
  }

  /// Moves each tensor by `weight` of its distance toward that in `ends`, in place.
  public func interpolate(toward ends: [Tensor], weight: Double) {
    if !isEmpty { foreachLerp.all(.tensors(self), .tensors(ends), .double(weight)) }
  }

  /// Moves each tensor by `weight`, a tensor of their type, of its distance toward that in `ends`, in place.
  public func interpolate(toward ends: [Tensor], weight: Tensor) {
    if !isEmpty { foreachLerpTensors.all(.tensors(self), .tensors(ends), .tensors(map { _ in weight })) }
  }

  /// Overwrites each tensor with that in `sources`.
  public func copy(from sources: [Tensor]) { if !isEmpty { foreachCopy.all(.tensors(self), .tensors(sources)) } }

  /// Moves every element into `low ... high`, in place.
  public func clamp(_ low: Double, _ high: Double) {
    guard !isEmpty else { return }
    foreachClampMinInPlace.all(.tensors(self), .double(low))
    foreachClampMaxInPlace.all(.tensors(self), .double(high))
  }
}
