/// Batches of pictures from a recipe's generator, as ``Sampler`` makes them.
package struct BenchmarkedGeneration: Benchmarked {
  /// Generation has no parts.
  package let clock = StepClock()
  /// Pictures a batch.
  package let images: Int
  private let sampler: Sampler

  /// A generator with its first weights.
  ///
  /// - Throws: ``TrainingError`` when the recipe contradicts itself, cannot draw this shape, or does not fit into memory.
  package init(_ recipe: AdversarialRecipe, shape: SampleShape, seed: UInt64) throws {
    images = recipe.batch
    try recipe.validateForGeneration()
    try recipe.validate(shape)
    let description = try recipe.networkDescription(shape: shape, classes: try ClassTable.measured(recipe))
    try description.checkMemory()
    let generator = try description.makeGenerator(random: RandomGenerator(seed: seed))
    sampler = Sampler(generator, seed: seed, batch: images, precision: recipe.precision)
  }

  /// Makes one batch.
  package func callAsFunction(_ number: Int) throws { try sampler.forEachBatch(images) { _ in } }
}
