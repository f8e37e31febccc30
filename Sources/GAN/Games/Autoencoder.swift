/// The variational autoencoder (Kingma and Welling 2014, arXiv:1312.6114): one player, encoder and decoder, that raises
/// a lower bound of the data's log likelihood, log p(x) ≥ E log p(x | z) − KL(q(z | x) ‖ p(z)) (eq. 3), by one draw of
/// z for each sample (eq. 10).
///
/// The likelihood is Gaussian, around what the decoder draws: of pictures, whose grey levels Bernoulli's law does not
/// describe, and of points alike. All numbers of a sample share one variance, that by which the batch is most likely:
/// its mean squared error (Rybkin et al. 2021, arXiv:2006.13202, "optimal σ-VAE"). So the two terms weigh what the
/// bound says, and no weight has to be found for the data at hand.
public final class Autoencoder: Game {
  /// The rules.
  public let recipe: AutoencoderRecipe
  /// Encoder and decoder.
  public let network: VariationalAutoencoder
  /// The one that moves.
  public let player: Player

  /// A game at its beginning, its weights drawn by `seed`.
  ///
  /// - Parameters:
  ///   - samples: what the data are: pictures or points.
  ///   - device: where it is played.
  /// - Throws: ``TrainingError`` when the recipe contradicts itself, or its network cannot draw this shape or would not
  ///   fit into memory.
  public convenience init(
    _ recipe: AutoencoderRecipe, shape: SampleShape, of samples: ColumnFormat.Kind = .pictures, seed: UInt64,
    device: Device = .cpu
  ) throws {
    try self.init(recipe, shape: shape, of: samples, seed: seed, dtype: .float32, device: device)
  }

  /// A game whose parameters are of type `dtype`; float64 shows that two ways agree to rounding.
  package init(
    _ recipe: AutoencoderRecipe, shape: SampleShape, of samples: ColumnFormat.Kind = .pictures, seed: UInt64,
    dtype: DType, device: Device = .cpu
  ) throws {
    try recipe.validate()
    let description = recipe.description(shape, samples)
    try description.validate()
    func drawn() throws -> VariationalAutoencoder {
      let random = RandomGenerator(seed: derivedSeed(seed, Purpose("autoencoder").rawValue))
      let state = StateDict(random: random, dtype: dtype, device: device)
      return try withTorchErrors { try VariationalAutoencoder(state, description) }
    }
    let network = try drawn()
    var average: Average?
    if recipe.averageDecay > 0 {
      average = Average(of: network, in: try drawn(), decay: recipe.averageDecay, warmsUp: recipe.averageWarmUp)
    }
    (self.recipe, self.network) = (recipe, network)
    player = Player("autoencoder", symbol: "VAE", network, recipe.autoencoder, averages: [average].compactMap(\.self))
  }

  /// Encoder and decoder, which move as one.
  public var players: [Player] { [player] }
  /// The averaged decoder; the decoder itself where there is no average.
  public var product: any Model { (player.average?.network as? VariationalAutoencoder ?? network).decoder }
  /// The loss, its two terms, and the norm of the gradient.
  public var scalars: [Scalar] { [.loss(of: player), .reconstruction, .divergence, .gradient(of: player)] }

  /// One phase: the bound rises.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("bound", moves: player) { [unowned self] turn in
        let images = turn.batch[.images]
        let noise = turn.latents(size: recipe.latentSize)
        let terms = turn.withPrecision { self.terms(images, noise: noise, turn.pass) }
        turn.report(.reconstruction, terms.reconstruction.tensor)
        turn.report(.divergence, terms.divergence.tensor)
        return loss(terms)
      }
    ]
  }

  /// The two terms of the bound.
  package typealias Terms = (reconstruction: Loss, divergence: Loss)

  /// What the player minimises: the bound with the opposite sign, and with the recipe's weight of the divergence.
  package func loss(_ terms: Terms) -> Loss { terms.reconstruction + recipe.beta * terms.divergence }

  /// The terms of the bound, with the opposite sign, in nats a sample: −log p(x | z) with z drawn by `noise`, and the
  /// divergence of q(z | x) from the prior.
  package func terms(_ images: Images, noise: Tensor, _ pass: Pass) -> Terms {
    let posterior = network.encode(images, pass)
    let decoded = network.decode(posterior.draw(noise.to(posterior.mean.dtype)), pass)
    return (Self.negativeLogLikelihood(of: images, around: decoded), posterior.divergence())
  }

  /// −log p(x | z), the mean over the samples, where p is normal around `decoded` with the variance by which the images
  /// are most likely: D/2 (log 2πσ² + error / σ²), of D numbers a sample. Where it is greatest the likelihood has no
  /// slope in σ², which therefore is a constant to gradients.
  package static func negativeLogLikelihood(of images: Images, around decoded: Images) -> Loss {
    let error = (decoded.tensor - images.tensor).squared().mean()
    let variance = error.detached().clamped(leastVariance, .infinity)
    let count = Double(images.tensor.count / images.count)
    return Loss(((variance * (2 * Double.pi)).log() + error / variance) * (count / 2))
  }

  /// That of rounding to the 256 levels of bytes: no picture says more.
  private static let leastVariance: Double = 4 / (255 * 255 * 12)
}

extension Scalar {
  /// What the decoder loses of an image: −log p(x | z) a sample.
  public static let reconstruction = Scalar("reconstruction", title: "reconstruction", unit: "nats", group: .bound)
  /// What the latents tell of an image: KL(q(z | x) ‖ p(z)) a sample.
  public static let divergence = Scalar("divergence", title: "KL", unit: "nats", group: .bound)
}

extension Scalar.Group {
  static let bound = Scalar.Group(title: "Terms of the bound", label: "")
}
