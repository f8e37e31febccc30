import PretendedGPU
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// Each kernel of ours, which the host has, against its composition of libtorch's operators, which other devices take.
  @Suite struct Kernels {
    /// How far values and derivatives may lie apart: only by the order of sums.
    static func tolerance(_ dtype: DType) -> Double { dtype == .float64 ? 1e-12 : dtype == .float32 ? 2e-5 : 2e-2 }

    /// Computes on both devices and compares.
    func agrees(
      _ inputs: [Tensor], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation,
      _ function: ([Tensor]) -> [Tensor]
    ) throws {
      let host = try Outcome(of: inputs, on: .cpu, sourceLocation: sourceLocation, function)
      let device = try Outcome(of: inputs, on: .pretended, sourceLocation: sourceLocation, function)
      device.expectEqual(to: host, tolerance, sourceLocation: sourceLocation)
    }
  }
}

extension PretendedGPUTests.Kernels {
  /// The one that has no composition is the pretended GPU's own, which shows that the list would say so.
  @Test func allAreComputedOnAnyDevice() {
    #expect(String(cString: pretended_gpu_kernels_of_the_host_alone()) == "gan::host_only")
  }
}

// Convolutions.
extension PretendedGPUTests.Kernels {
  /// A convolution of `images` with sides `pixels` to `size`; with even channels and no groups the host has a kernel for it in
  /// float32, and with 16 images or more for its weight's gradient.
  struct Window: CustomTestStringConvertible {
    let images, inputs, outputs: Int
    let pixels, size, kernel, stride, padding: [Int]
    var groups = 1

    var testDescription: String {
      "\(images)x\(inputs)x\(pixels) to \(outputs)x\(size), kernel \(kernel), stride \(stride), \(groups) groups"
    }
  }

  static let windows = [
    Window(
      images: 16, inputs: 16, outputs: 18, pixels: [6, 7], size: [6, 7], kernel: [3, 3], stride: [1, 1],
      padding: [1, 1]),
    // Padding of unequal amounts before and after.
    Window(
      images: 17, inputs: 16, outputs: 18, pixels: [10, 6], size: [5, 3], kernel: [5, 3], stride: [2, 2],
      padding: [1, 0]),
    Window(
      images: 16, inputs: 3, outputs: 8, pixels: [8, 8], size: [4, 4], kernel: [5, 5], stride: [2, 2], padding: [1, 1]),
    Window(
      images: 16, inputs: 16, outputs: 20, pixels: [5, 5], size: [5, 5], kernel: [1, 1], stride: [1, 1],
      padding: [0, 0]),
    // Windows with gaps between them.
    Window(
      images: 16, inputs: 16, outputs: 16, pixels: [8, 11], size: [3, 4], kernel: [2, 2], stride: [3, 3],
      padding: [0, 0]),
    Window(
      images: 3, inputs: 4, outputs: 6, pixels: [7, 7], size: [4, 4], kernel: [3, 3], stride: [2, 2], padding: [1, 1],
      groups: 2),
    // A pixel is cut off.
    Window(
      images: 2, inputs: 4, outputs: 6, pixels: [7, 6], size: [3, 3], kernel: [2, 2], stride: [2, 2], padding: [0, 0],
      groups: 2),
  ]

  @Test(arguments: windows, [DType.float64, .float32])
  func convolutionsAgree(window: Window, dtype: DType) throws {
    let x = draws([window.images, window.inputs] + window.pixels, dtype, seed: 1)
    let weight = draws([window.outputs, window.inputs / window.groups] + window.kernel, dtype, seed: 2)
    let bias = draws([window.outputs], dtype, seed: 3)
    for format in [MemoryFormat.contiguous, .channelsLast] {
      try agrees([x.contiguous(format), weight, bias], Self.tolerance(dtype)) {
        [
          $0[0].conv2d(
            $0[1], $0[2], stride: window.stride, padding: window.padding, size: window.size, groups: window.groups)
        ]
      }
    }
  }

  @Test(arguments: windows, [DType.float64, .float32])
  func transposesAgree(window: Window, dtype: DType) throws {
    let y = draws([window.images, window.outputs] + window.size, dtype, seed: 1)
    let weight = draws([window.outputs, window.inputs / window.groups] + window.kernel, dtype, seed: 2)
    let bias = draws([window.inputs], dtype, seed: 3)
    for format in [MemoryFormat.contiguous, .channelsLast] {
      try agrees([y.contiguous(format), weight, bias], Self.tolerance(dtype)) {
        [
          $0[0].convTranspose2d(
            $0[1], $0[2], stride: window.stride, padding: window.padding, size: window.pixels, groups: window.groups)
        ]
      }
    }
  }

  /// Autocast is a setting of a type of device: it narrows that device's maps, and no other's.
  @Test func autocastIsThatOfTheDevice() throws {
    let device = try Device.pretended
    let (x, weight) = (draws([2, 4, 5, 5], .float32, seed: 1), draws([6, 4, 3, 3], .float32, seed: 2))
    func convolved(on place: Device) -> Tensor {
      x.to(place).conv2d(weight.to(place), nil, stride: [1, 1], padding: [1, 1], size: [5, 5])
    }
    withAutocast(.bfloat16, on: device) {
      #expect(convolved(on: device).dtype == .bfloat16)
      #expect(convolved(on: .cpu).dtype == .float32)
      withoutAutocast(on: device) { #expect(convolved(on: device).dtype == .float32) }
    }
    let (host, other) = (
      withAutocast(.bfloat16, on: .cpu) { convolved(on: .cpu) },
      withAutocast(.bfloat16, on: device) { convolved(on: device) }
    )
    #expect(other.to(.cpu).deviation(from: host) < 1e-2)
  }
}

// Linear maps and norms.
extension PretendedGPUTests.Kernels {
  @Test(arguments: [DType.float64, .float32], [(16, 18), (3, 1)])
  func linearMapsAgree(dtype: DType, shape: (rows: Int, outputs: Int)) throws {
    let (x, weight) = (draws([shape.rows, 32], dtype, seed: 1), draws([shape.outputs, 32], dtype, seed: 2))
    for weight in [weight, weight.transposed().contiguous().transposed()] {
      try agrees([x, weight, draws([shape.outputs], dtype, seed: 3)], Self.tolerance(dtype)) {
        [$0[0].linear($0[1], $0[2]), $0[0].linear($0[1], nil)]
      }
    }
  }

  @Test(arguments: [DType.float64, .float32, .bfloat16]) func normsAgree(dtype: DType) throws {
    let tensors = [draws([3, 5], dtype, seed: 1), draws([40_001], dtype, seed: 2), .ones([], dtype: dtype)]
    try agrees(tensors, Self.tolerance(dtype)) { [$0.norms()] }
  }
}

// Activations, dropout and batch normalisation.
extension PretendedGPUTests.Kernels {
  /// Of slopes below zero the output does not tell the sign.
  @Test(arguments: [DType.float64, .float32, .bfloat16], [0.2, 0, -0.5])
  func leakyReLUAgrees(dtype: DType, slope: Double) throws {
    let maps = draws([3, 5, 4, 7], dtype, seed: 1)
    for x in [maps, maps.contiguous(.channelsLast), draws([33, 65], dtype, seed: 2).transposed()] {
      try agrees([x], 0) { [$0[0].leakyReLU(slope)] }
    }
  }

  /// Element-wise arithmetic is the same to the bit; so must masks be, whatever the order in memory is.
  @Test(arguments: [DType.float64, .float32, .bfloat16], [0, 0.2, 1])
  func dropoutAgrees(dtype: DType, slope: Double) throws {
    let maps = draws([3, 5, 4, 7], dtype, seed: 1)
    let inputs = [
      maps, maps.contiguous(.channelsLast), draws([33, 65], dtype, seed: 2), draws([5, 3, 7], dtype, seed: 3),
    ]
    let outputs = try inputs.map { x -> Tensor in
      func dropped(_ x: Tensor) -> Tensor { x.dropout(0.3, afterSlope: slope, using: RandomStream(seed: 4)) }
      let outcomes = try [Device.cpu, .pretended].map { try Outcome(of: [x], on: $0) { [dropped($0[0])] } }
      outcomes[1].expectEqual(to: outcomes[0], 0)
      return outcomes[0].values[0]
    }
    #expect(outputs[0].isIdentical(to: outputs[1]))
  }

  @Test func dropoutKeepsNoElementsOfAnEmptyTensor() throws {
    let x = Tensor.ones([0, 4], device: try .pretended)
    #expect(x.dropout(0.5, using: RandomStream(seed: 1)).shape == [0, 4])
  }

  @Test(arguments: [DType.float64, .float32], [[24, 6], [5, 6, 4, 3]])
  func batchNormalisationAgrees(dtype: DType, shape: [Int]) throws {
    let x = draws(shape, dtype, seed: 1) * 2 + 3
    let affine = [draws([6], dtype, seed: 2), draws([6], dtype, seed: 3)]
    let statistics = [draws([6], dtype, seed: 4), draws([6], dtype, seed: 5).squared() + 0.5]
    // Sums of a derivative's derivative cancel.
    let tolerance = dtype == .float64 ? 1e-11 : 1e-3
    for inputs in [[x], [x] + affine] {
      for slope in [1, 0.2, 0] {
        try agrees(inputs, tolerance) {
          let all = $0[0].batchNorm(
            weight: $0.count > 1 ? $0[1] : nil, bias: $0.count > 1 ? $0[2] : nil, epsilon: 1e-5, slope: slope)
          return [all.output]
        }
        try agrees(inputs, tolerance) {
          let place = $0[0].device
          return [
            $0[0].normalized(
              mean: statistics[0].to(place), variance: statistics[1].to(place), weight: $0.count > 1 ? $0[1] : nil,
              bias: $0.count > 1 ? $0[2] : nil, epsilon: 1e-5, slope: slope)
          ]
        }
      }
    }
  }

  /// With libtorch's group norm, of which each channel is a group.
  @Test(arguments: [DType.float64, .float32], [1, 3]) func instanceNormalisationAgrees(dtype: DType, images: Int) throws
  {
    let x = draws([images, 6, 5, 4], dtype, seed: 1) * 2 + 3
    let affine = [draws([6], dtype, seed: 2), draws([6], dtype, seed: 3)]
    for inputs in [[x], [x] + affine, [x.contiguous(.channelsLast)] + affine] {
      for slope in [1, 0.2, 0] {
        try agrees(inputs, dtype == .float64 ? 1e-11 : 1e-3) {
          [
            $0[0].instanceNorm(
              weight: $0.count > 1 ? $0[1] : nil, bias: $0.count > 1 ? $0[2] : nil, epsilon: 1e-5, slope: slope)
          ]
        }
      }
    }
  }

  /// Maps of 16 bits under parameters and statistics of 32.
  @Test func batchNormalisationOfNarrowMapsAgrees() throws {
    let x = draws([8, 6, 4, 4], .bfloat16, seed: 1)
    let (weight, bias) = (draws([6], .float32, seed: 2), draws([6], .float32, seed: 3))
    let outcomes = try [Device.cpu, .pretended].map { device in
      try Outcome(of: [x, weight, bias], on: device, twice: false) {
        let (output, mean, variance) = $0[0].batchNorm(weight: $0[1], bias: $0[2], epsilon: 1e-5, slope: 0.2)
        #expect(output.dtype == .bfloat16 && mean.dtype == .float32 && variance.dtype == .float32)
        return [output]
      }
    }
    outcomes[1].expectEqual(to: outcomes[0], 2e-2)
  }

  /// The running statistics of a layer follow these.
  @Test(arguments: [DType.float64, .float32]) func theBatchsStatisticsAgree(dtype: DType) throws {
    let x = draws([8, 6, 4, 4], dtype, seed: 1) + 100
    let statistics = try [Device.cpu, .pretended].map { device -> [Tensor] in
      let (_, mean, variance) = x.to(device).batchNorm(weight: nil, bias: nil, epsilon: 1e-5)
      return [mean.to(.cpu), variance.to(.cpu)]
    }
    for (device, host) in zip(statistics[1], statistics[0]) {
      #expect(device.deviation(from: host) < (dtype == .float64 ? 1e-12 : 1e-4))
    }
  }
}
