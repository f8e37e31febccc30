import Foundation

/// What follows from the size of pictures, the batch and the number of steps: the rules by which `auto` balances a game.
///
/// - Penalties: γ = 0.1 · (H · W / 784) · (64 / batch), for R1 and R2 both. The slope of a score is a sum over pixels, so
///   that its square grows with their number; and the noise of a step falls with the batch (StyleGAN2-ADA has
///   0.0002 · H · W / batch for R1 alone; Karras et al. 2020, arXiv:2006.06676, appendix C). What is left, 0.1, was found
///   on MNIST.
/// - Learning rate: 4e-4 · √(batch / 64) for Adam (Hoffer et al. 2017, arXiv:1705.08741, section 4), with betas 0 and 0.99
///   (Karras et al. 2018), falling along half a cosine to a twentieth.
/// - Average: a horizon of a tenth of the run, at least 100 and at most 2,000 steps: long enough to take out what a step
///   does by chance, short enough to leave the beginning behind.
enum Balance {
  static func penalty(pixels: Int, batch: Int) -> Double { 0.1 * Double(pixels) / 784 * 64 / Double(batch) }
  static func learningRate(batch: Int) -> Double { 4e-4 * (Double(batch) / 64).squareRoot() }
  static func averageDecay(steps: Int) -> Double { 1 - 1 / Double(min(max(steps / 10, 100), 2_000)) }
}

extension Recipe {
  /// Balances penalties and rates for pictures of `shape`, and says so.
  mutating func balancePlayers(_ shape: SampleShape) -> [String] {
    objective = .relativisticPairing
    let gamma = Balance.penalty(pixels: shape.height * shape.width, batch: batch)
    (penalties.r1, penalties.r2) = (gamma, gamma)
    let rate = Balance.learningRate(batch: batch)
    eachPlayer {
      $0.learningRate = rate
      ($0.beta1, $0.beta2) = (0, 0.99)
    }
    return [
      "relativistic pairing with r1=r2=\(gamma.shown): no mode may be left out, and no slope grow steep "
        + "(γ = 0.1 · pixels/784 · 64/batch)"
    ]
  }

  /// Fits the schedule to the number of steps, and says so.
  mutating func balanceSchedule() -> [String] {
    let steps = steps
    eachPlayer {
      $0.schedule = .cosine
      ($0.scheduleSteps, $0.scheduleEnd) = (steps, 0.05)
    }
    averageDecay = Balance.averageDecay(steps: steps)
    return [
      "learning rate \(generator.learningRate.shown), falling to a twentieth by step \(steps); generator averaged over "
        + "about \(Int((1 / (1 - averageDecay)).rounded())) steps"
    ]
  }
}
