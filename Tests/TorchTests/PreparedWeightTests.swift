import TestFixtures
import Testing
import Torch

/// The kernels keep weights as they multiply with them. Whoever writes a weight, the next convolution is by what was written.
@Suite struct PreparedWeightTests {
  @Test(arguments: WeightUse.all) func eachWriterIsSeen(_ kind: WeightUse) {
    func isSeen(_ what: String, _ write: (Tensor) -> Void) {
      let isSeen = kind.seesWhat(write)
      #expect(isSeen, "\(what)")
    }
    isSeen("copy") { $0.copy(from: $0.detached() * 3) }
    isSeen("add") { $0.add($0.detached()) }
    isSeen("multiply") { $0.multiply(by: 3) }
    isSeen("multiply by a tensor") { $0.multiply(by: Tensor(3)) }
    isSeen("fill") { $0.fill(0.5) }
    isSeen("clamp") { $0.clamp(-0.1, 0.1) }
    isSeen("interpolate") { $0.interpolate(toward: $0.zerosLike(), weight: 0.5) }
    isSeen("interpolate by a tensor") { $0.interpolate(toward: $0.zerosLike(), weight: Tensor(0.5)) }
    isSeen("normal draws") { $0.fillNormal(using: RandomGenerator(seed: 9)) }
    isSeen("uniform draws") { $0.fillUniform(0, 1, using: RandomGenerator(seed: 9)) }
    isSeen("lists: copy") { [$0].copy(from: [$0.detached() * 3]) }
    isSeen("lists: multiply") { [$0].multiply(by: Tensor(3)) }
    isSeen("lists: interpolate") { [$0].interpolate(toward: [$0.zerosLike()], weight: 0.5) }
    isSeen("lists: interpolate by a tensor") { [$0].interpolate(toward: [$0.zerosLike()], weight: Tensor(0.5)) }
    isSeen("lists: clamp") { [$0].clamp(-0.1, 0.1) }
    isSeen("a view") { $0.slice(0, from: 0, count: 1).fill(7) }
    isSeen("a detached reference") { $0.detached().fill(7) }
    isSeen("a pointer") { weight in
      weight.withUnsafeMutableBytes { $0.bindMemory(to: Float.self)[0] = 100 }
    }
  }

  @Test func ownDrawsAreSeen() {
    let rows = Operation("gan::normal_rows_")
    let x = Tensor.ones([16, 32]), weight = Tensor.ones([64, 32])
    let before = x.linear(weight, nil)
    rows(.tensor(weight), .int(1), .int(0), .int(0))
    let after = x.linear(weight, nil)
    #expect(after.isIdentical(to: x.linear(weight.clone(), nil)) && !after.isIdentical(to: before))
  }

  @Test(arguments: WeightUse.all) func adamIsSeenInTheWeightAndInItsAverage(_ kind: WeightUse) {
    let adam = Operation("gan::adam_")
    func step(_ weight: Tensor, _ gradient: Tensor?, average: Tensor?) {
      _ = adam.all(
        .tensors([weight]), .tensors([gradient ?? .undefined]), .tensors([weight.zerosLike()]),
        .tensors([weight.zerosLike()]), .tensor(.zeros([1], dtype: .int64)), .tensor(Tensor(0.1, dtype: .float64)),
        .double(0.9), .double(0.99), .double(1e-8), .double(0), .bool(false), .tensors(average.map { [$0] } ?? []),
        .tensor(Tensor(0.5, dtype: .float64)), .none)
    }
    let isSeen = [
      kind.seesWhat { step($0, $0.onesLike(), average: nil) },
      kind.seesWhat { step($0.onesLike(), $0.onesLike(), average: $0) },
      // The average alone moves.
      kind.seesWhat { step($0.onesLike(), nil, average: $0) },
    ]
    #expect(isSeen == [true, true, true])
  }

  /// Memory that another weight gets after one has gone is not taken for it, nor other elements of the same memory.
  @Test func placesAreNotMixedUp() {
    let x = draw([16, 32], 1)
    for seed in 2..<50 {
      let weight = draw([64, 32], UInt64(seed))
      #expect(
        x.linear(weight, nil).deviation(from: x.matrixMultiplied(by: weight.to(.float64).transposed().to(.float32)))
          < 1e-5)
    }
    let both = draw([128, 32], 60)
    let halves = [both.slice(0, from: 0, count: 64), both.slice(0, from: 64, count: 64)]
    for _ in 0..<2 {
      for half in halves { #expect(x.linear(half, nil).isIdentical(to: x.linear(half.clone(), nil))) }
    }
  }

  /// Reading changes nothing, for autograd either.
  @Test func readingIsNoChange() throws {
    let weight = draw([64, 32], 1).requiringGradient()
    let y = draw([16, 32], 2).requiringGradient().linear(weight, nil)
    _ = weight.detached().withUnsafeBytes { $0.count }
    #expect(gradients(of: y.sum(), with: [weight])[0] != nil)
  }

  @Test func writingThroughAPointerSpoilsWhatWasSaved() {
    let weight = draw([64, 32], 1)
    let x = draw([16, 32], 2).requiringGradient()
    let y = x.linear(weight, nil)
    weight.withUnsafeMutableBytes { $0[0] = 1 }
    #expect(throws: TorchError.self) { try withTorchErrors { gradients(of: y.sum(), with: [x]) } }
  }
}

private func draw(_ shape: [Int], _ seed: UInt64) -> Tensor {
  let draw = Tensor.empty(shape)
  draw.fillNormal(using: RandomGenerator(seed: seed))
  return draw
}

/// A way to use a weight of which the kernels keep a form of its own: through many channels or few, in either direction.
struct WeightUse: CustomTestStringConvertible {
  let inputs: Int
  let dtype: DType
  let isTransposed: Bool

  var testDescription: String { "\(inputs) channels, \(dtype)\(isTransposed ? ", transposed" : "")" }

  static let all = [32, 2].flatMap { inputs in
    [DType.float32, .bfloat16].flatMap { dtype in
      [false, true].map { WeightUse(inputs: inputs, dtype: dtype, isTransposed: $0) }
    }
  }

  private func apply(_ weight: Tensor) -> Tensor {
    isTransposed
      ? draw([16, 8, 3, 3], 3).to(dtype).convTranspose2d(weight, nil, stride: [2, 2], padding: [1, 1], size: [6, 6])
      : draw([16, inputs, 6, 6], 2).to(dtype).conv2d(weight, nil, stride: [2, 2], padding: [1, 1], size: [3, 3])
  }

  /// Whether the use after `write` is that of new memory with the same elements, and another than before.
  func seesWhat(_ write: (Tensor) -> Void) -> Bool {
    withoutGradient {
      let weight = draw([8, inputs, 3, 3], 1)
      let before = apply(weight)
      guard apply(weight).isIdentical(to: before) else { return false }
      write(weight)
      let after = apply(weight)
      return after.isIdentical(to: apply(weight.clone())) && !after.isIdentical(to: before)
    }
  }
}
