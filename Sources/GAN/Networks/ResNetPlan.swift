/// The blocks of the residual networks of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4, tables 3 to 5) for
/// sides of k · 2ⁿ pixels, k = 4…7.
///
/// Up to 32 pixels, as for CIFAR-10 (table 3): the base width throughout G and half of it throughout D, whose first two
/// of four blocks halve the maps. Above, as for STL-10's 48 and ImageNet's 128 pixels (tables 4 and 5): G's widths
/// double from the base at the picture's size toward the smallest maps, at most 16-fold; D's do so from its first block
/// on, each halving the maps while they are even and larger than 4, and a last block keeps them.
package struct ResNetPlan {
  /// One block of the discriminator.
  package struct Down {
    /// The channels it makes.
    package let features: Int
    /// By how much it makes the (height, width) shorter.
    package let factor: (Int, Int)
  }

  /// The size of the generator's smallest map.
  package let smallest: (Int, Int)
  /// By how much each block of the generator makes the (height, width) longer.
  package let ups: [(Int, Int)]
  /// The channels before the first of these blocks, and after each.
  package let features: [Int]
  /// The blocks of the discriminator.
  package let downs: [Down]
  /// After how many blocks of the generator, and of the discriminator, their self-attention stands.
  ///
  /// The authors of SAGAN found it best at maps of 32 of 128 pixels, a quarter of the side. Here it looks at the largest
  /// maps within a quarter of the longer side, but always at those within 16, never at those beyond 32, where the table
  /// of all pairs of places outgrows the convolutions.
  package let attention: (generator: Int, discriminator: Int)

  package init(height: Int, width: Int, baseWidth: Int) throws(TrainingError) {
    let plan = try DCGANPlan(height: height, width: width, baseWidth: baseWidth, least: 4)
    (smallest, ups) = (plan.smallest, plan.strides)
    let (side, count) = (max(height, width), plan.strides.count)
    let isSmall = side <= 32
    features = (0...count).map { isSmall ? baseWidth : baseWidth * min(1 << (count - $0), 16) }

    let (rows, columns) = (
      Self.halvings(height, atMost: isSmall ? 2 : 8), Self.halvings(width, atMost: isSmall ? 2 : 8)
    )
    downs = (0..<(isSmall ? 4 : max(rows, columns) + 1)).map { block in
      Down(
        features: isSmall ? max(baseWidth / 2, 1) : baseWidth * min(1 << block, 16),
        factor: (block < rows ? 2 : 1, block < columns ? 2 : 1))
    }

    let limit = max(16, min(side / 4, 32))
    var maps = smallest
    var generator = 0
    for (block, up) in ups.dropLast().enumerated() {
      maps = (maps.0 * up.0, maps.1 * up.1)
      if max(maps.0, maps.1) <= limit { generator = block + 1 }
    }
    maps = (height, width)
    var discriminator = 0
    repeat {
      maps = (maps.0 / downs[discriminator].factor.0, maps.1 / downs[discriminator].factor.1)
      discriminator += 1
    } while max(maps.0, maps.1) > limit && discriminator < downs.count
    attention = (generator, discriminator)
  }

  private static func halvings(_ side: Int, atMost limit: Int) -> Int {
    var (rest, halvings) = (side, 0)
    while rest % 2 == 0 && rest > 4 && halvings < limit { (rest, halvings) = (rest / 2, halvings + 1) }
    return halvings
  }
}
