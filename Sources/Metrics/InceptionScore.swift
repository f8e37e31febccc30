import Foundation
import Torch

private let softmax = Operation("aten::softmax", "int")
private let logSoftmax = Operation("aten::log_softmax", "int")
private let entropyTerm = Operation("aten::xlogy", "Tensor")

extension Metric {
  /// Inception score by the extractor's classes.
  public static let inceptionScore = Metric("is", better: .high, needs: [.pictures, .classes]) { _, samples in
    var sums = try InceptionScoreAccumulator(count: samples, splits: min(10, samples))
    return Measurement { batch in
      if let logits = batch.features.logits { try sums.add(logits.reshaped(logits.size(0), -1)) }
    } score: { _ in
      try sums.score()
    }
  }
}

/// The Inception score, exp(E KL(p(y|x) ‖ p(y))), from a classifier's logits (Salimans et al. 2016, "Improved techniques
/// for training GANs", arXiv:1606.03498, section 4): 1 at worst, the number of classes at best.
///
/// As in the original it is the mean over consecutive splits of the samples, and the deviation is that among the splits
/// (divided by their number, not by one less).
public struct InceptionScoreAccumulator {
  /// The samples that the score is of.
  public let count: Int
  /// How many splits they are cut into: split i ends where sample (i + 1) · count / splits begins.
  public let splits: Int

  private var added = 0
  /// Sums over a split: of p(y|x), `[classes]`, and of Σ p log p.
  private var sums: [(probabilities: Tensor, negativeEntropy: Double)] = []

  /// An accumulator for `count` samples.
  ///
  /// - Throws: ``MetricError`` when that is less than one a split.
  public init(count: Int, splits: Int = 10) throws {
    guard splits > 0, count >= splits else {
      throw MetricError("an Inception score with \(splits) splits needs at least as many samples; there are \(count)")
    }
    self.count = count
    self.splits = splits
  }

  /// Adds the raw class scores of a batch, `[N, classes]`.
  ///
  /// - Throws: ``MetricError`` when there are more than ``count`` in all, another number of classes or numbers that are
  ///   not finite; nothing is added then.
  public mutating func add(_ logits: Tensor) throws {
    try logits.requireFeatures(width: sums.first?.probabilities.count, first: added)
    let size = logits.size(0)
    guard added + size <= count else {
      throw MetricError("\(added + size) samples were added to an Inception score of \(count)")
    }
    try withTorchErrors {
      withoutGradient {
        let logits = logits.to(.cpu).to(.float64)
        let probabilities = softmax(.tensor(logits), .int(1))
        let terms = (probabilities * logSoftmax(.tensor(logits), .int(1))).sum(axes: [1])
        var first = 0
        while first < size {
          let split = sums.isEmpty || added == end(sums.count - 1) ? sums.count : sums.count - 1
          let rows = first..<min(size, first + end(split) - added)
          let sum = (probabilities[rows].sum(axes: [0]), terms[rows].sum().item)
          if split == sums.count {
            sums.append(sum)
          } else {
            sums[split] = (sums[split].probabilities + sum.0, sums[split].negativeEntropy + sum.1)
          }
          added += rows.count
          first = rows.upperBound
        }
      }
    }
  }

  /// The score of the samples.
  ///
  /// - Throws: ``MetricError`` when fewer than ``count`` were added.
  public func score() throws -> Score {
    guard added == count else { throw MetricError("an Inception score of \(count) samples got only \(added)") }
    let scores = sums.indices.map { split in
      let size = Double(end(split) - (split == 0 ? 0 : end(split - 1)))
      let marginal = sums[split].probabilities / size
      let entropy = entropyTerm(.tensor(marginal), .tensor(marginal)).sum().item
      return exp(sums[split].negativeEntropy / size - entropy)
    }
    let mean = scores.reduce(0, +) / Double(splits)
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(splits)
    return Score(mean, deviation: splits > 1 ? variance.squareRoot() : .nan, realCount: 0, fakeCount: count)
  }

  private func end(_ split: Int) -> Int { (split + 1) * count / splits }
}
