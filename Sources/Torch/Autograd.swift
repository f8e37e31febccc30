import CTorch

/// Runs `body` without recording gradients.
public func withoutGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
  let former = ctorch_gradient_mode()
  ctorch_set_gradient_mode(false)
  defer { ctorch_set_gradient_mode(former) }
  return try body()
}

/// The gradients of `output`, a tensor with one element, with regard to `inputs`; `nil` for an input that `output`
/// does not depend on. Nothing is accumulated into ``Tensor/gradient``.
///
/// - Parameters:
///   - retainGraph: keeps what the forward pass stored, for a further call.
///   - createGraph: records the gradients themselves, so that they can be differentiated again.
public func gradients(
  of output: Tensor, with inputs: [Tensor], retainGraph: Bool = false, createGraph: Bool = false
) -> [Tensor?] {
  gradients(of: [output], weights: nil, with: inputs, retainGraph: retainGraph, createGraph: createGraph)
}

/// The gradients with regard to `inputs` of the sum of `outputs`, each weighted by the tensor of its shape in `weights`.
public func gradients(
  of outputs: [Tensor], weights: [Tensor]?, with inputs: [Tensor], retainGraph: Bool = false, createGraph: Bool = false
) -> [Tensor?] {
  var results = [CTorchTensor?](repeating: nil, count: inputs.count)
  let sources: [CTorchTensor?] = outputs.map(\.reference)
  let seeds: [CTorchTensor?]? = weights?.map(\.reference)
  let targets: [CTorchTensor?] = inputs.map(\.reference)
  let status = withExtendedLifetime((outputs, weights, inputs)) {
    if let seeds {
      ctorch_gradients(
        sources, Int64(sources.count), seeds, targets, Int64(targets.count), retainGraph || createGraph, createGraph,
        &results)
    } else {
      ctorch_gradients(
        sources, Int64(sources.count), nil, targets, Int64(targets.count), retainGraph || createGraph, createGraph,
        &results)
    }
  }
  guard status == CTORCH_OK else {
    fail(.last(status, "gradients of \(outputs.map(\.summary).joined(separator: ", "))"))
    return inputs.map { _ in nil }
  }
  return results.map { reference in
    guard let reference else { return nil }
    let gradient = Tensor(adopting: reference)
    return gradient.isDefined ? gradient : nil
  }
}

/// Adds the gradients of `output`, a tensor with one element, to the ``Tensor/gradient`` of each of `parameters`, as
/// PyTorch's `backward` does. One that `output` does not depend on keeps what it has; setting `gradient` to `nil` starts
/// anew.
///
/// - Parameters:
///   - parameters: leaves that require gradients.
///   - retainGraph: keeps what the forward pass stored, for a further call.
public func accumulateGradients(of output: Tensor, into parameters: [Tensor], retainGraph: Bool = false) {
  let found = gradients(of: output, with: parameters, retainGraph: retainGraph)
  withoutGradient {
    for case (let parameter, let gradient?) in zip(parameters, found) {
      // Never in place: two parameters can have been given one tensor.
      parameter.gradient = parameter.gradient.map { $0 + gradient } ?? gradient
    }
  }
}

extension Tensor {
  /// The gradient that was accumulated into this leaf, if any.
  public var gradient: Tensor? {
    get {
      let found = value(nil, "the gradient of \(summary)") { ctorch_tensor_gradient(reference, &$0) }
      guard let found else { return nil }
      let gradient = Tensor(adopting: found)
      return gradient.isDefined ? gradient : nil
    }
    nonmutating set {
      let value = newValue ?? .undefined
      let status = ctorch_tensor_set_gradient(reference, value.reference)
      if status != CTORCH_OK { fail(.last(status, "setting the gradient of \(summary)")) }
    }
  }
}
