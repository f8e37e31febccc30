/// The discriminator of pix2pix for single pixels (Isola et al. 2017, arXiv:1611.07004, section 6.1.2, the 1x1 PixelGAN): a
/// score for the colour of each pixel, which takes no notice of where it stands.
///
/// Names and shapes are those of the authors' PyTorch code, so that its weights fit: three convolutions 1x1, leaky relu of
/// slope 0.2, a norm before the second relu.
public final class PixelDiscriminator: Module {
  /// Its parameters and buffers.
  public let state: StateDict
  private let first, second, score: Conv2d
  private let norm: MapNorm.Layer

  /// A network for images of `channels` channels, or for a source and an image that have as many together.
  ///
  /// - Parameter baseWidth: the channels of the first maps, `ndf`: 64 in the paper.
  public init(
    _ state: StateDict, channels: Int, baseWidth: Int = 64, norm: MapNorm = .batch,
    initializer: Initializer = .normal()
  ) {
    self.state = state
    let path = state.root / "net"
    func convolution(_ place: Int, _ inputs: Int, _ outputs: Int, bias: Bool) -> Conv2d {
      Conv2d(path / place, inputs, outputs, kernel: 1, bias: bias, initializer: initializer)
    }
    first = convolution(0, channels, baseWidth, bias: true)
    second = convolution(2, baseWidth, 2 * baseWidth, bias: norm.leavesBias)
    self.norm = norm.layer(path / 3, 2 * baseWidth)
    // The authors decide on the last bias by the norm too, though no norm follows.
    score = convolution(5, 2 * baseWidth, 1, bias: norm.leavesBias)
  }

  /// The scores `[N, 1, H, W]` of the pixels of images `[N, channels, H, W]`.
  public func callAsFunction(_ images: Images, _ pass: Pass) -> Scores {
    let x = second(first(images.tensor).leakyReLU(0.2))
    return Scores(score(norm(x, pass, then: .leakyReLU(0.2))))
  }

  /// The scores `[N, 1, H, W]` of the pixels of images `[N, C, H, W]` as translations of `source` `[N, C', H, W]`.
  public func callAsFunction(_ source: Images, _ images: Images, _ pass: Pass) -> Scores {
    self(Images(.concatenated([source.tensor, images.tensor], axis: 1)), pass)
  }
}
