import Testing
import TestFixtures
import Torch

/// The own kernels against libtorch's convolutions in double precision, of the same (rounded) numbers.
@Suite struct ConvolutionTests {
  /// A convolution from `inputs` channels of `height` x `width` pixels to `outputs` of `size`.
  struct Window: CustomTestStringConvertible {
    let images, inputs, outputs: Int
    let height, width: Int
    let size, kernel, stride, padding: [Int]

    /// Whether the own kernels convolve by this window, in both directions: with an even number of channels, but for a
    /// picture's colours.
    var isOwn: Bool { outputs % 2 == 0 && (inputs < 16 || inputs % 2 == 0) }

    var testDescription: String {
      "\(images)x\(inputs)x\(height)x\(width) to \(outputs)x\(size), kernel \(kernel), stride \(stride), padding \(padding)"
    }
  }

  static let windows = [
    // Many channels, windows that hang over every edge.
    Window(
      images: 17, inputs: 32, outputs: 48, height: 7, width: 7, size: [7, 7], kernel: [5, 5], stride: [1, 1],
      padding: [2, 2]),
    // "Same" padding of unequal amounts, counts that are no multiples of 16.
    Window(
      images: 33, inputs: 18, outputs: 22, height: 10, width: 6, size: [5, 3], kernel: [5, 3], stride: [2, 2],
      padding: [1, 0]),
    // Windows with gaps between them: pixels that nothing reaches.
    Window(
      images: 16, inputs: 16, outputs: 34, height: 8, width: 11, size: [3, 4], kernel: [2, 2], stride: [3, 3],
      padding: [0, 0]),
    // More channels than one product takes, maps of one pixel.
    Window(
      images: 70, inputs: 300, outputs: 20, height: 4, width: 4, size: [1, 1], kernel: [4, 4], stride: [1, 1],
      padding: [0, 0]),
    // Pictures: few inputs.
    Window(
      images: 19, inputs: 1, outputs: 24, height: 28, width: 28, size: [14, 14], kernel: [5, 5], stride: [2, 2],
      padding: [1, 1]),
    Window(
      images: 16, inputs: 3, outputs: 20, height: 40, width: 24, size: [40, 24], kernel: [3, 3], stride: [1, 1],
      padding: [1, 1]),
    Window(
      images: 16, inputs: 2, outputs: 38, height: 9, width: 12, size: [3, 4], kernel: [2, 2], stride: [3, 3],
      padding: [0, 0]),
    // Few images: products along rows of pixels, with and without gaps between them.
    Window(
      images: 3, inputs: 32, outputs: 48, height: 11, width: 9, size: [6, 5], kernel: [5, 5], stride: [2, 2],
      padding: [2, 1]),
    Window(
      images: 1, inputs: 16, outputs: 300, height: 4, width: 20, size: [4, 20], kernel: [3, 3], stride: [1, 1],
      padding: [1, 1]),
    Window(
      images: 1, inputs: 16, outputs: 48, height: 8, width: 7, size: [8, 7], kernel: [7, 7], stride: [1, 1],
      padding: [3, 3]),
    Window(
      images: 2, inputs: 130, outputs: 18, height: 13, width: 14, size: [4, 5], kernel: [4, 3], stride: [3, 3],
      padding: [1, 0]),
    Window(
      images: 5, inputs: 40, outputs: 66, height: 2, width: 2, size: [1, 1], kernel: [4, 4], stride: [2, 2],
      padding: [1, 1]),
    Window(
      images: 2, inputs: 16, outputs: 16, height: 9, width: 67, size: [9, 67], kernel: [3, 3], stride: [1, 1],
      padding: [1, 1]),
    // Odd channels go to libtorch.
    Window(
      images: 20, inputs: 17, outputs: 1, height: 5, width: 5, size: [3, 3], kernel: [3, 3], stride: [1, 1],
      padding: [0, 0]),
    Window(
      images: 2, inputs: 16, outputs: 16, height: 5, width: 5, size: [5, 5], kernel: [3, 3], stride: [1, 1],
      padding: [1, 1]),
  ]

  @Test(arguments: windows, MatrixProducts.allCases)
  func agreesWithDoublePrecision(window: Window, products: MatrixProducts) {
    for dtype in [DType.float32, .bfloat16] { agreesWithDoublePrecision(window, dtype, products) }
  }

  private func agreesWithDoublePrecision(_ window: Window, _ dtype: DType, _ products: MatrixProducts) {
    // Where libtorch answers, each thread adds up a share of a weight's products: one alone, as another test may have left it,
    // rounds twice as much as two.
    let former = Machine.threads
    defer { Machine.threads = former }
    Machine.threads = 2
    for isTransposed in [false, true] {
      let ours = products { results(window, dtype, isTransposed) }
      let exact = results(window, .float64, isTransposed, rounded: dtype)
      for (name, value) in ours {
        guard let wanted = exact[name] else { continue }
        // bfloat16 has 8 significant bits, and libtorch, which answers otherwise, rounds more than once.
        let isOwn = window.isOwn && products.areOwn(dtype)
        let tolerance = dtype == .bfloat16 ? (isOwn ? 8e-3 : 3e-2) : 3e-6
        #expect(value.deviation(from: wanted) < tolerance, "\(name), \(dtype), transposed: \(isTransposed)")
      }
      #expect(ours["weight"]?.dtype == .float32)
    }
  }

  /// Otherwise the tests here would compare libtorch with itself.
  @Test(arguments: windows, MatrixProducts.allCases)
  func theOwnKernelsConvolve(window: Window, products: MatrixProducts) throws {
    for dtype in [DType.float32, .bfloat16] {
      let profile = try withOperationProfile {
        for isTransposed in [false, true] { _ = products { results(window, dtype, isTransposed) } }
      }
      let ofLibtorch = profile.filter { $0.name.contains("conv") && $0.name.hasPrefix("aten::") }.map(\.name)
      let isOwn = window.isOwn && products.areOwn(dtype)
      let backward = profile.first { $0.name == "aten::convolution_backward" }?.calls ?? 0
      let others = ofLibtorch.filter { !$0.contains("backward") }
      #expect(others.isEmpty == isOwn, "\(dtype): \(others)")
      if isOwn { #expect(backward == 0, "\(dtype): \(backward) backward calls") }
    }
  }

  /// The order of images in memory changes nothing: planes of colours, and pixels of colours.
  @Test(arguments: MatrixProducts.allCases) func anyOrderOfImagesWillDo(products: MatrixProducts) {
    // Our own kernels make the same sums; libtorch has a way for each order.
    let tolerance = products.areOwn(.float32) ? 0 : 1e-6
    let random = RandomGenerator(seed: 4)
    for channels in [3, 16] {
      let images = Tensor.empty([20, channels, 9, 9]), weight = Tensor.empty([8, channels, 3, 3])
      images.fillNormal(using: random)
      weight.fillNormal(using: random)
      let planes = products { images.conv2d(weight, nil, stride: [2, 2], padding: [1, 1], size: [5, 5]) }
      let pixels = products {
        images.contiguous(.channelsLast).conv2d(weight, nil, stride: [2, 2], padding: [1, 1], size: [5, 5])
      }
      #expect(planes.deviation(from: pixels) <= tolerance)
    }
  }

  /// The stride of an axis of one image says nothing.
  @Test(arguments: MatrixProducts.allCases) func oneImageMayLieAnyway(products: MatrixProducts) {
    let random = RandomGenerator(seed: 5)
    let image = Tensor.empty([4, 4, 16, 1]), weight = Tensor.empty([8, 16, 4, 4])
    image.fillNormal(using: random)
    weight.fillNormal(using: random)
    let maps = image.permuted(3, 2, 0, 1)
    let scores = [maps, maps.contiguous()].map { maps in
      products { maps.conv2d(weight, nil, stride: [1, 1], padding: [0, 0], size: [1, 1]) }
    }
    #expect(scores[0].deviation(from: scores[1]) < 1e-6)
  }

  @Test(arguments: MatrixProducts.allCases) func noRowsHaveAGradientOfZeros(products: MatrixProducts) throws {
    let weight = Tensor.ones([16, 32]).requiringGradient()
    let slope = products {
      let scores = Tensor.empty([0, 32]).linear(weight, nil)
      #expect(scores.shape == [0, 16])
      return gradients(of: scores.sum(), with: [weight])[0]
    }
    #expect(try #require(slope).array(of: Float.self) == Array(repeating: 0, count: 512))
  }

  /// Second derivatives, as gradient penalties need them.
  @Test(arguments: MatrixProducts.allCases, [windows[0], windows[5]])
  func derivesTwice(products: MatrixProducts, window: Window) throws {
    for isTransposed in [false, true] {
      let ours = try products { try secondDerivatives(window, .float32, isTransposed) }
      for (value, wanted) in zip(ours, try secondDerivatives(window, .float64, isTransposed)) {
        #expect(value.deviation(from: wanted) < 1e-5)
      }
    }
  }

  /// Tensors of a window: what goes in, the weight, the bias and the gradient that comes back.
  private func tensors(_ window: Window, _ isTransposed: Bool) -> (
    x: Tensor, weight: Tensor, bias: Tensor, back: Tensor
  ) {
    let random = RandomGenerator(seed: 3)
    func normal(_ shape: [Int]) -> Tensor {
      let tensor = Tensor.empty(shape)
      tensor.fillNormal(using: random)
      return tensor
    }
    let images = normal([window.images, window.inputs, window.height, window.width])
    let maps = normal([window.images, window.outputs] + window.size)
    let weight = normal([window.outputs, window.inputs] + window.kernel)
    let bias = normal([isTransposed ? window.inputs : window.outputs])
    return isTransposed ? (maps, weight, bias, images) : (images, weight, bias, maps)
  }

  private func convolved(_ window: Window, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ isTransposed: Bool)
    -> Tensor
  {
    isTransposed
      ? x.convTranspose2d(
        weight, bias, stride: window.stride, padding: window.padding, size: [window.height, window.width])
      : x.conv2d(weight, bias, stride: window.stride, padding: window.padding, size: window.size)
  }

  /// Output and gradients by name; images in `dtype`, weights as training has them.
  private func results(_ window: Window, _ dtype: DType, _ isTransposed: Bool, rounded: DType? = nil) -> [String:
    Tensor]
  {
    let given = tensors(window, isTransposed)
    func prepared(_ tensor: Tensor) -> Tensor { tensor.to(rounded ?? dtype).to(dtype) }
    let isExact = dtype == .float64
    let x = prepared(given.x).requiringGradient()
    let weight = (isExact ? prepared(given.weight) : given.weight).requiringGradient()
    let bias = (isExact ? given.bias.to(.float64) : given.bias).requiringGradient()
    let y = convolved(window, x, weight, bias, isTransposed)
    let found = gradients(of: [y], weights: [prepared(given.back)], with: [x, weight, bias])
    return ["output": y, "input": found[0] ?? x, "weight": found[1] ?? weight, "bias": found[2] ?? bias]
  }

  private func secondDerivatives(_ window: Window, _ dtype: DType, _ isTransposed: Bool) throws -> [Tensor] {
    let given = tensors(window, isTransposed)
    let (x, weight) = (given.x.to(dtype).requiringGradient(), given.weight.to(dtype).requiringGradient())
    let y = convolved(window, x, weight, nil, isTransposed)
    let first = gradients(of: y.squared().sum(), with: [x, weight], createGraph: true)
    let slopes = try first.map { try #require($0) }
    let penalty = slopes[0].squared().mean() + slopes[1].squared().mean()
    return try gradients(of: penalty, with: [x, weight]).map { try #require($0) }
  }
}
