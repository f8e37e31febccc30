import Files
import NN
import Samples
import Torch

extension Metric {
  /// LPIPS 0.1 by AlexNet (Zhang et al. 2018, arXiv:1801.03924), with weights from a file: ``LPIPS``.
  public static let lpipsAlex = lpips(.alex)
  /// LPIPS 0.1 by VGG-16, with weights from a file: ``LPIPS``.
  public static let lpipsVGG = lpips(.vgg)

  private static func lpips(_ trunk: LPIPS.Trunk, file: String? = nil) -> Metric {
    let name = "lpips-\(trunk.rawValue)"
    var metric = Metric(
      name, better: .low,
      needs: [.pictures, .pairs, .sides(from: trunk.leastSide)] + (file == nil ? [.weights] : []),
      inTraining: [.pictures],
      extractor: ExtractorInfo(name, fingerprint: file.map(digest(of:)) ?? "")
    ) { _ in
      guard let file else { throw MetricError("\(name) needs \(Need.weights)") }
      let distance = try LPIPS(contentsOf: file, trunk)
      return PairMeasure { try distance($0.samples, $0.targets(of: name)) }
    }
    metric.file = file
    metric.withFile = { lpips(trunk, file: $0) }
    return metric
  }
}

/// SHA-256 of the file, in hexadecimal; of one that cannot be read, nothing: whoever uses it says so.
private func digest(of path: String) -> String { (try? MappedFile(path).withBytes { SHA256.digest($0) }) ?? "" }

/// The learned perceptual distance of pictures, version 0.1 (Zhang et al. 2018, arXiv:1801.03924): features of a network that
/// classifies photographs, weighted as people compare. `Tools/convert_lpips.py` makes the file.
public final class LPIPS {
  /// The network whose features are compared.
  public enum Trunk: String, Sendable {
    /// AlexNet as torchvision has it (Krizhevsky 2014, arXiv:1404.5997).
    case alex
    /// VGG-16 without batch norm (Simonyan and Zisserman 2015, arXiv:1409.1556).
    case vgg
  }

  private let network: LPIPSNetwork

  /// The distance by the weights in a safetensors file.
  ///
  /// - Throws: `FileError` that says what is wrong with the file.
  public convenience init(contentsOf path: String, _ trunk: Trunk) throws {
    do {
      try self.init(SafetensorsFile(path).tensors(), trunk)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path, "\(error); Tools/convert_lpips.py --net \(trunk.rawValue) makes the right file")
    }
  }

  /// The distance by `weights`: the trunk's under torchvision's names (`features.N.weight`), and those of its layers'
  /// channels under those of the package `lpips` (`lin0.model.1.weight`).
  ///
  /// - Throws: `StateDictError` when they are not this trunk's; ``MetricError`` when one is not finite.
  public init(_ weights: [String: Tensor], _ trunk: Trunk) throws {
    network = try withTorchErrors { LPIPSNetwork(StateDict(random: RandomGenerator(seed: 0)), trunk) }
    try network.state.load(weights)
    if let spoilt = try withTorchErrors({ network.state.nonFinite }) {
      throw MetricError("the weight \(spoilt) is not finite")
    }
  }

  /// The distance of each pair, `[N]`, in float32.
  ///
  /// - Parameters:
  ///   - first: `[N, C, H, W]` in [-1, 1], grey or colour.
  ///   - second: of the same shape.
  /// - Throws: ``MetricError`` for pictures that are too small; `TorchError` when memory runs out.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) throws -> Tensor {
    let least = network.trunk.leastSide
    guard min(first.size(2), first.size(3)) >= least else {
      throw MetricError("lpips-\(network.trunk.rawValue) needs \(Metric.Need.sides(from: least)), not \(first.shape)")
    }
    return try withTorchErrors {
      withoutGradient {
        featureDistance(network(first), network(second), weights: network.weights, floor: 1e-10)
      }
    }
  }
}

/// The trunk of an LPIPS distance and the weights of its layers' channels.
final class LPIPSNetwork: Module {
  let state: StateDict
  let trunk: LPIPS.Trunk
  private let steps: [Step]
  private let linear: [Tensor]

  private enum Step {
    case convolution(Conv2d, isSeen: Bool)
    case pool
  }

  init(_ state: StateDict, _ trunk: LPIPS.Trunk) {
    (self.state, self.trunk) = (state, trunk)
    let features = state.root / "features"
    var (index, channels): (Int, Int) = (0, 3)
    var (steps, seen): ([Step], [Int]) = ([], [])
    for layer in trunk.layers {
      switch layer {
      case .pool:
        steps.append(.pool)
        index += 1
      case .convolution(let outputs, let kernel, let stride, let padding, let isSeen):
        let convolution = Conv2d(
          features / "\(index)", channels, outputs, kernel: kernel, stride: stride, padding: .symmetric(padding),
          initializer: .zeros)
        steps.append(.convolution(convolution, isSeen: isSeen))
        // The relu behind it counts too.
        index += 2
        channels = outputs
        if isSeen { seen.append(outputs) }
      }
    }
    self.steps = steps
    linear = seen.enumerated().map { layer, channels in
      (state.root / "lin\(layer)" / "model" / "1").parameter("weight", shape: [1, channels, 1, 1], .zeros)
    }
  }

  /// The weights of the channels of each layer that is seen.
  var weights: [Tensor] { linear.map { $0.reshaped(-1) } }

  /// - Parameter images: `[N, C, H, W]` in [-1, 1].
  /// - Returns: the features after relu of each layer that is seen.
  func callAsFunction(_ images: Tensor) -> [Tensor] {
    // What brings pictures to the mean and deviation of ImageNet's, as the package has it for values from -1 to 1.
    func channels(_ values: [Float]) -> Tensor { Tensor(values, shape: [1, 3, 1, 1]) }
    var x = (images.to(.float32).inColour() - channels([-0.030, -0.088, -0.188])) / channels([0.458, 0.448, 0.450])
    var seen: [Tensor] = []
    for step in steps {
      switch step {
      case .pool: x = x.maxPooled(trunk.pool, stride: [2, 2])
      case .convolution(let convolution, let isSeen):
        x = convolution(x).relu()
        if isSeen { seen.append(x) }
      }
    }
    return seen
  }
}

extension LPIPS.Trunk {
  fileprivate enum Layer {
    /// A convolution and relu; whether its features are compared.
    case convolution(Int, kernel: Int, stride: Int, padding: Int, isSeen: Bool)
    case pool
  }

  /// The layers up to the last one that is compared.
  fileprivate var layers: [Layer] {
    switch self {
    case .alex:
      return [
        .convolution(64, kernel: 11, stride: 4, padding: 2, isSeen: true), .pool,
        .convolution(192, kernel: 5, stride: 1, padding: 2, isSeen: true), .pool,
        .convolution(384, kernel: 3, stride: 1, padding: 1, isSeen: true),
        .convolution(256, kernel: 3, stride: 1, padding: 1, isSeen: true),
        .convolution(256, kernel: 3, stride: 1, padding: 1, isSeen: true),
      ]
    case .vgg:
      // Of each block of the paper's table 1 (column D) the last convolution is compared.
      let blocks = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)].map { width, count in
        (1...count).map { Layer.convolution(width, kernel: 3, stride: 1, padding: 1, isSeen: $0 == count) }
      }
      return Array(blocks.joined(separator: [.pool]))
    }
  }

  /// The sides of the pool's window; its stride is 2.
  fileprivate var pool: [Int] { self == .alex ? [3, 3] : [2, 2] }

  /// The least side of a picture of which the last layer sees anything.
  var leastSide: Int { self == .alex ? 31 : 16 }
}
