import CTorch

/// One of libtorch's operators, found by name and overload once and called through the dispatcher, with autograd.
///
/// All operators are reachable, so an operation is a line:
/// ```swift
/// private let hypot = Operation("aten::hypot")
/// extension Tensor { func hypot(_ other: Tensor) -> Tensor { Torch.hypot(.tensor(self), .tensor(other)) } }
/// ```
public struct Operation: @unchecked Sendable {
  /// The dispatcher's handle: immutable, and as long-lived as the process.
  let pointer: CTorchOperator
  let name: String

  /// Finds an operator.
  ///
  /// Ends the process when libtorch has none of this name: that is an error in the program, not in its input.
  public init(_ name: String, _ overload: String = "") {
    do {
      self = try Operation(finding: name, overload)
    } catch {
      fatalError(error.message)
    }
  }

  /// Finds an operator whose name comes from outside the program.
  public init(finding name: String, _ overload: String = "") throws(TorchError) {
    _ = Machine.start
    var found: CTorchOperator?
    try check(ctorch_operator_find(name, overload, &found), "looking for an operator")
    guard let found else { throw TorchError("libtorch has no operator \(name).\(overload)") }
    pointer = found
    self.name = overload.isEmpty ? name : "\(name).\(overload)"
  }

  /// The operator's signature, as libtorch prints it.
  public var schema: String { String(cString: ctorch_operator_schema(pointer)) }

  /// Calls an operator that returns one tensor. Arguments that are left out take the schema's defaults.
  @discardableResult
  public func callAsFunction(_ arguments: Operand...) -> Tensor { call(arguments, capacity: 1).first ?? .undefined }

  /// Calls an operator that returns several tensors, or a list of at most `capacity`.
  @discardableResult
  public func all(_ arguments: Operand..., capacity: Int = 8) -> [Tensor] { call(arguments, capacity: capacity) }

  private func call(_ arguments: [Operand], capacity: Int) -> [Tensor] {
    do {
      return try invoke(arguments, capacity: capacity)
    } catch {
      // After a recorded failure every operator that meets the undefined result fails too: only the first counts.
      fail(error)
      return []
    }
  }

  /// Calls the operator and throws what goes wrong.
  public func invoke(_ arguments: [Operand], capacity: Int = 8) throws(TorchError) -> [Tensor] {
    var packed = PackedArguments(arguments)
    var count: Int64 = 0
    var status = CTORCH_OK
    let results = withUnsafeTemporaryAllocation(of: CTorchValue.self, capacity: max(capacity, 1)) { results in
      status = packed.withValues { values in
        ctorch_operator_call(
          pointer, values.baseAddress, Int64(values.count), results.baseAddress, Int64(capacity), &count)
      }
      return results[..<Int(count)].compactMap { $0.tag == CTORCH_TENSOR ? Tensor(adopting: $0.tensor) : nil }
    }
    guard status == CTORCH_OK else {
      let given = arguments.map(\.summary).joined(separator: ", ")
      throw TorchError.last(status, "\(name)(\(given))")
    }
    return results
  }
}
