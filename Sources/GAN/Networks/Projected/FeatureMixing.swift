/// Random mixing of the maps of a network of features, which keeps a discriminator from looking at few of them (Projected GANs:
/// Sauer et al. 2021, arXiv:2111.01007, section 3.2): 1x1 convolutions of the maps of each size over their channels (CCM), then
/// sums from the smallest maps to the largest, doubled on the way, each mixed by a further 1x1 convolution (CSM). Weights stay as
/// they were drawn.
package struct FeatureMixing {
  private let channels, scales: [Conv2d]
  /// The number of its maps of each size.
  package let outputs: [Int]

  /// - Parameters:
  ///   - inputs: the number of maps of each size, from the largest maps on.
  ///   - width: the number of the largest ones that it gives; it doubles from size to size, but for the first step.
  package init(_ path: Path, _ inputs: [Int], width: Int) {
    let mixed = inputs.indices.map { width << $0 }
    let outputs = inputs.indices.map { width << max($0 - 1, 0) }
    channels = inputs.indices.map { Conv2d(path / "layer\($0)_ccm", inputs[$0], mixed[$0], kernel: 1) }
    scales = inputs.indices.map { Conv2d(path / "layer\($0)_csm" / "out_conv", mixed[$0], outputs[$0], kernel: 1) }
    self.outputs = outputs
  }

  /// Mixed maps, each of the size of the next larger ones; the largest of twice their size.
  package func callAsFunction(_ maps: [Tensor]) -> [Tensor] {
    var mixed: [Tensor] = []
    for level in maps.indices.reversed() {
      let own = channels[level](maps[level])
      let sum = mixed.last.map { own + $0 } ?? own
      let larger = level > 0 ? maps[level - 1].shape.suffix(2) : [2 * sum.size(2), 2 * sum.size(3)]
      mixed.append(scales[level](sum.upsampledBilinear(Array(larger), aligningCorners: true)))
    }
    return mixed.reversed()
  }
}
