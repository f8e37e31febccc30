import CommandLineKit
import GAN

// A run in batches that fit into memory.
extension Train {
  /// The recipe as it is, or in smaller batches with accumulation where one would need more memory than there is; says what a step
  /// of large pictures takes.
  func fitted(_ recipe: any Recipe, _ data: Dataset, seed: UInt64) throws -> any Recipe {
    guard let fit = try MemoryFit.of(recipe, data: data, seed: seed) else { return recipe }
    func gigabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e8).rounded() / 10) GB" }
    let needed = fit.demand.bytes(batch: recipe.batch)
    let reach = "\(gigabytes(fit.memory)) are within reach"
    if let halved = fit.halved {
      note(
        "memory: a batch of \(recipe.batch) samples would need about \(gigabytes(needed)), and \(reach): training in batches of "
          + "\(halved.batch) with accumulation=\(halved.accumulation), so that an update has as many samples; what is taken over a "
          + "batch, as by batch norm, is taken over \(halved.batch)")
    } else if !fit.isSafe || !output.quiet && !output.json {
      let seconds = fit.demand.seconds(of: recipe)
      let time = seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\(((seconds * 10).rounded() / 10).shown) s"
      note(
        "a step takes about \(time) and \(gigabytes(needed)) of memory; \(reach)"
          + (fit.isSafe ? "" : ", so it may run out: take a smaller --size, --batch or --set base_width"))
    }
    return fit.halved ?? recipe
  }

  /// Plays the game in a new run folder.
  ///
  /// - Returns: nil when the run has ended; the recipe in halves when memory ran out in the first step, for which there is no folder
  ///   then.
  func play(_ recipe: any Recipe, _ data: Dataset, _ heldOut: Dataset?, _ settings: RunSettings) throws -> (any Recipe)?
  {
    let trainer: Trainer
    do {
      trainer = try Trainer(
        recipe, data: data, heldOut: heldOut,
        run: try out.map { try RunDirectory.create($0) }
          ?? RunDirectory.next(in: "runs", name: Self.folderName(recipe, data)), settings: settings)
    } catch let error as DataError where data.count < recipe.batch {
      throw TrainingError("\(error), as in --batch \(data.count)")
    }
    let halved = recipe.inHalves
    do {
      try TrainingSession(trainer: trainer, output: output).run(until: nil, canStartAgain: halved != nil)
      return nil
    } catch let error as TorchError where error.kind == .outOfMemory {
      guard let halved else { throw error }
      trainer.run.discard()
      note(
        "memory ran out in the first step with batches of \(recipe.batch): starting again with batches of \(halved.batch) and "
          + "accumulation=\(halved.accumulation), so that an update has as many samples")
      return halved
    }
  }
}
