import CTorch

extension Tensor {
  /// The elements in row-major order, converted to `Element`.
  public func array<Element: TensorElement>(of element: Element.Type = Element.self) -> [Element] {
    let plain = detached().to(.cpu).to(Element.dtype).contiguous()
    guard plain.isDefined else { return [] }
    return plain.withUnsafeBytes { Array($0.bindMemory(to: Element.self)) }
  }

  /// The value of a tensor with one element.
  public var item: Double {
    value(0, "item of \(summary)") { ctorch_tensor_item(reference, &$0) }
  }

  /// The elements' bytes in memory order.
  ///
  /// - Precondition: the tensor lies in host memory without gaps.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    checkHasBytes()
    return try withExtendedLifetime(handle) {
      let start = value(nil, "the bytes of \(summary)") { ctorch_tensor_data(reference, &$0) }
      return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count * dtype.size))
    }
  }

  /// The elements' bytes in memory order, to be changed. `body` must not compute with the tensor.
  ///
  /// - Precondition: the tensor lies in host memory without gaps.
  public func withUnsafeMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    checkHasBytes()
    return try withExtendedLifetime(handle) {
      let start = value(nil, "the bytes of \(summary)") { ctorch_tensor_mutable_data(reference, &$0) }
      return try body(UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : count * dtype.size))
    }
  }

  private func checkHasBytes() {
    precondition(!isDefined || device == .cpu, "bytes of a tensor on \(device): copy it to the host first")
    precondition(
      !isDefined || isContiguous() || isContiguous(.channelsLast), "bytes of a tensor with gaps: make it contiguous")
  }
}
