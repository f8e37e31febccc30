import TestFixtures
import Testing
import Torch

/// Normal draws on the host.
func draws(_ shape: [Int], _ dtype: DType, seed: UInt64) -> Tensor {
  let draws = Tensor.empty(shape, dtype: .float64)
  draws.fillNormal(using: RandomGenerator(seed: seed))
  return draws.to(dtype)
}

/// What a function gives on a device, brought to the host: values and derivatives by those of its inputs that have them.
struct Outcome {
  let values: [Tensor]
  /// Of a weighted sum of the squared values; nil for an input that they do not depend on.
  let first: [Tensor?]
  /// Of the sum of the squared first derivatives.
  let second: [Tensor?]

  /// Computes them on `device`, where no value may come to the host.
  ///
  /// - Parameters:
  ///   - twice: whether the function is differentiated again.
  ///   - function: takes `inputs` on the device; the values that it gives must depend on some of them.
  init(
    of inputs: [Tensor], on device: Device, twice: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
    _ function: ([Tensor]) -> [Tensor]
  ) throws {
    let inputs = inputs.map { input in
      let moved = input.to(device).detached()
      return input.dtype.isFloatingPoint ? moved.requiringGradient() : moved
    }
    let leaves = inputs.filter(\.requiresGradient)
    let (values, first, second) = try withoutReads(sourceLocation: sourceLocation) {
      try withTorchErrors { () -> ([Tensor], [Tensor?], [Tensor?]) in
        let values = function(inputs)
        let first = gradients(of: sumOfSquares(values), with: leaves, retainGraph: true, createGraph: twice)
        guard twice else { return (values, first, []) }
        return (values, first, gradients(of: sumOfSquares(first.compactMap { $0 }), with: leaves))
      }
    }
    self.values = values.map { $0.detached().to(.cpu) }
    self.first = first.map { $0?.detached().to(.cpu) }
    self.second = second.map { $0?.to(.cpu) }
  }

  /// Whether all is that of `other` to `tolerance`, as a share of the greatest magnitude of each tensor.
  func expectEqual(to other: Outcome, _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let pairs = [
      ("value", values, other.values), ("first derivative", first, other.first),
      ("second derivative", second, other.second),
    ]
    for (what, these, those) in pairs as [(String, [Tensor?], [Tensor?])] {
      #expect(these.count == those.count, "\(what)s", sourceLocation: sourceLocation)
      for (index, (this, that)) in zip(these, those).enumerated() {
        #expect((this == nil) == (that == nil), "\(what) \(index)", sourceLocation: sourceLocation)
        guard let this, let that else { continue }
        let deviation = this.deviation(from: that)
        #expect(
          this.dtype == that.dtype && deviation <= tolerance, "\(what) \(index): \(deviation)",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// Σ w x², with weights w that are the same on any device.
private func sumOfSquares(_ tensors: [Tensor]) -> Tensor {
  let sums = tensors.map { tensor in
    let weights =
      Tensor.range(tensor.count, dtype: tensor.dtype, device: tensor.device) * (0.5 / Double(tensor.count)) + 1
    return (weights.reshaped(tensor.shape) * tensor.squared()).sum().reshaped(1)
  }
  return Tensor.concatenated(sums).sum()
}
