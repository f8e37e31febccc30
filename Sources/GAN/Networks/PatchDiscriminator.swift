/// PatchGAN (Isola et al. 2017, arXiv:1611.07004, section 3.2.2): a convolutional discriminator with a score for each
/// of many overlapping patches of an image; with three layers a patch has 70x70 pixels.
///
/// Names and shapes are those of the authors' PyTorch code, so that its weights fit: convolutions 4x4, `layers` of them
/// with stride 2, then two with stride 1; leaky relu of slope 0.2; norms on all but the first and the last.
public final class PatchDiscriminator: Module {
  /// Its parameters and buffers.
  public let state: StateDict
  private let convolutions: [Conv2d]
  /// Of the convolutions between the first and the last.
  private let norms: [MapNorm.Layer]

  /// A network for images of `channels` channels, or for a source and an image that have as many together.
  ///
  /// - Parameters:
  ///   - layers: the number of convolutions with stride 2, at least 1. A side must have 3 · 2^`layers` pixels or more.
  ///   - baseWidth: the channels of the first maps, `ndf`: 64 in the paper.
  public init(_ state: StateDict, channels: Int, baseWidth: Int = 64, layers: Int = 3, norm: MapNorm = .batch) {
    precondition(layers >= 1, "a PatchGAN needs at least one convolution with stride 2, not \(layers)")
    self.state = state
    let path = state.root / "model"
    func convolution(_ place: Int, _ inputs: Int, _ outputs: Int, stride: Int, bias: Bool = true) -> Conv2d {
      Conv2d(
        path / place, inputs, outputs, kernel: 4, stride: stride, padding: .symmetric(1), bias: bias,
        initializer: .normal())
    }
    var width = baseWidth
    var convolutions = [convolution(0, channels, width, stride: 2)]
    var norms: [MapNorm.Layer] = []
    for level in 1...layers {
      let (former, place) = (width, 3 * level - 1)
      width = baseWidth * min(1 << level, 8)
      convolutions.append(
        convolution(place, former, width, stride: level < layers ? 2 : 1, bias: norm.leavesBias))
      norms.append(norm.layer(path / (place + 1), width))
    }
    convolutions.append(convolution(3 * layers + 2, width, 1, stride: 1))
    (self.convolutions, self.norms) = (convolutions, norms)
  }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, channels, H, W]`.
  public func callAsFunction(_ images: Images, _ pass: Pass) -> Scores {
    var x = convolutions[0](images.tensor).leakyReLU(0.2)
    for (convolution, norm) in zip(convolutions.dropFirst(), norms) {
      x = norm(convolution(x), pass, then: .leakyReLU(0.2))
    }
    return Scores(convolutions[convolutions.count - 1](x))
  }

  /// The scores `[N, 1, h, w]` of the patches of images `[N, C, H, W]` as translations of `source` `[N, C', H, W]`.
  public func callAsFunction(_ source: Images, _ images: Images, _ pass: Pass) -> Scores {
    self(Images(.concatenated([source.tensor, images.tensor], axis: 1)), pass)
  }
}
