// What a pair of networks is wrapped in, to make it conditional on class labels or judge packs.
extension NetworkDescription {
  /// What the generator's own network is built with: concatenated classes are latents to it.
  var generatorNetwork: NetworkDescription {
    guard conditioning == .concatenation else { return self }
    var inner = self
    (inner.latentSize, inner.classTable, inner.conditioning) = (latentSize + classes, nil, .none)
    return inner
  }

  /// What the discriminator's own network is built with: the images of a pack and concatenated classes are channels to
  /// it.
  func discriminatorNetwork(_ settings: DiscriminatorSettings) -> NetworkDescription {
    var inner = self
    inner.shape = SampleShape(
      channels: shape.channels * settings.packing + (settings.conditioning == .concatenation ? classes : 0),
      height: shape.height, width: shape.width)
    return inner
  }

  /// The generator around `network`.
  func conditioned(_ network: any Generator) -> any Generator {
    conditioning == .concatenation ? ConcatenatingGenerator(network, self) : network
  }

  /// The discriminator around `network`.
  func conditioned(_ network: any UnconditionalDiscriminator, _ settings: DiscriminatorSettings) -> any Discriminator {
    switch settings.conditioning {
    case .none:
      settings.packing == 1 ? network : PackingDiscriminator(network, Packing(settings.packing))
    case .concatenation: ConcatenatingDiscriminator(network, classes: classes)
    case .projection:
      ProjectionDiscriminator(
        network, classes: classes,
        isSpectral: (settings.norm ?? settings.architecture(beside: kind).usualNorm) == .spectral)
    case .auxiliary: AuxiliaryDiscriminator(network, classes: classes)
    }
  }
}
