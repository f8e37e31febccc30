/// A pair of networks that belong together, and everything in which pairs differ: their features, the images that they support,
/// their sizes, and how to build them. Each is defined in the file of its networks.
struct Architecture: Sendable {
  /// Its name, as in "dcgan".
  let name: String
  /// The width of the original or, if that is too large for two cores, a practical one.
  let defaultBaseWidth: Int
  /// How the generator can be conditional on class labels, the usual way first.
  var conditionings = [GeneratorConditioning.concatenation]
  /// Whether the networks support self-attention.
  var hasAttention = false
  /// Whether the generator makes a style of its latents: it is a ``StyledGenerator``.
  var hasStyles = false
  /// Whether it has a batch norm over single numbers, which needs two images or more.
  var normalizesNumbers = false
  /// Throws if the networks do not support images of the description's shape.
  let check: @Sendable (NetworkDescription) throws(TrainingError) -> Void
  /// The number of elements of the generator's largest weight; the discriminator's largest is of the same order. A floating-point
  /// number, since sizes from outside can overflow integers.
  let largestWeight: @Sendable (NetworkDescription) throws(TrainingError) -> Double
  /// Builds a generator whose tensors join a dictionary.
  let generator: @Sendable (StateDict, NetworkDescription) throws(TrainingError) -> any Generator
  /// The discriminator.
  let discriminator: DiscriminatorArchitecture

  /// All pairs of this package.
  static let all: [Architecture] = [.mlp, .dcgan, .dcganKeras, .resnet, .r3gan, .stylegan2, .fastgan]
}

/// A discriminator, and everything in which discriminators differ.
struct DiscriminatorArchitecture: Sendable {
  /// What messages call it, as in "dcgan's discriminator".
  let title: String
  /// The norms that it supports, the default first.
  let norms: [DiscriminatorNorm]
  /// Those with which a score depends on the other images of its batch.
  var mixing: Set<DiscriminatorNorm> = [.batch]
  /// Whether it supports a minibatch deviation.
  var hasMinibatchDeviation = true
  /// Whether it can have further layers at its smallest maps.
  var hasExtraLayers = false
  /// Whether it has dropout.
  var hasDropout = false
  /// Whether it reconstructs pictures from its features.
  var reconstructs = false
  /// Whether scoring real and generated images as one batch is faster.
  var scoresBothTogether = false
  /// Whether it scores parts of an image, each by itself.
  var scoresParts = false
  /// Builds one whose tensors join a dictionary.
  let make:
    @Sendable (StateDict, NetworkDescription, DiscriminatorSettings) throws(TrainingError) ->
      any UnconditionalDiscriminator

  /// The norm that it has where nobody asks for one.
  var usualNorm: DiscriminatorNorm { norms.first ?? .none }
}

/// The name of a pair of networks.
public struct NetworkKind: RawRepresentable, CaseIterable, Sendable, Hashable {
  /// Its name, as in "dcgan".
  public let rawValue: String
  let architecture: Architecture

  /// The networks of this name; nil if there are none.
  public init?(rawValue: String) {
    guard let architecture = Architecture.all.first(where: { $0.name == rawValue }) else { return nil }
    self.init(architecture)
  }

  private init(_ architecture: Architecture) { (rawValue, self.architecture) = (architecture.name, architecture) }

  /// Fully connected layers.
  public static let mlp = NetworkKind(.mlp)
  /// DCGAN's convolutions.
  public static let dcgan = NetworkKind(.dcgan)
  /// The networks of TensorFlow's DCGAN tutorial.
  public static let dcganKeras = NetworkKind(.dcganKeras)
  /// SNGAN's residual networks.
  public static let resnet = NetworkKind(.resnet)
  /// R3GAN's residual networks without norms.
  public static let r3gan = NetworkKind(.r3gan)
  /// StyleGAN2's networks.
  public static let stylegan2 = NetworkKind(.stylegan2)
  /// FastGAN's networks.
  public static let fastgan = NetworkKind(.fastgan)

  /// All of this package.
  public static var allCases: [NetworkKind] { Architecture.all.map { NetworkKind($0) } }

  /// Whether both names are the same.
  public static func == (a: NetworkKind, b: NetworkKind) -> Bool { a.rawValue == b.rawValue }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// The default of the width that all other widths depend on.
  public var defaultBaseWidth: Int { architecture.defaultBaseWidth }
  /// The norms that its discriminator supports, the default first.
  public var norms: [DiscriminatorNorm] { architecture.discriminator.norms }
  /// How its generator can be conditional on class labels, the usual way first.
  public var conditionings: [GeneratorConditioning] { architecture.conditionings }
  /// The default norm of its discriminator.
  public var usualNorm: DiscriminatorNorm { architecture.discriminator.usualNorm }
}
