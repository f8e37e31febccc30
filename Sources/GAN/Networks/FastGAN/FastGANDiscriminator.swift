/// The discriminator of FastGAN (Liu et al. 2021, arXiv:2101.04775, section 3.2 and figure 4): it scores parts of the picture and,
/// in a branch of its own, of the picture at half its size, and learns features of real pictures by reconstructing these.
/// ``FastGANPlan`` has its widths.
///
/// Leaky relus have a slope of 0.2. In the authors' code the decoders have 32 maps at their end, whatever the base width is; here
/// half the base width.
public final class FastGANDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// The number of features F.
  public let featureCount: Int
  private let image, smallImage: MaybeSpectral<Conv2d>
  private let downs: [ResidualDown]
  private let smallDowns: [Down]
  /// By the number of halvings before the maps that are excited.
  private let excitations: [Int: SkipExcitation]
  private let hidden, score, smallScore: MaybeSpectral<Conv2d>
  private let hiddenNorm: BatchNorm
  private let decoder, partDecoder, smallDecoder: Decoder
  private let plan: FastGANPlan

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    let (path, plan, channels) = (state.root, try FastGANPlan(description), description.shape.channels)
    self.plan = plan
    let (top, end) = (plan.count - 1, plan.end)
    image = fastGANConvolution(
      path / "down_from_big" / 0, channels, plan.judged(top), kernel: (3, 3), padding: .symmetric(1))
    let levels = Array((end..<top).reversed())
    downs = levels.map { level in
      ResidualDown(
        path / "down_\(4 << (top - 1 - level))", plan.judged(level + 1), plan.judged(level), by: plan.factor(level + 1))
    }
    // As large as the last maps, the least that a kernel can be.
    let kernel = (min(4, plan.sizes[end].0), min(4, plan.sizes[end].1))
    hidden = fastGANConvolution(path / "rf_big" / 0, plan.judged(end), 2 * plan.judged(end), kernel: (1, 1))
    hiddenNorm = fastGANNorm(path / "rf_big" / 1, 2 * plan.judged(end))
    score = fastGANConvolution(path / "rf_big" / 3, 2 * plan.judged(end), 1, kernel: kernel)
    excitations = Dictionary(
      uniqueKeysWithValues: (0..<max(top - end - 2, 0)).map { halvings in
        let (from, to) = (top - halvings, top - halvings - 3)
        return (
          halvings + 3,
          SkipExcitation(
            path / "se_\(2 << halvings)_\(16 << halvings)", plan.judged(from), size: plan.sizes[from], plan.judged(to))
        )
      })
    let small = path / "down_from_small"
    smallImage = fastGANConvolution(
      small / 0, channels, plan.judged(top - 2, small: true), kernel: DCGANPlan.kernel(plan.factor(top - 1)),
      stride: plan.factor(top - 1), padding: .symmetric(1))
    smallDowns = levels.dropFirst(2).enumerated().map { index, level in
      Down(
        small / (index + 2) / "main", plan.judged(level + 1, small: true), plan.judged(level, small: true),
        by: plan.factor(level + 1))
    }
    smallScore = fastGANConvolution(path / "rf_small", plan.judged(end, small: true), 1, kernel: kernel)
    decoder = Decoder(path / "decoder_big", plan.judged(end), plan, channels: channels)
    partDecoder = Decoder(path / "decoder_part", plan.judged(end + 1), plan, channels: channels)
    smallDecoder = Decoder(path / "decoder_small", plan.judged(end, small: true), plan, channels: channels)
    featureCount = (plan.judged(end) + plan.judged(end, small: true)) * plan.sizes[end].0 * plan.sizes[end].1
  }

  /// The last maps of both branches, `[N, F]`, of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor { encoded(images, pass).features }

  /// The last maps of both branches, and how far pictures are from what is reconstructed of them.
  public func encoded(_ images: Images, _ pass: Pass) -> Encoded {
    let picture = images.tensor
    var maps = [image(picture, pass).leakyReLU(0.2)]
    for (index, down) in downs.enumerated() {
      let x = down(maps[index], pass)
      maps.append(excitations[index + 1].map { $0(maps[index - 2], x, pass) } ?? x)
    }
    let half = plan.sizes[plan.count - 2]
    var small = smallImage(picture.upsampledNearest([half.0, half.1]), pass).leakyReLU(0.2)
    for down in smallDowns { small = down(small, pass) }
    let (last, before) = (maps[maps.count - 1], maps[maps.count - 2])
    let features = Tensor.concatenated([last.flattened(), small.flattened()], axis: 1)
    guard let random = pass.random else { return Encoded(features: features) }
    return Encoded(features: features) { [self, small] in
      reconstruction(of: picture, from: last, before, small, corner: Int(random.next() % 4), pass)
    }
  }

  /// Scores of parts of the picture and of its half, `[N, S]`, of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores {
    let (height, width) = plan.sizes[plan.end]
    let count = plan.judged(plan.end) * height * width
    let last = features.slice(1, from: 0, count: count).reshaped(features.size(0), -1, height, width)
    let small = features.slice(1, from: count, count: featureCount - count).reshaped(
      features.size(0), -1, height, width)
    let big = score(hiddenNorm(hidden(last, pass), pass, then: .leakyReLU(0.2)), pass)
    return Scores(.concatenated([big.flattened(), smallScore(small, pass).flattened()], axis: 1))
  }

  /// The sum of three mean squared errors: of the picture from the last maps, of a quarter of it from that quarter of the maps
  /// before, and of the picture from the maps of its half; each at half the picture's size. The authors' code takes LPIPS for
  /// the distance.
  private func reconstruction(
    of picture: Tensor, from last: Tensor, _ before: Tensor, _ small: Tensor, corner: Int, _ pass: Pass
  ) -> Loss {
    let size = plan.sizes[plan.count - 2]
    let whole = picture.upsampledNearest([size.0, size.1])
    let part = quarter(picture, corner).upsampledNearest([size.0, size.1])
    let errors = [
      decoder(last, pass) - whole, smallDecoder(small, pass) - whole,
      partDecoder(quarter(before, corner), pass) - part,
    ]
    let means = errors.map { $0.to(state.dtype).squared().mean() }
    return Loss(means[0] + means[1] + means[2])
  }

  /// The quarter at a corner (0 to 3, row by row); along an axis that the last halving keeps, all of it.
  private func quarter(_ x: Tensor, _ corner: Int) -> Tensor {
    let factor = plan.factor(plan.end + 1)
    var part = x
    for (axis, factor, side) in [(2, factor.0, corner / 2), (3, factor.1, corner % 2)] where factor == 2 {
      let half = x.size(axis) / 2
      part = part.slice(axis, from: side * half, count: half)
    }
    return part
  }
}

/// Halves maps: a convolution with a stride, batch norm, leaky relu.
private struct Down {
  private let convolution: MaybeSpectral<Conv2d>
  private let norm: BatchNorm

  init(_ path: Path, _ inputs: Int, _ outputs: Int, by factor: (Int, Int)) {
    convolution = fastGANConvolution(
      path / 0, inputs, outputs, kernel: DCGANPlan.kernel(factor), stride: factor, padding: .symmetric(1))
    norm = fastGANNorm(path / 1, outputs)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { norm(convolution(x, pass), pass, then: .leakyReLU(0.2)) }
}

/// The mean of two ways to halve maps: ``Down`` and a further convolution, or means of pixels and a 1x1 convolution.
private struct ResidualDown {
  private let down: Down
  private let further, direct: MaybeSpectral<Conv2d>
  private let furtherNorm, directNorm: BatchNorm
  private let factor: (Int, Int)

  init(_ path: Path, _ inputs: Int, _ outputs: Int, by factor: (Int, Int)) {
    self.factor = factor
    down = Down(path / "main", inputs, outputs, by: factor)
    further = fastGANConvolution(path / "main" / 3, outputs, outputs, kernel: (3, 3), padding: .symmetric(1))
    furtherNorm = fastGANNorm(path / "main" / 4, outputs)
    direct = fastGANConvolution(path / "direct" / 1, inputs, outputs, kernel: (1, 1))
    directNorm = fastGANNorm(path / "direct" / 2, outputs)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let main = furtherNorm(further(down(x, pass), pass), pass, then: .leakyReLU(0.2))
    let window = [factor.0, factor.1]
    let means = directNorm(direct(x.averagePooled(window, stride: window), pass), pass, then: .leakyReLU(0.2))
    return (main + means) * 0.5
  }
}

/// Makes a picture of half the size of D's pictures from D's last maps.
private struct Decoder {
  private let ups: [FastGANUpBlock]
  private let image: MaybeSpectral<Conv2d>

  init(_ path: Path, _ inputs: Int, _ plan: FastGANPlan, channels: Int) {
    let levels = (plan.end + 1)..<(plan.count - 1)
    ups = levels.map { level in
      FastGANUpBlock(
        path / "main" / (level - plan.end), level == plan.end + 1 ? inputs : plan.decoded(level - 1),
        plan.decoded(level),
        factor: plan.factor(level))
    }
    image = fastGANConvolution(
      path / "main" / (levels.count + 1), plan.decoded(plan.count - 2), channels, kernel: (3, 3), padding: .symmetric(1)
    )
  }

  func callAsFunction(_ maps: Tensor, _ pass: Pass) -> Tensor {
    image(ups.reduce(maps) { $1($0, pass) }, pass).tanh()
  }
}
