/// The maps of StyleGAN2's networks (Karras et al. 2020, arXiv:1912.04958) for the sides that a ``DCGANPlan`` knows: from the
/// smallest maps to the picture, each level twice as long along one axis or both.
///
/// Widths double from the base at the picture's size toward the smallest maps, at most 16-fold: the authors' network for 256
/// pixels has base 64 with half of their maps and 128 with all, and no more than 512.
package struct StyleGAN2Plan {
  /// Maps of one size.
  package struct Level {
    /// Their height and width.
    let size: (Int, Int)
    /// Their number.
    let features: Int

    /// What the authors call the block of these maps, as in "b8"; "b8x16" of such as are 8 high and 16 wide.
    var name: String { size.0 == size.1 ? "b\(size.0)" : "b\(size.0)x\(size.1)" }
  }

  /// The levels, from the smallest maps to the picture.
  package let levels: [Level]

  /// The plan of a description.
  init(_ networks: NetworkDescription) throws(TrainingError) {
    let plan = try DCGANPlan(networks)
    var sizes = [plan.smallest]
    for stride in plan.strides {
      sizes.append((sizes[sizes.count - 1].0 * stride.0, sizes[sizes.count - 1].1 * stride.1))
    }
    levels = sizes.enumerated().map { index, size in
      Level(size: size, features: networks.baseWidth * min(1 << (sizes.count - 1 - index), 16))
    }
  }
}

extension Architecture {
  /// StyleGAN2's networks.
  static let stylegan2 = Architecture(
    name: "stylegan2", defaultBaseWidth: 16, conditionings: [.mapping], hasStyles: true,
    check: { networks throws(TrainingError) in _ = try DCGANPlan(networks) },
    largestWeight: { networks throws(TrainingError) in
      var narrow = networks
      narrow.baseWidth = 1
      let plan = try StyleGAN2Plan(narrow)
      let features = plan.levels.map { Double($0.features) * Double(networks.baseWidth) }
      let smallest = Double(plan.levels[0].size.0 * plan.levels[0].size.1)
      let latents = Double(networks.latentSize)
      return max(
        2 * latents * latents, latents * features[0], 9 * features[0] * features[0],
        smallest * features[0] * features[0])
    },
    generator: { state, networks throws(TrainingError) in try StyleGAN2Generator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "stylegan2's discriminator", norms: [.none]
    ) { state, networks, settings throws(TrainingError) in
      try StyleGAN2Discriminator(state, networks, settings)
    })
}
