import Foundation

/// What a training step of a game takes on this machine, found by playing a few of smaller batches before the run.
public struct StepDemand: Sendable {
  /// Bytes and seconds of a batch: a part that is always there, and one for each sample.
  package struct Line: Sendable {
    let fixed, each: Double

    package init(fixed: Double, each: Double) { (self.fixed, self.each) = (fixed, each) }

    /// Through what two batches took; one that costs nothing more for more samples is an error of the measurement.
    init(_ few: (samples: Int, value: Double), _ more: (samples: Int, value: Double)) {
      each = max(more.value - few.value, 0) / Double(more.samples - few.samples)
      fixed = max(more.value - each * Double(more.samples), 0)
    }

    func callAsFunction(_ samples: Int) -> Double { fixed + each * Double(samples) }
  }

  private let memory, time: Line

  package init(memory: Line, time: Line) { (self.memory, self.time) = (memory, time) }

  /// The memory that the process needs in a step with batches of this size, in bytes.
  public func bytes(batch: Int) -> Int { Int(memory(batch)) }

  /// Seconds that a step of a recipe takes, lazy terms aside.
  public func seconds(of recipe: any Recipe) -> Double { time(recipe.batch) * Double(recipe.accumulation) }

  /// Plays steps of an eighth and of a quarter of the batch: what a step keeps for its backward pass grows with the batch, networks
  /// and optimizers do not. Memory is that of a step in which all lazy terms are due, time that of the next one.
  ///
  /// - Returns: nil where the recipe's batch cannot be divided so far, an eighth of it does not fit into memory or breaks down, or
  ///   the system does not say what memory was used: the run itself will tell.
  public static func measure(_ recipe: any Recipe, data: Dataset, seed: UInt64 = 1) throws -> StepDemand? {
    let sizes = [8, 4].map { recipe.batch / $0 }
    guard sizes[0] > 0, sizes[1] > sizes[0], sizes[1] <= data.count, sizes.allSatisfy({ recipe.takes(batch: $0) })
    else {
      return nil
    }
    do {
      // Its weights do not matter.
      let game = try recipe.resumed.makeGame(for: data, seed: seed)
      var found: [(bytes: Int, seconds: Double)] = []
      for size in sizes {
        var training = recipe.training
        (training.batch, training.accumulation) = (size, 1)
        let loader = try BatchLoader(game.feeds(of: data), batchSize: size, seed: seed)
        let step = TrainingStep(game, training, seed: seed) { Batch(try loader.next(), on: game.device) }
        guard ThisProcess.forgetPeak() else { return nil }
        _ = try step(0, attempt: 0)
        let clock = RunningClock()
        _ = try step(1, attempt: 0)
        guard let peak = try? ThisProcess.peakBytes() else { return nil }
        found.append((peak, clock.seconds))
      }
      return StepDemand(
        memory: Line((sizes[0], Double(found[0].bytes)), (sizes[1], Double(found[1].bytes))),
        time: Line((sizes[0], found[0].seconds), (sizes[1], found[1].seconds)))
    } catch let error as TorchError where error.kind == .outOfMemory {
      return nil
    } catch is NonFiniteError {
      return nil
    }
  }

  /// The recipe in batches that are halved, each time with twice the accumulation, until a step fits into `memory` bytes: an update
  /// has as many samples as before. What is taken over a batch (batch norm, minibatch deviation, means of scores, top-k) is taken
  /// over a part.
  ///
  /// - Returns: nil where it fits as it is, or its batch cannot be halved far enough.
  public func halved(_ recipe: any Recipe, toFit memory: Int) -> (any Recipe)? {
    guard bytes(batch: recipe.batch) > memory else { return nil }
    var halved = recipe
    while bytes(batch: halved.batch) > memory {
      guard let next = halved.inHalves else { return nil }
      halved = next
    }
    return halved
  }
}

extension Recipe {
  /// The same recipe with half the batch and twice the accumulation; nil where the batch cannot be halved.
  public var inHalves: (any Recipe)? {
    guard batch % 2 == 0, takes(batch: batch / 2) else { return nil }
    var halved = self
    (halved.batch, halved.accumulation) = (batch / 2, 2 * accumulation)
    return halved
  }

  /// Whether its game can be played with another batch.
  fileprivate func takes(batch: Int) -> Bool {
    var other = self
    other.batch = batch
    return (try? other.validate()) != nil
  }
}
