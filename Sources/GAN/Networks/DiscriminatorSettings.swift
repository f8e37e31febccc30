/// The settings of a discriminator that its generator does not share.
public struct DiscriminatorSettings: Sendable, Equatable {
  /// The dropout rate, in networks that have dropout.
  public var dropout = 0.3
  /// How its layers are normalised; `nil` for the network's default.
  public var norm: DiscriminatorNorm?
  /// Whether its last maps gain the minibatch standard deviation as a channel (Karras et al. 2018, section 3).
  public var minibatchDeviation = false
  /// Further convolutions of its smallest maps, in networks that can have such.
  public var extraLayers = 0
  /// Whether it sees pictures as the maps of a network of features alone (``ProjectedDiscriminator``).
  public var projected = false
  /// The number of images that it scores as one pack, stacked as channels (Lin et al. 2018).
  public var packing = 1
  /// How it is conditional on class labels.
  public var conditioning = DiscriminatorConditioning.none

  /// The default settings.
  public init() {}

  /// The discriminator that stands beside a generator of this kind.
  func architecture(beside kind: NetworkKind) -> DiscriminatorArchitecture {
    projected ? .projected : kind.architecture.discriminator
  }
}

/// How a discriminator's layers are normalised.
public enum DiscriminatorNorm: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// By the batch's mean and variance: a score depends on the other images of its batch (Ioffe and Szegedy 2015).
  case batch
  /// Each weight by its largest singular value (Miyato et al. 2018).
  case spectral
}

/// How a discriminator is conditional on class labels.
public enum DiscriminatorConditioning: String, Sendable, CaseIterable {
  /// There are no classes.
  case none
  /// Each class has a channel, 1 in that of the image's class and 0 elsewhere (Mirza and Osindero 2014,
  /// arXiv:1411.1784).
  case concatenation
  /// The score gains the inner product of the features and a vector of the class (Miyato and Koyama 2018, eq. 3).
  case projection
  /// It classifies images, and both players minimise the classification loss (ACGAN: Odena et al. 2017, section 3).
  case auxiliary
}

/// How a generator is conditional on class labels.
public enum GeneratorConditioning: String, Sendable, CaseIterable {
  /// There are no classes.
  case none
  /// Each class has a latent, 1 for the wanted class and 0 otherwise (Mirza and Osindero 2014, arXiv:1411.1784).
  case concatenation
  /// Each class has a weight and a bias in every batch norm (Dumoulin et al. 2017; Miyato and Koyama 2018).
  case batchNorm = "batch-norm"
  /// An embedding of the class stands beside the latents of StyleGAN's mapping, as in the code of StyleGAN2-ADA (Karras et al. 2020,
  /// arXiv:2006.06676).
  case mapping
}
