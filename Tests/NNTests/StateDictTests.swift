import NN
import Testing
import Torch

@Suite struct StateDictTests {
  private func network() -> StateDict {
    let state = doubles()
    _ = Linear(state.root / "fc1", 3, 2)
    _ = BatchNorm(state.root / "norm", 2)
    _ = SpectralNorm(Linear(state.root / "fc2", 2, 1, bias: false))
    return state
  }

  @Test func weightsKnowTheirFiltersAndNothingElseHasSuch() {
    let state = StateDict(random: RandomGenerator(seed: 1))
    let root = state.root
    _ = (Linear(root / "linear", 2, 3), Conv2d(root / "conv", 2, 3, kernel: 3), BatchNorm(root / "norm", 3))
    _ = (ConvTranspose2d(root / "up", 2, 3, kernel: 3), Embedding(root / "embedding", 4, 3))
    let axes = Dictionary(uniqueKeysWithValues: state.entries.map { ($0.name, $0.filterAxis) }).compactMapValues { $0 }
    #expect(axes == ["linear.weight": 0, "conv.weight": 0, "up.weight": 1])
  }

  @Test func namesAreThoseOfPyTorch() {
    #expect(
      network().entries.map(\.name) == [
        "fc1.weight", "fc1.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
        "norm.num_batches_tracked", "fc2.parametrizations.weight.original", "fc2.parametrizations.weight.0._u",
        "fc2.parametrizations.weight.0._v",
      ])
    #expect(network().parameterCount == 6 + 2 + 2 + 2 + 2)
    #expect(network().parameters.allSatisfy { $0.requiresGradient })
    #expect(!network().buffers.contains { $0.requiresGradient })
  }

  @Test func loadingOverwritesElementsAndKeepsTheTensors() throws {
    let (a, b) = (network(), network())
    for parameter in b.parameters { withoutGradient { parameter.fill(7) } }
    let kept = a.entries.map(\.tensor)
    try a.copy(from: b)
    for (entry, tensor) in zip(a.entries, kept) {
      #expect(entry.tensor.isSame(as: tensor))
      #expect(entry.tensor.isIdentical(to: try #require(b[entry.name])))
    }
    #expect(a.parameters.allSatisfy { $0.requiresGradient })
    #expect(a["fc1.bias"]?.array(of: Double.self) == [7, 7])
    withoutGradient { b.parameters[0].fill(1) }
    #expect(a["fc1.weight"]?.max().item == 7)
  }

  @Test func whatDoesNotFitIsListedAndNothingIsOverwritten() throws {
    let state = network()
    let before = state.entries.map { $0.tensor.detached().clone() }
    var source = Dictionary(uniqueKeysWithValues: network().entries.map { ($0.name, $0.tensor.detached() + 1) })
    source["norm.weight"] = nil
    source["extra"] = Tensor([1.0])
    source["fc1.bias"] = Tensor([1.0, 2, 3])
    let error = #expect(throws: StateDictError.self) { try state.load(source) }
    #expect(error?.missing == ["norm.weight"])
    #expect(error?.unexpected == ["extra"])
    #expect(error?.mismatched == ["fc1.bias has shape [3], expected [2]"])
    for (entry, tensor) in zip(state.entries, before) { #expect(entry.tensor.isIdentical(to: tensor)) }
  }

  /// Of another network's file everything differs, and nobody reads several hundred names.
  @Test func manyDifferencesAreListedInPart() {
    let error = #expect(throws: StateDictError.self) { try network().load([:]) }
    let said = error?.description
    #expect(said?.hasPrefix("the weights do not fit the network (missing: fc1.weight, fc1.bias, norm.weight") == true)
    #expect(said?.hasSuffix("fc2.parametrizations.weight.original and 2 more)") == true, "\(said ?? "loaded")")
  }

  @Test func loadingConvertsPrecision() throws {
    let state = StateDict(random: RandomGenerator(seed: 1))
    _ = Linear(state.root, 2, 1, bias: false)
    try state.load(["weight": Tensor([1.5, 2.5], shape: [1, 2])])
    #expect(state["weight"]?.dtype == .float32)
    #expect(state["weight"]?.array(of: Double.self) == [1.5, 2.5])
  }
}
