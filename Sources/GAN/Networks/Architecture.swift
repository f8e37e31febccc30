/// A pair of networks that belong together, and all that differs from pair to pair: what they can do, which images they draw,
/// how large they are, and how they are built. Each stands in the file of its networks.
struct Architecture: Sendable {
  /// What people call it, as in "dcgan".
  let name: String
  /// The width of the original, or, where that is too wide for two processor cores, a width that they train.
  let defaultBaseWidth: Int
  /// How the discriminator's layers can be normalised; as they usually are comes first.
  let norms: [DiscriminatorNorm]
  /// Whether distant places can be compared.
  var hasAttention = false
  /// Whether the generator can have batch norm by class.
  var hasConditionalBatchNorm = false
  /// Whether the discriminator can be shown how much a batch differs.
  var hasMinibatchDeviation = true
  /// Whether the discriminator has dropout.
  var hasDropout = false
  /// Whether it has a batch norm over single numbers, which needs two images or more.
  var normalizesNumbers = false
  /// Whether scoring real and generated images as one batch is quicker.
  var scoresBothTogether = false
  /// Throws where the networks cannot draw images of the description's shape.
  let check: @Sendable (NetworkDescription) throws(TrainingError) -> Void
  /// The number of elements of the generator's largest weight; the discriminator's largest is of that order too. A floating
  /// number, since sizes that come from outside can multiply beyond any whole one.
  let largestWeight: @Sendable (NetworkDescription) throws(TrainingError) -> Double
  /// Builds a generator whose tensors join a dictionary.
  let generator: @Sendable (StateDict, NetworkDescription) throws(TrainingError) -> any Generator
  /// Builds a discriminator whose tensors join a dictionary.
  let discriminator:
    @Sendable (StateDict, NetworkDescription, DiscriminatorSettings) throws(TrainingError) ->
      any UnconditionalDiscriminator

  /// All of this package.
  static let all: [Architecture] = [.mlp, .dcgan, .dcganKeras, .resnet, .r3gan]
}

/// The name of a pair of networks.
public struct NetworkKind: RawRepresentable, CaseIterable, Sendable, Hashable {
  /// What people call it, as in "dcgan".
  public let rawValue: String
  let architecture: Architecture

  /// The networks of this name; nil where there are none.
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

  /// All of this package.
  public static var allCases: [NetworkKind] { Architecture.all.map { NetworkKind($0) } }

  /// Whether both names are the same.
  public static func == (a: NetworkKind, b: NetworkKind) -> Bool { a.rawValue == b.rawValue }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// The width from which a network's other widths follow, where nobody says.
  public var defaultBaseWidth: Int { architecture.defaultBaseWidth }
  /// How its discriminator's layers can be normalised; as they usually are comes first.
  public var norms: [DiscriminatorNorm] { architecture.norms }
  /// How its discriminator's layers usually are normalised.
  public var usualNorm: DiscriminatorNorm { norms.first ?? .none }
}
