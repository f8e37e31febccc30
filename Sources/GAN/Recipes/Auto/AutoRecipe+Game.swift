// Which game `auto` plays on which data, before it is balanced.
extension AutoRecipe {
  /// Fewer pictures than these are few: D would learn them by heart.
  static let few = 5_000
  /// Up to this side pictures are small.
  static let smallSide = 48

  /// Up to so many minutes many steps of narrow networks teach more than few of wide ones.
  static let shortRun = 5.0

  /// Classes of fewer pictures than these are too small to learn each apart.
  static let fewOfAClass = 100

  /// Whether both players are told the classes where nobody says: those of pictures, two or more, each with enough of them.
  /// What G is told it need not find out (Docs/games.md has figures).
  static func tellsClasses(of data: Dataset) throws -> Bool {
    guard data.kind == .pictures, data.labels != nil else { return false }
    let table = try ClassTable(data)
    return table.occupied.count > 1 && table.occupied.allSatisfy { table.counts[$0] >= fewOfAClass }
  }

  /// Network and terms for a data set and the time there is.
  ///
  /// - Parameter network: somebody's wish, which comes with the game of its own recipe.
  static func game(for data: Dataset, _ limits: Limits, toldClasses: Bool = false, network: NetworkKind? = nil)
    -> AdversarialRecipe
  {
    var recipe = data.kind == .points ? plane : ofPictures(data, limits, network: network)
    if toldClasses {
      recipe.conditionGenerator = recipe.network.architecture.hasConditionalBatchNorm ? .batchNorm : .concatenation
      recipe.conditionDiscriminator = .projection
    }
    return recipe
  }

  private static func ofPictures(_ data: Dataset, _ limits: Limits, network: NetworkKind?) -> AdversarialRecipe {
    let shape = data.shape
    let isConvolutional = (try? DCGANPlan(height: shape.height, width: shape.width, baseWidth: 1)) != nil
    let network = network ?? (isConvolutional ? .dcgan : .mlp)
    var recipe = network == .dcgan ? convolutional(shape, limits) : network.ownRecipe
    (recipe.name, recipe.purpose) = (name, purpose)
    let quarter = data.count / 4
    // Whole packs, and groups that minibatch_deviation compares.
    let share = quarter < 4 ? max(quarter, min(data.count, 2)) : quarter - quarter % 4
    recipe.batch = min(recipe.batch, share)
    if data.count < few && min(shape.height, shape.width) >= 4 {
      recipe.augment = shape.channels == 3 ? [.color, .translation, .cutout] : [.translation, .cutout]
    }
    return recipe
  }

  /// Points of the plane: small networks, and float32, since bfloat16 would round coordinates.
  private static var plane: AdversarialRecipe {
    var recipe = AdversarialRecipe(name, purpose: purpose, network: .mlp, steps: 1)
    (recipe.baseWidth, recipe.latentSize, recipe.batch) = (64, 2, 128)
    recipe.precision = .float32
    return recipe
  }

  /// DCGAN's convolutions, of those here the quickest a step (46 ms of one core at 28x28, where ResNet takes 260 and R3GAN
  /// 832: Docs/games.md), in the game of R3GAN.
  private static func convolutional(_ shape: SampleShape, _ limits: Limits) -> AdversarialRecipe {
    var recipe = AdversarialRecipe(name, purpose: purpose, network: .dcgan, steps: 1)
    recipe.discriminatorNorm = DiscriminatorNorm.none
    recipe.objective = .relativisticPairing
    // Twice the side is four times the work; half the width takes that back.
    let isShort = limits.minutes.map { $0 <= shortRun } ?? false
    recipe.baseWidth = isShort || max(shape.height, shape.width) > smallSide ? 32 : 64
    return recipe
  }
}

extension NetworkKind {
  /// The recipe in which it stands with the game of its paper: the first of them in the list of all.
  var ownRecipe: AdversarialRecipe { AdversarialRecipe.all.first { $0.network == self } ?? .dcgan }
}
