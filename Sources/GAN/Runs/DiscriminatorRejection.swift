import Files
import Foundation

/// Rejection sampling by a run's discriminator (DRS; Azadi et al. 2019, arXiv:1810.06758, section 3): of what the generator draws,
/// samples that D takes for generated are dropped, by chance, so that what is left is closer to the data as D knows them.
///
/// With D's score s of a sample, in logits, and the greatest score M, the paper accepts it with the probability σ(F − γ), where
/// F = s − M − log(1 − exp(s − M)). A shift γ makes the mean probability what was asked for. Only differences of scores
/// matter, so that D of a relativistic game does as well.
public struct DiscriminatorRejection {
  private let discriminator: any Discriminator

  /// Candidates by which M and γ are found, and how many are scored at once: what is accepted depends on nothing else.
  private static let (trial, batch) = (2_000, 100)
  /// Below this share of accepted candidates, drawing would take too long.
  public static let leastShare = 0.01

  /// The discriminator of the newest checkpoint of the run at `path`, for samples of its generator.
  ///
  /// - Throws: `FileError` when there is no run of the adversarial game whose D judges single images, or no valid checkpoint.
  public init(run path: String, for generator: any Model) throws {
    let start = try StartingRun(path)
    guard start.recipe.packing == 1 else {
      throw FileError(path, "its discriminator judges images in packs of \(start.recipe.packing), and no single one")
    }
    var recipe = start.recipe.resumed
    recipe.frozenLayers = 0
    let game = try AdversarialGame(
      recipe, shape: start.shape, classes: generator.blueprint.classTable, seed: 0, device: generator.device)
    try start.read("discriminator", into: game.discriminator)
    discriminator = game.discriminator
  }

  /// The numbers of the first `count` draws of a sampler that are accepted, when `share` of all are.
  ///
  /// - Parameters:
  ///   - share: from ``leastShare`` to 1.
  ///   - seed: what chance depends on.
  ///   - progress: told how many are accepted so far.
  /// - Throws: ``TrainingError`` when scores are infinite or not a number; `TorchError` when memory runs out.
  public func accepted(
    _ count: Int, of sampler: Sampler, share: Double, seed: UInt64, progress: (Int) -> Void = { _ in }
  ) throws -> [Int] {
    precondition((Self.leastShare...1).contains(share), "the share must be from \(Self.leastShare) to 1, not \(share)")
    func batch(_ first: Int) -> Range<Int> { first..<first + Self.batch }
    var known: [Double] = []
    while known.count < Self.trial { known += try scores(sampler, batch(known.count)) }
    let law = AcceptanceLaw(scores: known, share: share)
    var (accepted, first): ([Int], Int) = ([], 0)
    while accepted.count < count {
      let scores = first < known.count ? Array(known[batch(first)]) : try scores(sampler, batch(first))
      let chances = Tensor.uniformRows(
        count: Self.batch, size: 1, seed: derivedSeed(seed, 0xD5), stream: 0, first: first
      ).array(of: Float.self)
      for (offset, score) in scores.enumerated() where Double(chances[offset]) < law.probability(of: score) {
        accepted.append(first + offset)
      }
      first += Self.batch
      progress(min(accepted.count, count))
    }
    return Array(accepted.prefix(count))
  }

  private func scores(_ sampler: Sampler, _ range: Range<Int>) throws -> [Double] {
    let found = try withTorchErrors {
      let input = try sampler.inputs(range)
      let images = sampler.samples(input)[.images]
      return withoutGradient {
        discriminator(images, classes: input.column(.classes)?.tensor, .inference).scores.perImage.tensor
          .to(.float64).reshaped(-1).array(of: Double.self)
      }
    }
    guard found.allSatisfy(\.isFinite) else { throw TrainingError("the discriminator's scores are not finite") }
    return found
  }
}

/// With which probability a score is accepted.
package struct AcceptanceLaw {
  private let greatest, shift: Double

  /// Fits the law to scores, so that their mean probability is `share`.
  package init(scores: [Double], share: Double) {
    let greatest = scores.max() ?? 0
    let advantages = scores.map { Self.advantage($0, greatest) }
    // The mean falls as the shift rises.
    var (low, high) = ((advantages.min() ?? 0) - 50, (advantages.max() ?? 0) + 50)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      let mean = advantages.reduce(0) { $0 + Self.sigmoid($1 - middle) } / Double(max(advantages.count, 1))
      if mean > share { low = middle } else { high = middle }
    }
    (self.greatest, shift) = (greatest, (low + high) / 2)
  }

  package func probability(of score: Double) -> Double { Self.sigmoid(Self.advantage(score, greatest) - shift) }

  /// The paper's F; its ε keeps the logarithm's argument above 0.
  private static func advantage(_ score: Double, _ greatest: Double) -> Double {
    let difference = min(score - greatest, 0)
    return difference - log(1 - exp(difference - 1e-8))
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
