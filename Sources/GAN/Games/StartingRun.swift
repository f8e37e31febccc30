import Files

/// A run whose weights another one begins with (transfer learning; Wang et al. 2018, arXiv:1805.01677).
struct StartingRun {
  /// Its folder.
  let path: String
  /// The game that it plays.
  let recipe: AdversarialRecipe
  /// What its pictures are like.
  let shape: SampleShape

  /// - Throws: `FileError` when there is no run of the adversarial game.
  init(_ path: String) throws {
    let run = try RunDirectory.reading(path)
    let (record, recipe) = try RunRecord.read(run.recipe)
    guard let recipe = recipe as? AdversarialRecipe else {
      throw FileError(path, "this is a run of \(recipe.name), whose networks are of another kind")
    }
    (self.path, self.recipe, shape) = (path, recipe, record.dataset.shape)
  }

  /// Gives a game's networks the weights of the run's newest checkpoint. Of a tensor that is longer along one axis in one of both, as
  /// where classes are concatenated, the common part is taken; what a network has for classes alone stays as it was drawn where the
  /// run has nothing of the same shape.
  ///
  /// - Throws: `FileError` when the run has other networks, or no valid checkpoint.
  func begin(_ game: AdversarialGame) throws {
    let checkpoint = try newestCheckpoint()
    guard (recipe.conditionGenerator == .batchNorm) == (game.recipe.conditionGenerator == .batchNorm) else {
      throw FileError(
        path,
        "one of both runs has batch norms that are conditional on classes, and the other has not: set condition_generator and "
          + "condition_discriminator as in that run")
    }
    func transfer(_ network: any Module, _ player: String) throws {
      for entry in network.state.entries {
        let name = "\(player).\(entry.name)"
        if ClassEntries.contain(entry.name), checkpoint.file.entry(name)?.shape != entry.tensor.shape { continue }
        try checkpoint.copy(name, to: entry.tensor, isCommonPart: true)
      }
    }
    try transfer(game.generator, "generator")
    try transfer(game.discriminator, "discriminator")
    let shipped = try checkpoint.shippedAverage ?? "generator"
    for average in game.g.averages { try transfer(average.network, shipped) }
  }

  /// Reads a player of the run's newest checkpoint into a network of the same kind.
  ///
  /// - Throws: `FileError` when the run has other networks, or no valid checkpoint.
  func read(_ player: String, into network: any Module) throws {
    let checkpoint = try newestCheckpoint()
    for entry in network.state.entries {
      try checkpoint.copy("\(player).\(entry.name)", to: entry.tensor, isCommonPart: false)
    }
  }

  private struct SavedState {
    let file: SafetensorsFile
    let path: String

    /// What the tensors of the average that the run ships begin with; nil where it has none.
    var shippedAverage: String? {
      get throws {
        guard file.entries.contains(where: { $0.name.hasPrefix("average.") }) else { return nil }
        guard file.entry(AdversarialGame.chosenAverage) != nil else { return "average" }
        return AdversarialGame.averageName(Int(exactly: try file.tensor(AdversarialGame.chosenAverage).item) ?? 0)
      }
    }

    /// Overwrites `own` with the tensor called `name`, or the part that both have.
    func copy(_ name: String, to own: Tensor, isCommonPart: Bool) throws {
      guard file.entry(name) != nil else { throw FileError(path, "\(name) is missing: the run has other networks") }
      let given = try file.tensor(name)
      guard given.shape == own.shape || isCommonPart, let common = StartingRun.common(given, own) else {
        throw FileError(path, "\(name) is \(given.summary) and should be \(own.summary): the run has other networks")
      }
      withoutGradient { common.own.copy(from: common.given) }
    }
  }

  private func newestCheckpoint() throws -> SavedState {
    var damage: FileError?
    for checkpoint in try RunDirectory.reading(path).checkpoints() {
      do {
        let file = try SafetensorsFile(checkpoint.path)
        try file.verifyChecksum()
        return SavedState(file: file, path: checkpoint.path)
      } catch {
        damage = damage ?? error
      }
    }
    throw damage ?? FileError(path, "the run has no checkpoint")
  }

  /// The parts of both tensors that have the same shape; nil when they differ along more than one axis.
  private static func common(_ given: Tensor, _ own: Tensor) -> (given: Tensor, own: Tensor)? {
    guard given.rank == own.rank else { return nil }
    let differing = (0..<own.rank).filter { given.size($0) != own.size($0) }
    guard let axis = differing.first else { return (given, own) }
    guard differing.count == 1 else { return nil }
    let count = min(given.size(axis), own.size(axis))
    return (given.slice(axis, from: 0, count: count), own.slice(axis, from: 0, count: count))
  }
}

extension AdversarialRecipe {
  /// Makes its networks those of the run at `path`, whose weights it begins with.
  ///
  /// - Throws: `FileError` when there is no run of the adversarial game.
  public mutating func begin(with path: String) throws {
    let start = try StartingRun(FileSystem.absolute(path)), given = start.recipe
    if projected && !given.projected {
      throw FileError(start.path, "its discriminator is no projected one: start with another recipe, such as auto")
    }
    (network, baseWidth, latentSize, attention) = (given.network, given.baseWidth, given.latentSize, given.attention)
    (mappingLayers, discriminatorNorm, reconstruction) = (given.mappingLayers, given.norm, given.reconstruction)
    (minibatchDeviation, extraLayers, packing) = (given.minibatchDeviation, given.extraLayers, given.packing)
    // The run's checkpoint has the network of features, too.
    (projected, featureNetwork, startFrom) = (given.projected, nil, start.path)
  }

  /// Without the run that it began with, and without the file or encoder of a network of features.
  public var resumed: AdversarialRecipe {
    var resumed = self
    resumed.startFrom = nil
    if projected { resumed.featureNetwork = nil }
    return resumed
  }

  /// The run that it begins with, for pictures of this shape; nil where weights are drawn.
  ///
  /// - Throws: `FileError` when there is no run, or one of other pictures.
  func start(for shape: SampleShape) throws -> StartingRun? {
    guard let startFrom else { return nil }
    let start = try StartingRun(startFrom)
    guard start.shape == shape else {
      let size = start.shape.channels == shape.channels ? ": load these with --size \(start.shape.sizeText)" : ""
      throw FileError(
        startFrom,
        "the run draws pictures of \(start.shape), and these are \(shape)\(size)")
    }
    return start
  }
}
