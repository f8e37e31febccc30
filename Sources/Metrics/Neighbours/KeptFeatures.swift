import Datasets
import Samples
import Torch

/// The features of a data set, which each evaluation compares its samples with: kept from the first time on where they take
/// little memory, and else made again.
package final class KeptFeatures {
  /// The most bytes that are kept: 256 MB hold the pixels of 60,000 pictures of 28x28.
  package static let mostBytes = 256 << 20

  private let data: Dataset
  private let extractor: any FeatureExtractor
  private let mostBytes: Int
  private var kept: [Tensor] = []
  private var isComplete = false

  /// The features of `data`, of which none has been made.
  package init(of data: Dataset, by extractor: any FeatureExtractor, mostBytes: Int = mostBytes) {
    (self.data, self.extractor, self.mostBytes) = (data, extractor, mostBytes)
  }

  /// Calls `body` with the features of all samples in order, a batch `[n, D]` at a time.
  ///
  /// - Throws: what goes wrong while samples are read, and what `body` throws.
  package func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    if isComplete { return try kept.forEach(body) }
    var (features, bytes) = ([Tensor](), 0)
    try DatasetSamples(data).forEachBatch { samples in
      let values = try extractor(samples).values
      bytes += values.count * values.dtype.size
      if bytes <= mostBytes { features.append(values) } else { features = [] }
      try body(values)
    }
    if bytes <= mostBytes { (kept, isComplete) = (features, true) }
  }
}
