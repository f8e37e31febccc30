import CommandLineKit
import Foundation
import GAN

KernelTimes.main()

extension Precision: ExpressibleByArgument {}

/// Times swift-gan's own kernels against the libtorch operators that they replace, in turns.
struct KernelTimes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-times", abstract: "Time our kernels against libtorch's operators, in turns.",
    discussion: """
      The shapes are those of dcgan-keras at batch 256 and of dcgan for 64x64x3 at batch 64. Channels last, medians of \
      the rounds, milliseconds; a Markdown table.
      """)

  @Option(help: ArgumentHelp("float32 or bfloat16.", valueName: "P"))
  var precision = Precision.auto
  @Option(help: ArgumentHelp("Processor threads, by default all.", valueName: "N"))
  var threads: Int?
  @Option(help: ArgumentHelp("Turns of each.", valueName: "N"))
  var rounds = 15

  mutating func run() throws {
    if let threads { Machine.threads = threads }
    Machine.keepFreedMemory()
    let dtype = precision.dtype(on: .cpu) ?? .float32
    print("\(dtype), \(Machine.threads) threads, medians of \(rounds) turns, milliseconds\n")
    print("| operation | libtorch | ours | ratio |\n|---|--:|--:|--:|")
    for shape in ConvolutionShape.all {
      for (name, theirs, ours) in try shape.contest(dtype) { try compare("\(name), \(shape.name)", theirs, ours) }
    }
    for (name, theirs, ours) in try activations(dtype) { try compare(name, theirs, ours) }
  }

  private func compare(_ name: String, _ theirs: @escaping () -> Void, _ ours: @escaping () -> Void) throws {
    var times: (theirs: [Double], ours: [Double]) = ([], [])
    try withTorchErrors {
      for round in -2..<rounds {
        let (first, second) = (milliseconds(theirs), milliseconds(ours))
        // Kernels are compiled in the first turns.
        if round >= 0 {
          times.theirs.append(first)
          times.ours.append(second)
        }
      }
    }
    let (a, b) = (median(times.theirs), median(times.ours))
    print(
      "| \(name) | \(String(format: "%.2f", a)) | \(String(format: "%.2f", b)) | \(String(format: "%.2f", a / b))x |")
  }

  private func milliseconds(_ work: () -> Void) -> Double {
    let time = ContinuousClock().measure(work)
    return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

typealias Contest = (name: String, theirs: () -> Void, ours: () -> Void)

/// A convolution from images `[N, inputs, side, side]`, which layers use in both directions.
struct ConvolutionShape {
  let name: String
  let images, inputs, outputs, side, size, kernel, stride, padding: Int

  static let all = [
    ConvolutionShape(
      name: "256 x 128 <-> 256 channels, 7x7 pixels, 5x5", images: 256, inputs: 128, outputs: 256, side: 7, size: 7,
      kernel: 5, stride: 1, padding: 2),
    ConvolutionShape(
      name: "256 x 64 <-> 128 channels, 14x14 <-> 7x7, 5x5", images: 256, inputs: 64, outputs: 128, side: 14, size: 7,
      kernel: 5, stride: 2, padding: 2),
    ConvolutionShape(
      name: "256 x 1 <-> 64 channels, 28x28 <-> 14x14, 5x5", images: 256, inputs: 1, outputs: 64, side: 28, size: 14,
      kernel: 5, stride: 2, padding: 2),
    ConvolutionShape(
      name: "64 x 3 <-> 64 channels, 64x64 <-> 32x32, 4x4", images: 64, inputs: 3, outputs: 64, side: 64, size: 32,
      kernel: 4, stride: 2, padding: 1),
    ConvolutionShape(
      name: "64 x 64 <-> 128 channels, 32x32 <-> 16x16, 4x4", images: 64, inputs: 64, outputs: 128, side: 32, size: 16,
      kernel: 4, stride: 2, padding: 1),
    ConvolutionShape(
      name: "64 x 256 <-> 512 channels, 8x8 <-> 4x4, 4x4", images: 64, inputs: 256, outputs: 512, side: 8, size: 4,
      kernel: 4, stride: 2, padding: 1),
  ]

  /// The convolution, its transpose and the weight's gradient. libtorch's weights are narrow and channels last already.
  func contest(_ dtype: DType) throws -> [Contest] {
    let (x, y) = (maps([images, inputs, side, side], dtype), maps([images, outputs, size, size], dtype))
    let weight = normal([kernel, kernel, inputs, outputs]).permuted(3, 2, 0, 1)
    let narrow = weight.to(dtype).contiguous(.channelsLast)
    let (steps, edges) = ([stride, stride], [padding, padding])
    func gradient(_ which: [Bool]) {
      Operators.convolutionBackward.all(
        .tensor(y), .tensor(x), .tensor(narrow), .none, .ints(steps), .ints(edges), .ints([1, 1]), .bool(false),
        .ints([0, 0]), .int(1), .bools(which))
    }
    return [
      (
        "convolution",
        {
          Operators.convolution(.tensor(x), .tensor(narrow), .none, .ints(steps), .ints(edges), .ints([1, 1]), .int(1))
        },
        { _ = x.conv2d(weight, nil, stride: steps, padding: edges, size: [size, size]) }
      ),
      (
        "its transpose", { gradient([true, false, false]) },
        { _ = y.convTranspose2d(weight, nil, stride: steps, padding: edges, size: [side, side]) }
      ),
      (
        "weight's gradient", { gradient([false, true, false]) },
        {
          Operators.weightGradient(
            .tensor(x), .tensor(y), .ints(steps), .ints(edges), .ints([kernel, kernel]), .int(1))
        }
      ),
    ]
  }
}

/// Batch norm and dropout with the leaky relu beside them, forward and backward.
func activations(_ dtype: DType) throws -> [Contest] {
  let random = RandomStream(seed: 1)
  return [[256, 128, 7, 7], [256, 64, 14, 14]].flatMap { shape -> [Contest] in
    let x = maps(shape, dtype).requiringGradient()
    let back = maps(shape, dtype)
    let (weight, bias) = (Tensor.ones([shape[1]]).requiringGradient(), Tensor.zeros([shape[1]]).requiringGradient())
    let (mean, variance) = (Tensor.zeros([shape[1]]), Tensor.ones([shape[1]]))
    func there(_ y: Tensor, _ inputs: [Tensor]) { _ = gradients(of: [y], weights: [back], with: inputs) }
    return [
      (
        "batch norm, leaky relu, forward and backward, \(shape)",
        {
          let norm = Operators.batchNorm(
            .tensor(x), .tensor(weight), .tensor(bias), .tensor(mean), .tensor(variance), .bool(true), .double(0.1),
            .double(1e-3), .bool(false))
          there(norm.leakyReLU(0.3), [x, weight, bias])
        },
        { there(x.batchNorm(weight: weight, bias: bias, epsilon: 1e-3, slope: 0.3).output, [x, weight, bias]) }
      ),
      (
        "leaky relu, dropout, forward and backward, \(shape)",
        { there(Operators.dropout(.tensor(x.leakyReLU(0.3)), .double(0.3), .bool(true)), [x]) },
        { there(x.dropout(0.3, afterSlope: 0.3, using: random), [x]) }
      ),
    ]
  }
}

private func normal(_ shape: [Int]) -> Tensor {
  let tensor = Tensor.empty(shape)
  tensor.fillNormal(using: RandomGenerator(seed: 1))
  return tensor
}

private func maps(_ shape: [Int], _ dtype: DType) -> Tensor { normal(shape).to(dtype).contiguous(.channelsLast) }

/// The operators under comparison.
private enum Operators {
  static let convolution = Operation("aten::conv2d")
  static let convolutionBackward = Operation("aten::convolution_backward")
  static let weightGradient = Operation("gan::convolution_weight")
  static let batchNorm = Operation("aten::batch_norm")
  static let dropout = Operation("aten::dropout")
}
