import Foundation
import NN
import TestFixtures
import Testing
import Torch

/// The fixture called `name` among this target's.
func fixture(_ name: String) throws -> Fixture { try Fixture(name, in: .module) }

/// An empty dictionary in double precision for a layer that will be held against a fixture.
func doubles() -> StateDict { StateDict(random: RandomGenerator(seed: 1), dtype: .float64) }

/// Holds a layer against a case: its output, its gradients, and where the case has them its second derivatives.
///
/// - Parameters:
///   - state: the layer's tensors; overwritten with those of the case before the pass.
///   - format: the order of a four-dimensional input in memory.
///   - rename: what the fixture calls the layer's tensor of that name.
func hold(
  _ layer: (Tensor) -> Tensor, _ state: StateDict, against expected: Fixture.Case,
  format: MemoryFormat = .contiguous, tolerance: Double = 1e-14, rename: (String) -> String = { $0 }
) throws {
  let given = try state.entries.map { entry in
    let what = rename(entry.name)
    // How often a batch norm was used is no part of the fixtures.
    return (entry.name, what == "num_batches_tracked" ? Tensor.zeros([], dtype: .int64) : try expected[what])
  }
  try state.load(Dictionary(uniqueKeysWithValues: given))
  let read = try expected["input"]
  let input = read.rank == 4 ? read.contiguous(format) : read
  var wanted = state.entries.filter(\.isParameter).map { (rename($0.name), $0.tensor) }
  if input.dtype.isFloatingPoint { wanted.insert(("input", input.requiringGradient()), at: 0) }
  let tensors = wanted.map(\.1)

  let output = layer(input)
  #expect(output.deviation(from: try expected["output"]) < tolerance, "output of \(expected.name)")
  let isTwice = expected.tensorNames.contains { $0.hasPrefix("grad2_") }
  let first = gradients(of: [output], weights: [try expected["grad_output"]], with: tensors, createGraph: isTwice)
  for ((name, _), gradient) in zip(wanted, first) {
    let gradient = try #require(gradient, "gradient of \(expected.name) by \(name)")
    #expect(
      gradient.deviation(from: try expected["grad_\(name)"]) < tolerance, "gradient of \(expected.name) by \(name)")
  }
  guard isTwice, let slope = first.first.flatMap({ $0 }) else { return }
  let second = gradients(of: slope.squared().sum(), with: tensors)
  for ((name, tensor), gradient) in zip(wanted, second) {
    // Where the fixture has none, the first gradient does not depend on the tensor.
    let wanted = expected.has("grad2_\(name)") ? try expected["grad2_\(name)"] : tensor.detached().zerosLike()
    #expect(
      (gradient ?? tensor.detached().zerosLike()).deviation(from: wanted) < tolerance,
      "second derivative of \(expected.name) by \(name)")
  }
}
