/// The maps of FastGAN's networks (Liu et al. 2021, arXiv:2101.04775) for the sides that a ``DCGANPlan`` knows: from the smallest
/// maps to the picture, each level twice as long along one axis or both. The authors' code, whose maps begin with 4x4, takes
/// pictures of 256, 512 and 1024 pixels.
///
/// The base width is the authors' `ngf` and `ndf`, 64.
struct FastGANPlan {
  /// Height and width of each level, from the smallest maps to the picture.
  let sizes: [(Int, Int)]
  /// The level at which D stops: the smallest whose sides have 6 pixels or more, so that a score sees a part of the picture.
  let end: Int
  private let baseWidth: Int

  init(_ networks: NetworkDescription) throws(TrainingError) {
    let plan = try DCGANPlan(networks)
    var sizes = [plan.smallest]
    for stride in plan.strides {
      sizes.append((sizes[sizes.count - 1].0 * stride.0, sizes[sizes.count - 1].1 * stride.1))
    }
    guard sizes.count > 2 else {
      throw TrainingError(
        "fastgan needs pictures with a side of k·4 pixels or more, k from 3 to 7, not \(networks.shape.sizeText)")
    }
    let first = sizes.firstIndex { min($0.0, $0.1) >= 6 } ?? 0
    end = sizes.count - first > 2 ? first : 0
    (self.sizes, baseWidth) = (sizes, networks.baseWidth)
  }

  /// The number of levels.
  var count: Int { sizes.count }

  /// The number of G's maps at a level.
  func generated(_ level: Int) -> Int { width([16, 8, 4, 2, 2, 1, 0.5][min(level, 6)]) }

  /// The number of D's maps at a level: eight times the base at its last one, half as many with each doubling. The branch that sees the
  /// picture at half its size has half as many.
  func judged(_ level: Int, small: Bool = false) -> Int { width((small ? 4 : 8) / Double(1 << (level - end))) }

  /// The number of maps at a level of what D reconstructs pictures with.
  func decoded(_ level: Int) -> Int { width([4, 2, 2, 1][min(level - end - 1, 3)] / 2) }

  /// The (vertical, horizontal) factor from the level before to this one.
  func factor(_ level: Int) -> (Int, Int) {
    (sizes[level].0 / sizes[level - 1].0, sizes[level].1 / sizes[level - 1].1)
  }

  /// What the authors call maps of a level, as in "16"; "8x16" of such as are 8 high and 16 wide.
  func name(_ level: Int) -> String {
    let (height, width) = sizes[level]
    return height == width ? "\(height)" : "\(height)x\(width)"
  }

  private func width(_ multiple: Double) -> Int { max(1, Int(Double(baseWidth) * multiple)) }
}

extension Architecture {
  /// FastGAN's networks.
  static let fastgan = Architecture(
    name: "fastgan", defaultBaseWidth: 8,
    check: { networks throws(TrainingError) in _ = try FastGANPlan(networks) },
    largestWeight: { networks throws(TrainingError) in
      let plan = try FastGANPlan(networks)
      let first = 2 * 16 * Double(networks.baseWidth)
      let smallest = Double(plan.sizes[0].0 * plan.sizes[0].1)
      return max(Double(networks.generatorNetwork.latentSize) * first * smallest, 9 * first * first / 4)
    },
    generator: { state, networks throws(TrainingError) in try FastGANGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "fastgan's discriminator", norms: [.batch], hasMinibatchDeviation: false, reconstructs: true,
      scoresParts: true
    ) { state, networks, _ throws(TrainingError) in
      try FastGANDiscriminator(state, networks)
    })
}
