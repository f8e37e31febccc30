/// How a discriminator is built, besides what it shares with its generator.
public struct DiscriminatorSettings: Sendable, Equatable {
  /// The dropout rate, in networks that have dropout.
  public var dropout = 0.3
  /// How its layers are normalised; `nil` for what its network usually has.
  public var norm: DiscriminatorNorm?
  /// Whether it is shown how much the images of a batch differ (Karras et al. 2018, section 3).
  public var minibatchDeviation = false
  /// How many images it judges as one (Lin et al. 2018): those of a pack are joined as channels.
  public var packing = 1
  /// How it takes account of classes.
  public var conditioning = DiscriminatorConditioning.none

  /// The settings of this page.
  public init() {}
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

/// How a discriminator takes account of classes.
public enum DiscriminatorConditioning: String, Sendable, CaseIterable {
  /// There are no classes.
  case none
  /// Each class has a channel, ones in the image's own and zeros elsewhere (Mirza and Osindero 2014, arXiv:1411.1784).
  case concatenation
  /// The score gains the inner product of the features and a vector of the class (Miyato and Koyama 2018, eq. 3).
  case projection
  /// It tells the class itself, and both players want that to succeed (ACGAN: Odena et al. 2017, section 3).
  case auxiliary
}

/// How a generator takes account of classes.
public enum GeneratorConditioning: String, Sendable, CaseIterable {
  /// There are no classes.
  case none
  /// Each class has a latent, one for the wanted class and zeros else (Mirza and Osindero 2014, arXiv:1411.1784).
  case concatenation
  /// Each class has a weight and a bias in every batch norm (Dumoulin et al. 2017; Miyato and Koyama 2018).
  case batchNorm = "batch-norm"
}
