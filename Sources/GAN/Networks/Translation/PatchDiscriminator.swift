/// PatchGAN (Isola et al. 2017, arXiv:1611.07004, section 3.2.2): a convolutional discriminator with a score for each
/// of many overlapping patches of an image; with three layers a patch has 70x70 pixels.
///
/// Names and shapes are those of the authors' PyTorch code, so that its weights fit: convolutions 4x4, `layers` of them
/// that halve the sides, then two of stride 1; leaky relu of slope 0.2; norms on all but the first and the last. CUT's
/// (Park et al. 2020, arXiv:2007.15651, appendix C) is the antialiased one.
public final class PatchDiscriminator: Module {
  /// Its parameters and buffers.
  public let state: StateDict
  private let convolutions: [Conv2d]
  /// Of the convolutions between the first and the last.
  private let norms: [MapNorm.Layer]
  /// Behind each convolution that halves the sides, where it does not do so by its stride.
  private let blurs: [BlurResampling]

  /// A network for images of `channels` channels, or for a source and an image that have as many together.
  ///
  /// - Parameters:
  ///   - layers: how often sides are halved, at least once. A side must have 3 · 2^`layers` pixels or more.
  ///   - baseWidth: the channels of the first maps, `ndf`: 64 in the papers.
  ///   - initializer: of the weights; CUT's is Glorot's normal one times 0.02.
  public init(
    _ state: StateDict, channels: Int, baseWidth: Int = 64, layers: Int = 3, norm: MapNorm = .batch,
    sampling: MapSampling = .strided, initializer: Initializer = .normal()
  ) {
    precondition(layers >= 1, "a PatchGAN halves the sides at least once, not \(layers) times")
    self.state = state
    let path = state.root / "model"
    let isStrided = sampling == .strided
    func convolution(_ place: Int, _ inputs: Int, _ outputs: Int, stride: Int = 1, bias: Bool = true) -> Conv2d {
      Conv2d(
        path / place, inputs, outputs, kernel: 4, stride: stride, padding: .symmetric(1), bias: bias,
        initializer: initializer)
    }
    var width = baseWidth
    var convolutions = [convolution(0, channels, width, stride: isStrided ? 2 : 1)]
    var norms: [MapNorm.Layer] = []
    var blurs: [BlurResampling] = []
    // In the authors' sequence each convolution is followed by its norm, its relu and, if there is one, the blur.
    var place = 2
    for level in 1...layers {
      if !isStrided {
        blurs.append(BlurResampling(path / place, width, .halved))
        place += 1
      }
      let former = width
      width = baseWidth * min(1 << level, 8)
      convolutions.append(
        convolution(place, former, width, stride: isStrided && level < layers ? 2 : 1, bias: norm.leavesBias))
      norms.append(norm.layer(path / (place + 1), width))
      place += 3
    }
    convolutions.append(convolution(place, width, 1))
    (self.convolutions, self.norms, self.blurs) = (convolutions, norms, blurs)
  }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, channels, H, W]`.
  public func callAsFunction(_ images: Images, _ pass: Pass) -> Scores { withFeatures(images, pass).scores }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, C, H, W]` as translations of `source` `[N, C', H, W]`.
  public func callAsFunction(_ source: Images, _ images: Images, _ pass: Pass) -> Scores {
    withFeatures(source, images, pass).scores
  }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, channels, H, W]`, and the maps, after their activation, of all
  /// convolutions but the last.
  public func withFeatures(_ images: Images, _ pass: Pass) -> (scores: Scores, features: [Tensor]) {
    var features = [convolutions[0](images.tensor).leakyReLU(0.2)]
    for (level, norm) in norms.enumerated() {
      var x = features[level]
      if !blurs.isEmpty { x = blurs[level](x) }
      features.append(norm(convolutions[level + 1](x), pass, then: .leakyReLU(0.2)))
    }
    return (Scores(convolutions[convolutions.count - 1](features[norms.count])), features)
  }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, C, H, W]` as translations of `source` `[N, C', H, W]`, and the
  /// maps of all convolutions but the last.
  public func withFeatures(_ source: Images, _ images: Images, _ pass: Pass) -> (scores: Scores, features: [Tensor]) {
    withFeatures(Images(.concatenated([source.tensor, images.tensor], axis: 1)), pass)
  }
}
