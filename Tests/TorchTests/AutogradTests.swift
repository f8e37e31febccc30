import Testing
import Torch

@Suite struct AutogradTests {
  @Test func gradientsAreValues() {
    let x = Tensor([1.0, 2, 3]).requiringGradient()
    let g = gradients(of: x.pow(3).sum(), with: [x])
    #expect(g[0]?.array(of: Double.self) == [3, 12, 27])
    #expect(x.gradient == nil)
  }

  @Test func gradientsOfGradients() throws {
    let x = Tensor([2.0, 3]).requiringGradient()
    let first = try #require(gradients(of: x.pow(3).sum(), with: [x], createGraph: true)[0])
    #expect(gradients(of: first.sum(), with: [x])[0]?.array(of: Double.self) == [12, 18])
  }

  @Test func anInputThatWasNotUsedHasNoGradient() {
    let (x, y) = (Tensor([1.0]).requiringGradient(), Tensor([1.0]).requiringGradient())
    #expect(gradients(of: (x * 2).sum(), with: [x, y])[1] == nil)
  }

  @Test func withoutGradientRecordsNothing() {
    let x = Tensor([1.0]).requiringGradient()
    #expect(!withoutGradient { (x * 2).requiresGradient })
    #expect((x * 2).requiresGradient)
  }

  @Test func gradientsAreWeightedAndSummed() {
    let x = Tensor([1.0, 2]).requiringGradient()
    let g = gradients(of: [x * 3, x.squared()], weights: [Tensor([1.0, 10]), Tensor([1.0, 1])], with: [x])
    #expect(g[0]?.array(of: Double.self) == [3 + 2, 30 + 4])
  }

  @Test func accumulatedGradientsAreAddedToThoseOfTheLeaf() {
    let (x, unused) = (Tensor([1.0, 2]).requiringGradient(), Tensor([1.0]).requiringGradient())
    accumulateGradients(of: x.pow(3).sum(), into: [x, unused])
    #expect(x.gradient?.array(of: Double.self) == [3, 12])
    accumulateGradients(of: x.squared().sum(), into: [x, unused])
    #expect(x.gradient?.array(of: Double.self) == [3 + 2, 12 + 4])
    #expect(x.gradient?.requiresGradient == false)
    #expect(unused.gradient == nil)
    x.gradient = nil
    accumulateGradients(of: (x * 7).sum(), into: [x])
    #expect(x.gradient?.array(of: Double.self) == [7, 7])
  }

  /// The sum gives both leaves one and the same gradient; what is added to one must not reach the other.
  @Test func accumulatedGradientsAreNotShared() {
    let (x, y) = (Tensor([1.0, 2]).requiringGradient(), Tensor([3.0, 4]).requiringGradient())
    accumulateGradients(of: (x + y).sum(), into: [x, y])
    accumulateGradients(of: (x * 5).sum(), into: [x])
    #expect(x.gradient?.array(of: Double.self) == [6, 6])
    #expect(y.gradient?.array(of: Double.self) == [1, 1])
  }

  @Test func accumulationKeepsTheGraphWhenAsked() {
    let x = Tensor([2.0]).requiringGradient()
    let y = x.squared().sum()
    accumulateGradients(of: y, into: [x], retainGraph: true)
    accumulateGradients(of: y, into: [x])
    #expect(x.gradient?.array(of: Double.self) == [4 + 4])
    #expect(throws: TorchError.self) { try withTorchErrors { accumulateGradients(of: y, into: [x]) } }
    #expect(x.gradient?.array(of: Double.self) == [8])
  }

  @Test func onlyLeavesStopRequiringGradients() {
    let x = Tensor([1.0, 2]).requiringGradient()
    #expect(throws: TorchError.self) { try withTorchErrors { (x * 2).requiringGradient(false) } }
  }

  @Test func aGraphIsUsedOnceUnlessItIsKept() throws {
    let x = Tensor([2.0]).requiringGradient()
    let y = x.exp().sum()
    let first = gradients(of: y, with: [x], retainGraph: true)[0]
    #expect(gradients(of: y, with: [x])[0]?.item == first?.item)
    #expect(throws: TorchError.self) { try withTorchErrors { _ = gradients(of: y, with: [x]) } }
  }

  /// Our own kernel has no derivative: numbers drawn into a recorded tensor must not get that tensor's old gradient.
  @Test func randomRowsRefuseRecordedTensors() throws {
    let fill = try Operation(finding: "gan::normal_rows_")
    let leaf = Tensor.zeros([2, 3]).requiringGradient()
    #expect(throws: TorchError.self) { try fill.invoke([.tensor(leaf), .int(1), .int(0), .int(0)]) }
    let inner = leaf * 2
    fill(.tensor(inner), .int(1), .int(0), .int(0))
    #expect(throws: TorchError.self) { try withTorchErrors { _ = gradients(of: inner.sum(), with: [leaf]) } }
    withoutGradient { _ = fill(.tensor(leaf), .int(1), .int(0), .int(0)) }
    #expect(leaf.isIdentical(to: Tensor.normalRows(count: 2, size: 3, seed: 1)))
  }
}
