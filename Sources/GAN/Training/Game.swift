/// A game in progress: both players, the averaged generator and the optimizers' memory. What a checkpoint holds.
public final class Game {
  /// The rules.
  public let recipe: Recipe
  /// The shape of a picture.
  public let shape: SampleShape
  /// What makes pictures.
  public let generator: any Generator
  /// What judges them.
  public let discriminator: any Discriminator
  /// The generator whose weights are a running mean over steps; the generator itself where there is no average.
  public let average: any Generator
  package let optimizers: [Player: any Optimizer]
  /// What LeCam remembers of D's scores.
  let scoreAverages: ScoreAverages?
  /// The type of the parameters.
  package let dtype: DType

  /// A game at its beginning, its weights drawn by `seed`.
  ///
  /// - Parameter classes: the classes of the pictures, for a recipe that takes account of them.
  /// - Throws: ``GANError`` when the recipe contradicts itself, or its networks cannot draw this shape or would not fit
  ///   into memory.
  public convenience init(_ recipe: Recipe, shape: SampleShape, classes: ClassTable? = nil, seed: UInt64)
    throws(GANError)
  {
    try self.init(recipe, shape: shape, classes: classes, seed: seed, dtype: .float32)
  }

  /// A game whose parameters are of type `dtype`; float64 shows that two ways agree to rounding.
  package init(_ recipe: Recipe, shape: SampleShape, classes: ClassTable? = nil, seed: UInt64, dtype: DType)
    throws(GANError)
  {
    try recipe.validate()
    try recipe.validate(shape)
    let description = try recipe.networkDescription(shape: shape, classes: classes)
    try description.validate()
    try description.checkMemory()
    func random(_ purpose: Purpose) -> RandomGenerator { RandomGenerator(seed: derivedSeed(seed, purpose.rawValue)) }
    self.recipe = recipe
    self.shape = shape
    self.dtype = dtype
    generator = try description.makeGenerator(random: random(.generatorWeights), dtype: dtype)
    discriminator = try description.makeDiscriminator(
      random: random(.discriminatorWeights), recipe.discriminatorSettings, dtype: dtype)
    scoreAverages = recipe.penalties.leCam > 0 ? ScoreAverages() : nil
    if recipe.averageDecay > 0 {
      average = try description.makeGenerator(random: random(.generatorWeights), dtype: dtype)
      for parameter in average.state.parameters { parameter.requiringGradient(false) }
    } else {
      average = generator
    }
    optimizers = [
      .generator: recipe.generator.makeOptimizer(generator.state.parameters),
      .discriminator: recipe.discriminator.makeOptimizer(discriminator.state.parameters),
    ]
  }

  /// The network of a player.
  func network(_ player: Player) -> any Module { player == .generator ? generator : discriminator }

  /// Every tensor of the game by name, in a fixed order.
  package var tensors: [(name: String, tensor: Tensor)] {
    func entries(_ prefix: String, _ module: any Module) -> [(name: String, tensor: Tensor)] {
      module.state.entries.map { ("\(prefix).\($0.name)", $0.tensor) }
    }
    let memories = Player.allCases.flatMap { player in
      (optimizers[player]?.memory ?? []).map { ("\(player)_optimizer.\($0.name)", $0.tensor) }
    }
    let averaged = average === generator ? [] : entries("average", average)
    return entries("generator", generator) + entries("discriminator", discriminator) + averaged + memories
      + (scoreAverages?.tensors ?? [])
  }

  /// The name of the first tensor that holds something infinite or not a number.
  package func firstNonFinite() -> String? {
    let floating = tensors.filter { $0.tensor.dtype.isFloatingPoint }
    if floating.map(\.tensor).totalNorm().item.isFinite { return nil }
    // A norm can overflow where every element is finite, so the elements decide.
    return floating.first { !$0.tensor.isFinite }?.name
  }
}

/// The two sides of the game.
public enum Player: String, Sendable, CaseIterable {
  case discriminator
  case generator
}

/// What random numbers are drawn for; each purpose has streams of its own.
package enum Purpose: UInt64 {
  case generatorWeights = 1
  case discriminatorWeights
  case latents
  case dropout
  case penalty
  case pictures
  case classes
  case realView
  case fakeView
  case realChange
  case fakeChange
}
