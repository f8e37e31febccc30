import Foundation

private let topOperation = Operation("aten::topk")

/// Top-k training (Sinha et al. 2020, arXiv:2002.06224): G learns only from those of its images that D scores highest.
/// It starts with the whole batch; the share that is kept shrinks by a constant factor each step, down to ``share``.
public struct TopK: Sendable {
  /// The share that is kept in the end, 0 ... 1: the paper's ν, 0.5 there.
  public let share: Double
  /// The number of steps until then; 0 to start with ``share``.
  public let steps: Int

  /// A selection that reaches `share` after `steps`.
  public init(share: Double = 0.5, steps: Int) {
    self.share = share
    self.steps = steps
  }

  /// The share that is kept in step number `step` (from 0): share^(step / steps), then share.
  public func share(at step: Int) -> Double {
    step < steps ? pow(share, Double(step) / Double(steps)) : share
  }

  /// The scores `[k, ...]` of the k best of N images, best first, from scores `[N, ...]`: k is N times the step's
  /// share, rounded, and at least 1. Where an image has a map of scores, it is ranked by their mean.
  public func callAsFunction(_ scores: Scores, step: Int) -> Scores {
    let count = scores.tensor.size(0)
    let kept = Int((share(at: step) * Double(count)).rounded())
    guard kept < count else { return scores }
    let ranking = scores.perImage.tensor.detached().reshaped(count)
    let best = topOperation.all(.tensor(ranking), .int(max(kept, 1)), .int(0), capacity: 2)
    return Scores(scores.tensor.rows(best.count == 2 ? best[1] : .undefined))
  }
}
