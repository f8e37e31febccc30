import Datasets
import Torch

extension Metric {
  /// 1 minus the mean (multi-scale) structural similarity of pairs of samples.
  public static let diversity = Metric("diversity", better: .high, needs: [.pictures], inTraining: [.pictures]) {
    seen in
    try Diversity(seed: seen.basis.seed)(seen.examples)
  }
  .seen { _ in ExtractorInfo(ofPixels: "structural similarity of pixels") }
}

/// The diversity of samples: 1 minus the mean structural similarity of random pairs, near 0 when all look
/// alike (Odena et al. 2017, "Conditional image synthesis with auxiliary classifier GANs", arXiv:1610.09585, section
/// 4.2, who compare it with the data's own). Compare it with the data's value: noise is diverse, too.
public struct Diversity: Sendable {
  /// How many pairs are compared.
  public let pairs: Int
  /// What the pairs depend on.
  public let seed: UInt64

  /// A diversity by `pairs` pairs of different samples.
  public init(pairs: Int = 1000, seed: UInt64) {
    precondition(pairs > 1, "\(pairs) pairs have no deviation; at least 2 are needed")
    self.pairs = pairs
    self.seed = seed
  }

  /// The diversity of images `[N, C, H, W]` in [-1, 1]; its deviation is the standard error over the pairs.
  ///
  /// - Throws: ``MetricError`` when there are fewer than 2.
  public func callAsFunction(_ images: Tensor) throws -> Score {
    guard images.rank == 4, images.size(0) > 1 else {
      throw MetricError("diversity of samples of shape \(images.shape): expected at least 2 pictures [N, C, H, W]")
    }
    let count = images.size(0)
    let similarity = StructuralSimilarity(height: images.size(2), width: images.size(3))
    let drawn = (0..<pairs).map { pair in
      var random = CounterRandom(seed: seed, stream: 0, index: pair)
      let first = random.below(count)
      let second = random.below(count - 1)
      return (first: Int64(first), second: Int64(second < first ? second : second + 1))
    }
    // A dozen maps of 8 MB for each block of pairs.
    let size = max(1, (1 << 21) / (images.count / count))
    let values = try withTorchErrors {
      try blocks(of: pairs, size: size).flatMap { block in
        let (first, second) = (drawn[block].map(\.first), drawn[block].map(\.second))
        return try similarity(rows(first, of: images), rows(second, of: images)).array(of: Double.self)
      }
    }
    let mean = values.reduce(0, +) / Double(pairs)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pairs - 1)
    return Score(1 - mean, deviation: (variance / Double(pairs)).squareRoot(), realCount: 0, fakeCount: count)
  }
}

private let selectRows = Operation("aten::index_select")

private func rows(_ indices: [Int64], of images: Tensor) -> Tensor {
  selectRows(.tensor(images), .int(0), .tensor(Tensor(indices).to(images.device)))
}
