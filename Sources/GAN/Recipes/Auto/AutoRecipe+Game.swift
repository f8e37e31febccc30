// Which game `auto` plays on which data, before balancing.
extension AutoRecipe {
  /// Below this number of pictures D would memorise them.
  static let few = 5_000
  /// How many of D's layers keep the weights of the run that one with few pictures begins with (Docs/games.md has figures).
  static let frozenWithFew = 1
  /// The longest side, in pixels, of a small picture.
  static let smallSide = 48

  /// In runs of up to this many minutes, many steps of narrow networks achieve more than few steps of wide ones.
  static let shortRun = 5.0

  /// Classes with fewer pictures than this are too small to be learnt separately.
  static let fewOfAClass = 100

  /// The fewest pictures without labels for which groups are found, and the shortest run, in minutes or steps.
  static let (leastForGroups, leastMinutesForGroups, leastStepsForGroups) = (5_000, 5.0, 1_000)
  /// Pictures to a group, and the most groups.
  static let (ofAGroup, mostGroups) = (500, 50)

  /// Whether the game is conditional on class labels by default: for pictures of two classes or more, each with enough of
  /// them. G need not discover what the labels give it (Docs/games.md has figures).
  static func hasEnoughOfEachClass(_ data: Dataset) throws -> Bool {
    guard data.kind == .pictures, data.labels != nil else { return false }
    let table = try ClassTable(data)
    return table.occupied.count > 1 && table.occupied.allSatisfy { table.counts[$0] >= fewOfAClass }
  }

  /// How many groups of similar pictures are found in grey pictures without labels, for both players to be conditional on; 0 for
  /// none. In colour, groups made pictures worse (Docs/games.md has figures).
  package static func groups(in data: Dataset, _ limits: Limits) -> Int {
    guard data.kind == .pictures, data.labels == nil, min(data.shape.height, data.shape.width) >= 8,
      data.shape.channels == 1, data.count >= leastForGroups, limits.minutes ?? .infinity >= leastMinutesForGroups,
      limits.lastStep(samplesPerStep: 64) ?? .max >= leastStepsForGroups
    else { return 0 }
    return min(data.count / ofAGroup, mostGroups)
  }

  /// Network and loss terms for a data set and a time limit.
  ///
  /// - Parameters:
  ///   - hasClasses: whether it is conditional on class labels.
  ///   - groups: how many groups it is conditional on, where it is not on labels.
  ///   - network: the network that was asked for, which brings the game of its own recipe.
  static func game(
    for data: Dataset, _ limits: Limits, _ hasClasses: Bool = false, groups: Int = 0, network: NetworkKind? = nil
  ) -> AdversarialRecipe {
    var recipe = data.kind == .points ? plane : ofPictures(data, limits, network: network)
    let quarter = data.count / 4
    // A multiple of 4, for packs and for the groups that minibatch_deviation compares.
    let share = quarter < 4 ? max(quarter, min(data.count, 2)) : quarter - quarter % 4
    recipe.batch = min(recipe.batch, share)
    if !hasClasses { recipe.groups = groups }
    if hasClasses || groups > 0 {
      recipe.conditionGenerator = recipe.network.conditionings[0]
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
    if data.count < few && min(shape.height, shape.width) >= 4 {
      recipe.augment = shape.channels == 3 ? [.color, .translation, .cutout] : [.translation, .cutout]
    }
    return recipe
  }

  /// Points in the plane: small networks, and float32, since bfloat16 would round coordinates. Large batches, since the
  /// mean over few points says little of narrow modes (Docs/games.md has figures).
  private static var plane: AdversarialRecipe {
    var recipe = AdversarialRecipe(name, purpose: purpose, network: .mlp, steps: 1)
    (recipe.baseWidth, recipe.latentSize, recipe.batch) = (64, 2, 512)
    recipe.precision = .float32
    return recipe
  }

  /// DCGAN's networks, the convolutional ones with the fastest step (46 ms on one core at 28x28; ResNet takes 260 ms, R3GAN
  /// 832 ms: Docs/games.md), in the game of R3GAN.
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
