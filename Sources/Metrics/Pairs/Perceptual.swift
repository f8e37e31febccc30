import Samples
import Torch

extension Metric {
  /// A perceptual distance without any weights: ``TextureDistance``. It decides about pairs of pictures, because l1, psnr
  /// and ssim prefer a blur to a sharp picture that is slightly off.
  public static let perceptual = Metric(
    "perceptual", better: .low, needs: [.pictures, .pairs], inTraining: [.pictures], leads: [.pairs],
    extractor: ExtractorInfo("texture", fingerprint: fingerprint(of: TextureDistance.rule))
  ) { _ in
    PairMeasure { pairs in TextureDistance()(pairs.samples, try pairs.targets(of: "perceptual")) }
  }
}

/// How far apart two pictures look, by the strengths of their edges and textures in all parts and by the colours there. It
/// needs no training and no labels, and its values mean the same for all data.
///
/// Each of three scales, each half the size of the one before, is filtered by seven derivatives of 3 x 3 pixels in brightness
/// and two opponent colours; the absolute responses are averaged over windows of 16 x 16 pixels, eight apart, and compared as
/// ``featureDistance(_:_:weights:floor:)`` does. A fourth term is the squared difference of the windows' mean colours. The
/// distance is a weighted mean: the scales count 4, 2 and 1, since a blur shows on the finest, and the colours 2. It is 0 for
/// equal pictures, some 0.08 for two photographs alike, above 0.15 where textures are missing or others.
///
/// Averages over windows do not care where exactly an edge lies, and the missing texture of a blur costs more than another
/// texture: so it orders answers as LPIPS does where mean differences fail. It knows no objects.
struct TextureDistance {
  /// What it computes, for its fingerprint.
  static let rule = "edges and textures of windows of 16 pixels on 3 scales, and mean colours, 1"
  private static let weights = (scales: [4.0, 2, 1], colours: 2.0)
  private static let window = 16
  /// The length of features below which a window counts as flat.
  private static let floor = 0.05

  /// The distance of each pair, `[N]`.
  ///
  /// - Parameters:
  ///   - first: `[N, C, H, W]` in [-1, 1], grey or colour.
  ///   - second: of the same shape.
  func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    let (a, b) = (opponents(first), opponents(second))
    let scales = zip(textures(a), textures(b)).map { featureDistance([$0], [$1], floor: Self.floor) }
    let colours = ((pooled(a) - pooled(b)).squared().sum(axes: [1]) / 3).mean(axes: [1, 2])
    let weights = Self.weights.scales.prefix(scales.count)
    let sum = zip(scales, weights).reduce(colours * Self.weights.colours) { $0 + $1.0 * $1.1 }
    return sum / (weights.reduce(0, +) + Self.weights.colours)
  }

  /// Brightness, red against green, and yellow against blue, each a product with a vector of length 1.
  private func opponents(_ images: Tensor) -> Tensor {
    let rows: [[Float]] = [[1, 1, 1], [1, -1, 0], [0.5, 0.5, -1]]
    let weights = rows.flatMap { row -> [Float] in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    return filtered(images.to(.float32).inColour(), Tensor(weights, shape: [3, 3, 1, 1]))
  }

  /// The absolute responses of each scale, averaged over windows: `[N, 21, h, w]`.
  private func textures(_ channels: Tensor) -> [Tensor] {
    let filters = self.filters
    var (scales, channels): ([Tensor], Tensor) = ([], channels)
    while scales.count < Self.weights.scales.count,
      scales.isEmpty || min(channels.size(2), channels.size(3)) >= Self.window
    {
      if !scales.isEmpty { channels = channels.averagePooled([2, 2], stride: [2, 2]) }
      let padded = replicationPad(.tensor(channels), .ints([1, 1, 1, 1]))
      // A channel at a time: its responses are seven maps of the picture's size.
      let responses = (0..<3).map { pooled(filtered(padded.slice(1, from: $0, count: 1), filters).abs()) }
      scales.append(.concatenated(responses, axis: 1))
    }
    return scales
  }

  /// Means over windows, half a window apart.
  private func pooled(_ maps: Tensor) -> Tensor {
    let sides = [min(Self.window, maps.size(2)), min(Self.window, maps.size(3))]
    return maps.averagePooled(sides, stride: sides.map { max(1, $0 / 2) })
  }

  private func filtered(_ maps: Tensor, _ weights: Tensor) -> Tensor {
    convolution(.tensor(maps), .tensor(weights), .none, .ints([1, 1]), .ints([0, 0]), .ints([1, 1]), .int(1))
  }

  /// First derivatives in four directions, second ones across and down, and a checkerboard.
  private var filters: Tensor {
    let first: [[Float]] = [
      [1, 2, 1, 0, 0, 0, -1, -2, -1], [1, 0, -1, 2, 0, -2, 1, 0, -1], [0, 1, 2, -1, 0, 1, -2, -1, 0],
      [2, 1, 0, 1, 0, -1, 0, -1, -2],
    ]
    let second: [[Float]] = [
      [-1, 2, -1, -2, 4, -2, -1, 2, -1], [-1, -2, -1, 2, 4, 2, -1, -2, -1], [1, -2, 1, -2, 4, -2, 1, -2, 1],
    ]
    return Tensor(first.joined().map { $0 / 8 } + second.joined().map { $0 / 16 }, shape: [7, 1, 3, 3])
  }
}

private let convolution = Operation("aten::conv2d")
private let replicationPad = Operation("aten::replication_pad2d")
