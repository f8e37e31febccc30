import Metrics

/// The discriminator of Projected GANs (Sauer et al. 2021, arXiv:2111.01007, section 3): it sees pictures only as the maps of a
/// network that was trained before and stays as it is, mixed at random (``FeatureMixing``). A small discriminator for the maps of
/// each size scores parts of a picture.
///
/// The network of features is the one of swift-gan's encoders and classifiers, ``PictureEncoder`` and ``Classifier``, which sees pictures
/// as large as they are, although it learnt from pictures of at most 32 or 64 pixels; the authors take an EfficientNet trained on
/// ImageNet and scale pictures to 224x224 pixels.
public final class ProjectedDiscriminator: UnconditionalDiscriminator {
  /// Its parameters; the network of features and the mixing are buffers.
  public let state: StateDict
  /// The number of features F.
  public let featureCount: Int
  private let maps: CompactMaps
  private let mixing: FeatureMixing
  private let parts: [MiniDiscriminator]

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) throws(TrainingError) {
    self.state = state
    let (path, shape) = (state.root, description.shape)
    guard min(shape.height, shape.width) >= 8 else {
      throw TrainingError("a projected discriminator needs pictures of 8x8 or more, and these samples are \(shape)")
    }
    let width = max(description.baseWidth / 4, 1)
    maps = CompactMaps(path / Self.features, channels: shape.channels)
    mixing = FeatureMixing(path / Self.scratch, CompactMaps.channels, width: 2 * width)
    let sizes = CompactMaps.sizes(shape)
    parts = mixing.outputs.indices.map { [mixing] level in
      // Each is as large as the next larger maps, the largest twice as large as they were.
      let size = level == 0 ? (2 * sizes[0].0, 2 * sizes[0].1) : sizes[level - 1]
      return MiniDiscriminator(
        path / "mini_discs" / level, mixing.outputs[level], size, width: width,
        norm: settings.norm ?? .batch)
    }
    featureCount = parts.reduce(0) { $0 + $1.featureCount }
    for part in [Self.features, Self.scratch] { state.fix(part) }
  }

  /// What the names of the network of features and of the mixing begin with.
  static let (features, scratch) = ("features", "scratch")

  /// The last maps of all parts, `[N, F]`, of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    let mixed = mixing(maps.maps(images.tensor, .inference))
    return .concatenated(zip(parts, mixed).map { $0.features($1, pass).flattened() }, axis: 1)
  }

  /// Scores of parts of the picture, `[N, S]`, of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores {
    var (first, scores) = (0, [Tensor]())
    for part in parts {
      let own = features.slice(1, from: first, count: part.featureCount)
      scores.append(part.scores(own.reshaped([features.size(0)] + part.last), pass).flattened())
      first += part.featureCount
    }
    return Scores(.concatenated(scores, axis: 1))
  }
}

/// A discriminator of maps of one size: convolutions with a stride down to 8x8, then a score for each part of 4x4.
package final class MiniDiscriminator {
  private let convolutions: [MaybeSpectral<Conv2d>]
  private let norms: [BatchNorm]
  private let score: MaybeSpectral<Conv2d>
  /// The shape of its last maps, [C, H, W].
  package let last: [Int]

  /// - Parameters:
  ///   - inputs: the number of maps.
  ///   - size: their height and width.
  ///   - width: the number of maps of 64 pixels and more; it doubles with each halving from there to 8.
  ///   - norm: batch norm alone; with spectral norm of each weight batch norm, too, as the authors have it; or none.
  package init(_ path: Path, _ inputs: Int, _ size: (Int, Int), width: Int, norm: DiscriminatorNorm) {
    var (size, channels) = (size, inputs)
    var (convolutions, norms): ([MaybeSpectral<Conv2d>], [BatchNorm]) = ([], [])
    while max(size.0, size.1) > 8 {
      let own = path / "main" / convolutions.count / "main"
      // A side that is short already stays.
      let stride = (size.0 > 8 ? 2 : 1, size.1 > 8 ? 2 : 1)
      size = (size.0 / stride.0, size.1 / stride.1)
      let outputs = width * max(64 / Self.powerOfTwo(from: max(size.0, size.1, 8)), 1)
      let convolution = Conv2d(
        own / 0, channels, outputs, kernel: DCGANPlan.kernel(stride), stride: stride, padding: .symmetric(1))
      convolutions.append(MaybeSpectral(convolution, spectral: norm == .spectral))
      if norm != .none { norms.append(BatchNorm(own / 1, outputs)) }
      channels = outputs
    }
    let kernel = (min(4, size.0), min(4, size.1))
    let score = Conv2d(path / "main" / convolutions.count, channels, 1, kernel: kernel, bias: false)
    self.score = MaybeSpectral(score, spectral: norm == .spectral)
    (self.convolutions, self.norms, last) = (convolutions, norms, [channels, size.0, size.1])
  }

  /// The number of elements of its last maps.
  package var featureCount: Int { last.reduce(1, *) }

  /// Its last maps.
  package func features(_ maps: Tensor, _ pass: Pass) -> Tensor {
    var x = maps
    for (level, convolution) in convolutions.enumerated() {
      x = convolution(x, pass)
      x = norms.isEmpty ? x.leakyReLU(0.2) : norms[level](x, pass, then: .leakyReLU(0.2))
    }
    return x
  }

  /// Scores `[N, 1, H', W']` of its last maps.
  package func scores(_ last: Tensor, _ pass: Pass) -> Tensor { score(last, pass) }

  /// The least power of two that is not below `side`.
  private static func powerOfTwo(from side: Int) -> Int {
    side <= 1 ? 1 : 1 << (Int.bitWidth - (side - 1).leadingZeroBitCount)
  }
}

extension DiscriminatorArchitecture {
  /// The discriminator of Projected GANs, beside any generator of pictures.
  static let projected = DiscriminatorArchitecture(
    title: "the projected discriminator", norms: [.batch, .spectral, .none], mixing: [.batch, .spectral],
    hasMinibatchDeviation: false, scoresParts: true
  ) { state, networks, settings throws(TrainingError) in
    try ProjectedDiscriminator(state, networks, settings)
  }
}
