import Testing
import Torch

@Suite struct TensorTests {
  /// What convolutions hand over lies channels last; an array is row-major all the same.
  @Test func anArrayIsRowMajorWhateverTheOrderInMemory() {
    let elements = (0..<24).map(Double.init)
    let x = Tensor(elements, shape: [1, 2, 3, 4])
    #expect(x.contiguous(.channelsLast).strides == [24, 1, 8, 2])
    #expect(x.contiguous(.channelsLast).array() == elements)
    #expect(x.permuted(0, 2, 3, 1).array(of: Int.self) == (0..<12).flatMap { [$0, $0 + 12] })
    #expect(x.transposed().transposed().array() == elements)
    #expect(x[0][1].array(of: Float.self) == (12..<24).map(Float.init))
  }

  @Test(arguments: [[0], [0, 3], [2, 0, 3]]) func tensorsWithoutElements(shape: [Int]) {
    let x = Tensor([Double](), shape: shape)
    #expect(x.shape == shape)
    #expect(x.array(of: Double.self).isEmpty)
    #expect(
      x.isIdentical(to: Tensor(bytes: UnsafeRawBufferPointer(start: nil, count: 0), shape: shape, dtype: .float64)))
    #expect(x.sum().item == 0)
  }

  @Test func aTensorOfNoAxesHasOneElement() {
    let x = Tensor(2.5)
    #expect(x.shape == [])
    #expect(x.count == 1)
    #expect(x.array(of: Double.self) == [2.5])
  }

  @Test(arguments: DType.allCases) func elementsOfEveryTypeSurviveTheWayIn(dtype: DType) {
    let ones = Tensor([1, 0, 1]).to(dtype)
    #expect(ones.dtype == dtype)
    #expect(ones.withUnsafeBytes { $0.count } == 3 * dtype.size)
    let copy = ones.withUnsafeBytes { Tensor(bytes: $0, shape: [3], dtype: dtype) }
    #expect(copy.isIdentical(to: ones))
    #expect(copy.array(of: Int.self) == [1, 0, 1])
  }

  /// Elements keep their place by index, not by memory, and are converted.
  @Test func copyingGoesByIndexAndConverts() {
    let source = Tensor((0..<24).map(Double.init), shape: [1, 2, 3, 4])
    let target = Tensor.empty([1, 2, 3, 4], dtype: .float32).contiguous(.channelsLast)
    target.copy(from: source)
    #expect(target.array() == source.array(of: Float.self))
    let rows = Tensor.zeros([2, 3])
    rows.copy(from: Tensor([1.0, 2, 3]))
    #expect(rows.array(of: Int.self) == [1, 2, 3, 1, 2, 3])
    #expect(throws: TorchError.self) { try withTorchErrors { rows.copy(from: Tensor([1.0, 2])) } }
  }

  @Test func slicesShareTheirElementsAndClonesDoNot() {
    let x = Tensor([1.0, 2, 3, 4])
    let clone = x.clone()
    x[1..<3].fill(0)
    #expect(x.array() == [1.0, 0, 0, 4])
    #expect(clone.array() == [1.0, 2, 3, 4])
  }

  @Test func wholeNumbersAreAddedInPlace() {
    let x = Tensor([1, 2])
    x.add(Tensor([10, 20]))
    #expect(x.array(of: Int.self) == [11, 22])
  }

  @Test func whatIsNotChosenDoesNotCount() {
    let x = Tensor([1.0, .nan, -3]).requiringGradient()
    let chosen = Tensor.chosen(where: x.isLess(than: 2), x, else: Tensor(0, dtype: .float64))
    #expect(chosen.array() == [1.0, 0, -3])
    #expect(gradients(of: chosen.sum(), with: [x])[0]?.array() == [1.0, 0, 1])
  }

  @Test func identityIsByEveryBit() {
    #expect(!Tensor([0.0]).isIdentical(to: Tensor([-0.0])))
    #expect(Tensor([Double.nan]).isIdentical(to: Tensor([Double.nan])))
    #expect(!Tensor([1.0]).isIdentical(to: Tensor([Float(1)])))
    #expect(!Tensor([1.0]).isIdentical(to: Tensor([1.0], shape: [1, 1])))
  }

  @Test func anAxisThatIsNotThereIsNamed() {
    #expect { try withTorchErrors { _ = Tensor.zeros([2, 3]).size(2) } } throws: { "\($0)".contains("[2, 3]") }
    #expect(Tensor.zeros([2, 3]).size(-1) == 3)
  }

  @Test func aTypeThatNoDTypeStandsForIsAnError() throws {
    let complex = try Operation(finding: "aten::complex")
    let z = complex(.tensor(Tensor([1.0])), .tensor(Tensor([1.0])))
    #expect(throws: TorchError.self) { try withTorchErrors { _ = z.dtype } }
  }

  @Test func descriptionsShowSmallTensorsOnly() {
    #expect("\(Tensor([1.0, 2]))" == "float64 [2] [1.0, 2.0]")
    #expect("\(Tensor.zeros([5, 5]))" == "float32 [5, 5]")
    #expect("\(Tensor.undefined)" == "undefined")
  }
}
