/// The residual generator of CycleGAN (Zhu et al. 2017, arXiv:1703.10593, section 4, after Johnson et al. 2016) and of CUT
/// (Park et al. 2020, arXiv:2007.15651, appendix C), which translates images whose sides are multiples of 4, from 8 pixels
/// on: a 7x7 convolution, two that halve the sides and double the width, residual blocks, the way back, 7x7, tanh.
///
/// Names and shapes are those of the authors' PyTorch code, so that its weights fit: `resnet_6blocks` and `resnet_9blocks`,
/// with CUT's `no_antialias` and `no_antialias_up` where the sampling is strided.
public final class CycleGANGenerator: TranslationNetwork {
  /// Its parameters and buffers.
  public let state: StateDict
  /// 4: sides are halved twice.
  public let sideFactor = 4
  /// 8: the smallest maps are continued by their mirror images.
  public let leastSide = 8
  /// Twelve maps as the widest layer with the sides of the image makes them; ten were measured.
  public let bytesPerPixel: Int
  private let layers: [Layer]
  private let blurs: [(name: String, layer: BlurResampling)]

  /// What stands at one or more places of the authors' sequence of layers.
  private struct Layer {
    let places: Range<Int>
    let channels: Int
    let forward: (Tensor, Pass) -> Tensor
  }

  /// A network for images of `inputs` channels that makes images of `outputs` channels.
  ///
  /// - Parameters:
  ///   - blocks: the number of residual blocks: 9 for images of 256 pixels, 6 for 128 in the paper.
  ///   - baseWidth: the channels of the first maps, `ngf`: 64 in the papers; the residual blocks have four times as many.
  ///   - dropout: the rate in the residual blocks, 0 in the papers and 0.5 where the authors' code has it; the second
  ///     convolution of each block has another name with dropout than without.
  ///   - initializer: of the weights; CUT's is Glorot's normal one times 0.02.
  public init(
    _ state: StateDict, inputs: Int, outputs: Int, blocks: Int = 9, baseWidth: Int = 64, norm: MapNorm = .instance,
    dropout: Double = 0, sampling: MapSampling = .strided, initializer: Initializer = .normal()
  ) {
    let path = state.root / "model"
    var layers: [Layer] = []
    var blurs: [(name: String, layer: BlurResampling)] = []
    var place: Int { layers.last?.places.upperBound ?? 0 }
    func add(places count: Int = 1, channels: Int, _ forward: @escaping (Tensor, Pass) -> Tensor) {
      layers.append(Layer(places: place..<(place + count), channels: channels, forward: forward))
    }
    func reflect(_ amount: Int, _ channels: Int) {
      let padding = ReflectionPadding(amount)
      add(channels: channels) { x, _ in padding(x) }
    }
    func convolve(
      _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, isLast: Bool = false
    ) {
      let layer = Conv2d(
        path / place, inputs, outputs, kernel: kernel, stride: stride, padding: .symmetric(padding),
        bias: isLast || norm.leavesBias, initializer: initializer)
      add(channels: outputs) { x, _ in layer(x) }
    }
    func convolveUp(_ inputs: Int, _ outputs: Int) {
      let layer = ConvTranspose2d(
        path / place, inputs, outputs, kernel: 3, stride: 2, padding: .symmetric(1), outputPadding: 1,
        bias: norm.leavesBias, initializer: initializer)
      add(channels: outputs) { x, _ in layer(x) }
    }
    func normalize(_ channels: Int) {
      let layer = norm.layer(path / place, channels)
      add(places: 2, channels: channels) { x, pass in layer(x, pass, then: .relu) }
    }
    func blur(_ channels: Int, _ change: BlurResampling.Change) {
      let layer = BlurResampling(path / place, channels, change)
      blurs.append(("model.\(place).filt", layer))
      add(channels: channels) { x, _ in layer(x) }
    }

    reflect(3, inputs)
    convolve(inputs, baseWidth, kernel: 7)
    normalize(baseWidth)
    for width in [baseWidth, 2 * baseWidth] {
      convolve(width, 2 * width, kernel: 3, stride: sampling == .strided ? 2 : 1, padding: 1)
      normalize(2 * width)
      if sampling == .antialiased { blur(2 * width, .halved) }
    }
    for _ in 0..<blocks {
      let block = ReflectedBlock(
        path / place / "conv_block", 4 * baseWidth, norm: norm, dropout: dropout, initializer: initializer)
      add(channels: 4 * baseWidth) { x, pass in block(x, pass) }
    }
    for width in [4 * baseWidth, 2 * baseWidth] {
      switch sampling {
      case .strided: convolveUp(width, width / 2)
      case .antialiased:
        blur(width, .doubled)
        convolve(width, width / 2, kernel: 3, padding: 1)
      }
      normalize(width / 2)
    }
    reflect(3, baseWidth)
    convolve(baseWidth, outputs, kernel: 7, isLast: true)
    add(channels: outputs) { x, _ in x.tanh() }
    (self.state, self.layers, self.blurs) = (state, layers, blurs)
    bytesPerPixel = 12 * 4 * (sampling == .strided ? baseWidth : 2 * baseWidth)
  }

  /// The translations `[N, outputs, H, W]` in [-1, 1] of images `[N, inputs, H, W]`.
  public func callAsFunction(_ source: Images, _ pass: Pass) -> Images {
    requireSides(of: source)
    return Images(layers.reduce(source.tensor) { $1.forward($0, pass) })
  }

  /// What the layers at `places`, in rising order, make of images `[N, inputs, H, W]`: maps `[N, C, h, w]`. Places count as
  /// in the authors' code, whose relu works in place: at the norm before it stands its result. No layer behind the last
  /// place is computed.
  ///
  /// CUT compares 0, 4, 8, 12 and 16 (appendix C): the padded images, the convolutions on the way down before their norms,
  /// and the residual blocks 1 and 5.
  public func features(_ source: Images, at places: [Int], _ pass: Pass) -> [Tensor] {
    let last = places.last ?? -1
    return run(layers.filter { $0.places.lowerBound <= last }, source, at: places, pass).maps
  }

  /// The translations of images and, from the same pass, ``features(_:at:_:)``.
  public func translation(_ source: Images, features places: [Int], _ pass: Pass) -> (images: Images, maps: [Tensor]) {
    let (x, maps) = run(layers, source, at: places, pass)
    return (Images(x), maps)
  }

  private func run(
    _ layers: [Layer], _ source: Images, at places: [Int], _ pass: Pass
  ) -> (x: Tensor, maps: [Tensor]) {
    requireSides(of: source)
    requirePlaces(places)
    var (maps, x): ([Tensor], Tensor) = ([], source.tensor)
    for layer in layers {
      x = layer.forward(x, pass)
      maps += places.filter(layer.places.contains).map { _ in x }
    }
    return (x, maps)
  }

  /// The channels of the maps at `places`.
  public func featureChannels(at places: [Int]) -> [Int] {
    requirePlaces(places)
    return layers.flatMap { layer in places.filter(layer.places.contains).map { _ in layer.channels } }
  }

  /// Refuses a file that brought other blurs than CUT's, by which this network does not compute.
  public func validate() throws(TrainingError) {
    guard let changed = blurs.first(where: { !$0.layer.isIntact }) else { return }
    throw TrainingError(
      "its tensor \(changed.name) is another blur than CUT's, [1, 2, 1] on the way down and [1, 3, 3, 1] on the way up")
  }

  private func requirePlaces(_ places: [Int]) {
    let count = layers.last?.places.upperBound ?? 0
    precondition(
      places == places.sorted() && places.allSatisfy((0..<count).contains),
      "the places of layers must rise and lie in 0 ..< \(count), not \(places)")
  }
}

/// A residual block of CycleGAN (Johnson et al. 2016, supplement 1): 3x3, norm, relu, 3x3, norm, added to what came in; maps
/// are continued by their mirror image.
private final class ReflectedBlock {
  private let first, second: Conv2d
  private let firstNorm, secondNorm: MapNorm.Layer
  private let dropout: Dropout?
  private let padding = ReflectionPadding(1)

  init(_ path: Path, _ channels: Int, norm: MapNorm, dropout: Double, initializer: Initializer) {
    func convolution(_ place: Int) -> Conv2d {
      Conv2d(path / place, channels, channels, kernel: 3, bias: norm.leavesBias, initializer: initializer)
    }
    // Among the authors' layers dropout has a place of its own.
    let place = dropout > 0 ? 6 : 5
    first = convolution(1)
    firstNorm = norm.layer(path / 2, channels)
    second = convolution(place)
    secondNorm = norm.layer(path / (place + 1), channels)
    self.dropout = dropout > 0 ? Dropout(dropout) : nil
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let hidden = firstNorm(first(padding(x)), pass, then: .relu)
    return x + secondNorm(second(padding(dropout?(hidden, pass) ?? hidden)), pass, then: .identity)
  }
}
