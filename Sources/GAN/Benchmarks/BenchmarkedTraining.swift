import Foundation

/// Training steps as a run makes them, on random pictures that lie in memory, without files, events and evaluations.
package struct BenchmarkedTraining: Benchmarked {
  /// The game that is played.
  package let game: AdversarialGame
  /// Measures the parts of a step.
  package let clock = StepClock()
  private let step: TrainingStep

  /// A game at its beginning, and its data.
  ///
  /// - Parameter classes: by default ten, where the recipe takes account of any.
  /// - Throws: ``TrainingError`` when the recipe contradicts itself, cannot draw this shape, or does not fit into memory.
  package init(_ recipe: AdversarialRecipe, shape: SampleShape, seed: UInt64, classes: ClassTable? = nil) throws {
    let classes = try classes ?? ClassTable.measured(recipe)
    game = try AdversarialGame(recipe, shape: shape, classes: classes, seed: seed)
    let data = try Dataset.noise(shape: shape, count: try Self.pictures(shape, batch: recipe.batch), seed: seed)
    let loader = try BatchLoader(data, batchSize: recipe.batch, seed: seed)
    step = TrainingStep(game, recipe.training, seed: seed, clock: clock) {
      let stored = try loader.next()
      var batch = Batch(stored)
      if let drawn = classes?.drawn(batch.count, seed: derivedSeed(seed, UInt64(stored.number))) {
        batch[.classes] = Classes(drawn)
      }
      return batch
    }
  }

  /// Real pictures a step.
  package var images: Int { game.recipe.samplesPerStep }

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
  /// Ten classes, as many as most sets have, for a recipe that takes account of them.
  static func measured(_ recipe: AdversarialRecipe) throws -> ClassTable? {
    recipe.isConditional ? try ClassTable(counts: Array(repeating: 1, count: 10)) : nil
  }
}
