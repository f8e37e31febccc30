import Foundation

/// Training steps as a run makes them, on random pictures that lie in memory, without files, events and evaluations.
package struct BenchmarkedTraining: Benchmarked {
  /// The game that is played.
  package let game: any Game
  /// Measures the parts of a step.
  package let clock = StepClock()
  /// Real pictures a step.
  package let images: Int
  private let step: TrainingStep

  /// A game at its beginning, and its data: pictures and, for a recipe that translates, their targets.
  ///
  /// - Parameter classes: by default ten, if the recipe takes account of any.
  /// - Throws: ``TrainingError`` when the recipe contradicts itself, cannot be played on pictures of this shape, or does not fit
  ///   into memory.
  package init(_ recipe: any Recipe, shape: SampleShape, seed: UInt64, classes: ClassTable? = nil) throws {
    let classes = try classes ?? ClassTable.measured(recipe)
    let makeData = { (count: Int) in
      try Dataset.noise(shape: shape, count: count, hasTargets: recipe.sides != nil, seed: seed)
    }
    if var recipe = recipe as? AdversarialRecipe {
      // Its classes, or as many groups, are drawn here, beside pictures that have none.
      recipe.groups = 0
      game = try AdversarialGame(recipe, shape: shape, classes: classes, seed: seed)
    } else {
      let sample = try makeData(1)
      try recipe.validate(for: sample)
      game = try recipe.makeGame(for: sample, seed: seed)
    }
    images = recipe.samplesPerStep
    let data = try makeData(Self.pictures(shape, batch: recipe.batch))
    let loader = try BatchLoader(game.feeds(of: data), batchSize: recipe.batch, seed: seed)
    step = TrainingStep(game, recipe.training, seed: seed, clock: clock) {
      let stored = try loader.next()
      var batch = Batch(stored)
      if let drawn = classes?.drawn(batch.count, seed: derivedSeed(seed, UInt64(stored.number))) {
        batch[.classes] = Classes(drawn)
      }
      return batch
    }
  }

  /// Plays step number `number`.
  package func callAsFunction(_ number: Int) throws { _ = try step(number, attempt: 0) }

  /// As many pictures as MNIST has for training, or as many of this shape as take no more memory; a batch at least.
  private static func pictures(_ shape: SampleShape, batch: Int) throws(TrainingError) -> Int {
    let count = max(min(60_000, 60_000 * 784 / shape.elementCount), batch)
    let (bytes, memory) = (Double(count) * Double(shape.elementCount), Double(ProcessInfo.processInfo.physicalMemory))
    guard bytes < memory / 8 else {
      throw TrainingError(
        "a batch of \(batch) pictures of \(shape) takes too much of this machine's memory: take a smaller one")
    }
    return count
  }
}

extension ClassTable {
  /// Ten classes, as many as most sets have, or the groups that are asked for, for a recipe that takes account of them.
  static func measured(_ recipe: any Recipe) throws -> ClassTable? {
    guard recipe.isConditional else { return nil }
    let groups = (recipe as? AdversarialRecipe)?.groups ?? 0
    return try ClassTable(counts: Array(repeating: 1, count: groups > 0 ? groups : 10))
  }
}
