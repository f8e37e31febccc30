import Foundation

private let topOperation = Operation("aten::topk")

/// Top-k training (Sinha et al. 2020, arXiv:2002.06224): G learns from the best of its images alone, those that D scores
/// highest. It starts with all of them and keeps fewer and fewer, by the same factor each step, down to a share that
/// stays.
public struct TopK: Sendable {
  /// The share that is kept in the end, 0 ... 1: the paper's ν, 0.5 there.
  public let share: Double
  /// The number of steps until then; 0 for no way there.
  public let steps: Int

  /// A selection that ends at `share` after `steps`.
  public init(share: Double = 0.5, steps: Int) {
    self.share = share
    self.steps = steps
  }

  /// The share that is kept in step number `step` (from 0): share^(step / steps), then share.
  public func share(at step: Int) -> Double {
    step < steps ? pow(share, Double(step) / Double(steps)) : share
  }

  /// The k greatest scores `[k, 1]` of `[N, 1]`, greatest first: k is N times the step's share, to the nearest whole
  /// number, and at least 1.
  public func callAsFunction(_ scores: Scores, step: Int) -> Scores {
    let count = scores.tensor.size(0)
    let kept = Int((share(at: step) * Double(count)).rounded())
    guard kept < count else { return scores }
    let best = topOperation.all(.tensor(scores.tensor), .int(max(kept, 1)), .int(0), capacity: 2)
    return Scores(best.first ?? .undefined)
  }
}
