/// The U-Net of pix2pix (Isola et al. 2017, arXiv:1611.07004, section 6.1.1): n convolutions of stride 2 down, from images
/// of side 2ⁿ to a map of one pixel, n transposed ones back, and beside each but the outermost pair a skip connection.
///
/// Names and shapes are those of the authors' PyTorch code (`unet_256` for a side of 256), so that its weights fit.
/// Widths double from `baseWidth` toward the middle, up to eight times. The noise of this generator is dropout, in
/// those blocks between the innermost and the outermost that have eight times the base width on both sides: none below
/// 64 pixels.
public final class UNetGenerator: TranslationNetwork {
  /// Its parameters and buffers.
  public let state: StateDict
  /// 2ⁿ: the side of the images of which it makes a map of one pixel.
  public let sideFactor: Int
  /// Twelve maps of the outermost convolution, whose sides are half as long; ten were measured.
  public let bytesPerPixel: Int
  /// By depth, outermost first. As in the authors' code the outermost pair has no norms, nor has the innermost map.
  private let downs: [Conv2d]
  private let downNorms: [MapNorm.Layer?]
  private let ups: [ConvTranspose2d]
  private let upNorms: [MapNorm.Layer?]
  private let dropouts: [Dropout?]

  /// A network for images of `inputs` channels that makes images of `outputs` channels.
  ///
  /// - Parameters:
  ///   - side: height and width of both, or what divides them: a power of 2 from 4 to 1024.
  ///   - baseWidth: the channels of the outermost maps, `ngf`: 64 in the paper.
  ///   - dropout: the rate, 0.5 in the paper.
  /// - Throws: ``TrainingError`` for a side that is no such power.
  public init(
    _ state: StateDict, inputs: Int, outputs: Int, side: Int, baseWidth: Int = 64, norm: MapNorm = .batch,
    dropout: Double = 0.5, initializer: Initializer = .normal()
  ) throws(TrainingError) {
    guard (4...1024).contains(side), side & (side - 1) == 0 else {
      throw TrainingError("a U-Net translates images whose side is a power of 2 from 4 to 1024, and \(side) is not one")
    }
    self.state = state
    sideFactor = side
    bytesPerPixel = 12 * baseWidth
    let depth = side.trailingZeroBitCount
    let widths = (0..<depth).map { baseWidth * min(1 << $0, 8) }
    var downs: [Conv2d] = []
    var downNorms: [MapNorm.Layer?] = []
    var paths: [Path] = []
    // The authors' modules are nested, each block in the middle of the one around it: `model.model.1.model.3.model...`.
    var block = state.root / "model" / "model"
    for level in 0..<depth {
      let (isOutermost, isInnermost) = (level == 0, level == depth - 1)
      paths.append(block)
      downs.append(
        Conv2d(
          block / (isOutermost ? 0 : 1), isOutermost ? inputs : widths[level - 1], widths[level], kernel: 4, stride: 2,
          padding: .symmetric(1), bias: norm.leavesBias, initializer: initializer))
      downNorms.append(isOutermost || isInnermost ? nil : norm.layer(block / 2, widths[level]))
      block = block / (isOutermost ? 1 : 3) / "model"
    }
    // And up again, innermost first.
    var ups: [ConvTranspose2d] = []
    var upNorms: [MapNorm.Layer?] = []
    for level in (0..<depth).reversed() {
      let (isOutermost, isInnermost) = (level == 0, level == depth - 1)
      let place = isOutermost || isInnermost ? 3 : 5
      let width = isOutermost ? outputs : widths[level - 1]
      ups.insert(
        ConvTranspose2d(
          paths[level] / place, isInnermost ? widths[level] : 2 * widths[level], width, kernel: 4, stride: 2,
          padding: .symmetric(1), bias: isOutermost || norm.leavesBias, initializer: initializer), at: 0)
      upNorms.insert(isOutermost ? nil : norm.layer(paths[level] / (place + 1), width), at: 0)
    }
    (self.downs, self.downNorms, self.ups, self.upNorms) = (downs, downNorms, ups, upNorms)
    dropouts = (0..<depth).map { (4..<max(4, depth - 1)).contains($0) ? Dropout(dropout) : nil }
  }

  /// The translations `[N, outputs, H, W]` in [-1, 1] of images `[N, inputs, H, W]`, whose sides are multiples of 2ⁿ.
  ///
  /// The authors translate with a training pass too, image by image: with dropout, and batch norm by the image itself.
  public func callAsFunction(_ source: Images, _ pass: Pass) -> Images {
    let depth = downs.count
    requireSides(of: source)
    // What goes down is the leaky relu of each map, and so is what the skip connections carry: relu follows there.
    var skips: [Tensor] = []
    var x = source.tensor
    for level in 0..<depth {
      x = downs[level](x)
      guard level < depth - 1 else { break }
      x = downNorms[level]?(x, pass, then: .leakyReLU(0.2)) ?? x.leakyReLU(0.2)
      skips.append(x)
    }
    for level in (1..<depth).reversed() {
      x = ups[level](x.relu())
      x = upNorms[level]?(x, pass, then: .identity) ?? x
      x = .concatenated([skips[level - 1], dropouts[level]?(x, pass) ?? x], axis: 1)
    }
    return Images(ups[0](x.relu()).tanh())
  }
}
