import Testing
import TestFixtures
import Torch

/// Own operators index memory by the shapes of all their arguments: what does not fit is a sentence with the shapes, and
/// nothing is read.
@Suite struct OperatorArgumentTests {
  /// What `body` fails with.
  private func refusal(_ body: () -> Void) -> String {
    do {
      try withTorchErrors(body)
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  // Batch normalisation ------------------------------------------------------------------------------------------------

  /// Which argument has the wrong number of channels.
  private static let ofChannels = ["mean", "variance", "weight", "bias"]

  @Test(arguments: ofChannels, [64, 129, 1, 0])
  func normalisationRefusesOtherChannels(wrong: String, count: Int) {
    func numbers(_ what: String) -> Tensor { .ones([what == wrong ? count : 128]) }
    let said = refusal {
      _ = Tensor.ones([2, 128, 3, 3]).normalized(
        mean: numbers("mean"), variance: numbers("variance"), weight: numbers("weight"), bias: numbers("bias"),
        epsilon: 1e-5)
    }
    #expect(said.contains("[2, 128, 3, 3] takes a \(wrong) of 128") && said.contains("[\(count)]"), "\(said)")
  }

  @Test(arguments: ["weight", "bias"], [64, 129, 1]) func batchNormRefusesOtherChannels(wrong: String, count: Int) {
    let said = refusal {
      _ = Tensor.ones([2, 128, 3, 3]).batchNorm(
        weight: .ones([wrong == "weight" ? count : 128]), bias: .ones([wrong == "bias" ? count : 128]), epsilon: 1e-5)
    }
    #expect(said.contains("[2, 128, 3, 3] takes a \(wrong) of 128") && said.contains("[\(count)]"), "\(said)")
  }

  @Test func normalisationRefusesAMatrixAndWholeNumbers() {
    let (x, ones) = (Tensor.ones([2, 4]), Tensor.ones([4]))
    for mean in [Tensor.ones([1, 4]), .ones([4, 1]), .ones([4], dtype: .int32)] {
      let said = refusal { _ = x.normalized(mean: mean, variance: ones, weight: nil, bias: nil, epsilon: 1e-5) }
      #expect(said.contains("mean of 4 floating-point numbers"), "\(said)")
    }
    #expect(
      refusal { _ = ones.normalized(mean: ones, variance: ones, weight: nil, bias: nil, epsilon: 1e-5) }
        .contains("takes [N, C, ...]"))
  }

  /// Numbers of channels that lie apart in memory, and of another type.
  @Test func channelsMayHaveGapsAndAnotherType() {
    let random = RandomGenerator(seed: 1)
    let (x, table) = (Tensor.empty([3, 6, 2]), Tensor.empty([6, 4]))
    x.fillNormal(using: random)
    table.fillUniform(0.5, 2, using: random)
    func column(_ index: Int) -> Tensor { table.slice(1, from: index, count: 1).reshaped(6) }
    let apart = x.normalized(
      mean: column(0), variance: column(1), weight: column(2), bias: column(3).to(.float64), epsilon: 1e-5)
    let dense = x.normalized(
      mean: column(0).clone(), variance: column(1).clone(), weight: column(2).clone(), bias: column(3).clone(),
      epsilon: 1e-5)
    #expect(column(0).strides == [4])
    #expect(apart.isIdentical(to: dense))
  }

  // Convolutions -------------------------------------------------------------------------------------------------------

  /// A convolution of which one argument is wrong, and what must be said.
  struct Wrong: CustomTestStringConvertible {
    var images = [16, 16, 8, 8], weight = [16, 16, 3, 3], bias: [Int]? = [16]
    var stride = [1, 1], padding = [1, 1], size = [8, 8], groups = 1
    let said: [String]

    var testDescription: String { said[0] }
  }

  static let wrong = [
    Wrong(images: [16, 8, 8], said: ["takes maps [N, C, H, W]", "[16, 8, 8]"]),
    Wrong(images: [16, 16, 0, 8], said: ["a pixel or more", "[16, 16, 0, 8]"]),
    Wrong(images: [16, 12, 8, 8], said: ["takes 16 channels", "[16, 12, 8, 8]", "[16, 16, 3, 3]"]),
    Wrong(weight: [16, 16, 3], bias: nil, said: ["weight of 4 axes", "[16, 16, 3]"]),
    Wrong(weight: [0, 16, 3, 3], bias: nil, said: ["weight of 4 axes, none of them empty", "[0, 16, 3, 3]"]),
    Wrong(weight: [16, 16, 0, 3], said: ["kernel of two numbers from 1", "[0, 3]"]),
    Wrong(bias: [15], said: ["to 16 channels takes a bias", "[15]"]),
    Wrong(bias: [17], said: ["to 16 channels takes a bias", "[17]"]),
    Wrong(bias: [1, 16], said: ["to 16 channels takes a bias", "[1, 16]"]),
    Wrong(stride: [1], said: ["stride of two numbers from 1", "[1]"]),
    Wrong(stride: [1, 1, 1], said: ["stride of two numbers from 1", "[1, 1, 1]"]),
    Wrong(stride: [0, 1], said: ["stride of two numbers from 1", "[0, 1]"]),
    Wrong(stride: [1, -1], said: ["stride of two numbers from 1", "[1, -1]"]),
    Wrong(stride: [1 << 62, 1], said: ["stride of two numbers from 1"]),
    Wrong(stride: [1 << 23, 1], said: ["windows must cover at most", "[8388608, 1]"]),
    Wrong(padding: [1], said: ["padding of two numbers from 0", "[1]"]),
    Wrong(padding: [-1, 0], said: ["padding of two numbers from 0", "[-1, 0]"]),
    Wrong(size: [8], said: ["size of two numbers from 1", "[8]"]),
    Wrong(size: [8, 0], said: ["size of two numbers from 1", "[8, 0]"]),
    Wrong(groups: 0, said: ["cannot be in 0 groups"]),
    Wrong(groups: 3, said: ["cannot be in 3 groups", "[16, 16, 3, 3]"]),
    Wrong(groups: 2, said: ["takes", "channels"]),
  ]

  /// Enough images for the own kernels, and too few.
  @Test(arguments: wrong, [false, true]) func convolutionsRefuse(_ wrong: Wrong, isTransposed: Bool) {
    let images = Tensor.ones(wrong.images), weight = Tensor.ones(wrong.weight),
      bias = wrong.bias.map { Tensor.ones($0) }
    let said = refusal {
      _ =
        isTransposed
        ? images.convTranspose2d(
          weight, bias, stride: wrong.stride, padding: wrong.padding, size: wrong.size, groups: wrong.groups)
        : images.conv2d(
          weight, bias, stride: wrong.stride, padding: wrong.padding, size: wrong.size, groups: wrong.groups)
    }
    // Of two groups the one way has too many inputs, the other too many outputs.
    if isTransposed, wrong.groups == 2 { return #expect(said.contains("to 32 channels takes a bias"), "\(said)") }
    for part in wrong.said { #expect(said.contains(part), "\(said)") }
  }

  @Test func theGradientOfAWeightRefusesWhatDoesNotFit() {
    let gradient = Operation("gan::convolution_weight")
    func said(
      _ x: Tensor, _ y: Tensor, _ stride: [Int] = [1, 1], _ padding: [Int] = [1, 1], _ kernel: [Int] = [3, 3],
      _ groups: Int = 1
    ) -> String {
      refusal { gradient(.tensor(x), .tensor(y), .ints(stride), .ints(padding), .ints(kernel), .int(groups)) }
    }
    let maps = Tensor.ones([16, 16, 8, 8])
    #expect(said(maps, maps) == "nothing was refused")
    #expect(said(maps, .ones([15, 16, 8, 8])).contains("[16, 16, 8, 8] and Float [15, 16, 8, 8]"))
    #expect(said(maps, maps.to(.bfloat16)).contains("one type"))
    #expect(said(maps, .ones([16, 16, 8])).contains("maps [N, outputs, P, Q]"))
    #expect(said(.ones([16, 0, 8, 8]), maps).contains("a channel or more"))
    #expect(said(maps, .ones([16, 16, 8, 0])).contains("a pixel or more"))
    #expect(said(maps, maps, [1]).contains("stride of two numbers"))
    #expect(said(maps, maps, [1, 1], [1]).contains("padding of two numbers"))
    #expect(said(maps, maps, [1, 1], [1, 1], [3]).contains("kernel of two numbers"))
    #expect(said(maps, maps, [1, 1], [1, 1], [0, 3]).contains("kernel of two numbers"))
    #expect(said(maps, maps, [1, 1], [1, 1], [3, 3], 3).contains("cannot be in 3 groups"))
  }

  // The others ---------------------------------------------------------------------------------------------------------

  @Test func theWayBackThroughDropoutRefusesAnotherShapeOrType() {
    let backward = Operation("gan::dropout_backward")
    func said(_ gradient: Tensor, _ output: Tensor, rate: Double = 0.5) -> String {
      refusal { backward(.tensor(gradient), .tensor(output), .double(rate), .double(1)) }
    }
    #expect(said(.ones([4]), .ones([4])) == "nothing was refused")
    #expect(said(.ones([4]), .ones([400])).contains("Float [400], and was given Float [4]"))
    #expect(said(.ones([400], dtype: .bfloat16), .ones([400])).contains("BFloat16 [400]"))
    #expect(said(.ones([4]), .ones([4]), rate: 1).contains("0 ..< 1"))
    // An output whose elements share memory.
    let repeated = Tensor.ones([1, 3]).expanded([5, 3])
    #expect(backward(.tensor(.ones([5, 3])), .tensor(repeated), .double(0.5), .double(1)).sum().item == 30)
  }

  @Test func theWayBackThroughLeakyReLURefusesAnotherShapeOrType() {
    let backward = Operation("gan::leaky_relu_backward")
    func said(_ gradient: Tensor, _ output: Tensor) -> String {
      refusal { backward(.tensor(gradient), .tensor(output), .double(0.2)) }
    }
    #expect(said(.ones([4]), .ones([4])) == "nothing was refused")
    #expect(said(.ones([4]), .ones([400])).contains("Float [400], and was given Float [4]"))
    #expect(said(.ones([400], dtype: .bfloat16), .ones([400])).contains("BFloat16 [400]"))
  }

  @Test func adamRefusesWhatIsNotLaidOutLikeItsParameter() {
    let adam = Operation("gan::adam_")
    func said(
      _ parameter: Tensor, gradient: Tensor? = nil, mean: Tensor? = nil, square: Tensor? = nil,
      steps: Tensor = .zeros([1], dtype: .int64), average: Tensor? = nil, rate: Tensor = Tensor(0.1, dtype: .float64),
      decay: Tensor? = Tensor(0.9, dtype: .float64)
    ) -> String {
      refusal {
        _ = adam.all(
          .tensors([parameter]), .tensors([gradient ?? parameter.onesLike()]),
          .tensors([mean ?? parameter.zerosLike()]),
          .tensors([square ?? parameter.zerosLike()]), .tensor(steps), .tensor(rate), .double(0.9), .double(0.999),
          .double(1e-8), .double(0), .bool(false), .tensors(average.map { [$0] } ?? []), .optional(decay), .none)
      }
    }
    let parameter = Tensor.ones([3, 4])
    #expect(said(parameter) == "nothing was refused")
    #expect(said(parameter, gradient: .ones([1])).contains("[3, 4] takes a gradient of its shape, and was given [1]"))
    #expect(said(parameter, gradient: .ones([4, 3])).contains("was given [4, 3]"))
    #expect(said(parameter, mean: .ones([3])).contains("the mean of a parameter") == true)
    #expect(said(parameter, square: .ones([4, 3]).transposed()).contains("the square of a parameter"))
    #expect(said(parameter, mean: .ones([3, 4], dtype: .float64)).contains("the mean of a parameter"))
    #expect(said(parameter, average: .ones([12])).contains("the average of a parameter"))
    #expect(said(parameter, average: .ones([3, 4]), decay: nil).contains("averages take a decay"))
    #expect(said(parameter, rate: .ones([2])).contains("the learning rate is a tensor of one number"))
    #expect(said(parameter, steps: .zeros([2], dtype: .int64)).contains("Long [2]"))
    #expect(said(parameter, steps: .zeros([1])).contains("Float [1]"))
    #expect(said(Tensor.ones([1, 4]).expanded([3, 4])).contains("without gaps"))
    #expect(said(.ones([3, 4], dtype: .int64)).contains("not implemented for 'Long'"))
  }

  @Test(arguments: [("gan::normal_rows_", DType.float32), ("gan::random_words_", .int64)])
  func randomRowsFillContiguousMatricesOfOneType(name: String, dtype: DType) {
    let rows = Operation(name)
    let others: [Tensor] = [
      .empty([4], dtype: dtype), .empty([4, 4], dtype: .float64), Tensor.empty([4, 5], dtype: dtype).transposed(),
    ]
    for wrong in others {
      let said = refusal { rows(.tensor(wrong), .int(1), .int(0), .int(0)) }
      #expect(said.contains("a contiguous \(dtype) matrix") && said.contains("\(wrong.shape)"), "\(said)")
    }
  }
}
