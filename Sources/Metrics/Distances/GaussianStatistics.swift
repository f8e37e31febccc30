import Torch

/// Mean and covariance of features.
public struct GaussianStatistics {
  /// The samples that they were taken of.
  public let count: Int
  /// `[D]`, float64.
  public let mean: Tensor
  /// `[D, D]`, float64, with the divisor `count` − 1.
  public let covariance: Tensor

  /// Statistics given by their parts, as they come out of a cache.
  public init(count: Int, mean: Tensor, covariance: Tensor) {
    self.count = count
    self.mean = mean
    self.covariance = covariance
  }
}

private let sliceOperation = Operation("aten::slice", "Tensor")
private let addProduct = Operation("aten::addmm_")

/// Takes mean and covariance of features that come in batches, for all samples and for all but a tenth of them.
///
/// Memory is one covariance per part, whatever the number of samples. Sums are in float64 about the first rows' mean,
/// so that means far from zero cost no digits.
public final class GaussianAccumulator {
  /// How many parts the samples are dealt to, one after the other: sample i belongs to part i % `parts`.
  public let parts: Int
  /// The samples added.
  public private(set) var count = 0

  /// Rows wait here until every part has enough of them for an efficient product.
  private var pending: [Tensor] = []
  private var pendingCount = 0
  /// What is taken off each row, then the sums of the parts' rows `[parts, D]` and of their products `[parts, D, D]`.
  private var sums: (origin: Tensor, rows: Tensor, products: Tensor)?
  private var width: Int?

  /// An accumulator without samples.
  public init(parts: Int = 10) {
    precondition(parts > 0, "\(parts) parts to split samples into; at least 1 is needed")
    self.parts = parts
  }

  /// Adds the features of a batch.
  ///
  /// - Parameter features: `[N, D]` of any floating-point type, on any device.
  /// - Throws: ``MetricError`` when D is not that of the batches before, or a feature is not finite; nothing is added then.
  public func add(_ features: Tensor) throws {
    try withTorchErrors {
      try withoutGradient {
        let features = features.detached().to(.cpu)
        try features.requireFeatures(width: width, first: count)
        width = features.size(1)
        pending.append(features)
        pendingCount += features.size(0)
        count += features.size(0)
        if pendingCount >= 256 * parts { merge() }
      }
    }
  }

  /// Mean and covariance of the samples.
  ///
  /// - Parameter part: the part to be left out; none when nil.
  /// - Throws: ``MetricError`` when fewer than 2 samples remain.
  public func statistics(without part: Int? = nil) throws -> GaussianStatistics {
    precondition(part.map((0..<parts).contains) ?? true, "there is no part \(part ?? 0) of \(parts)")
    return try withTorchErrors {
      try withoutGradient {
        merge()
        let kept = count - (part.map(size) ?? 0)
        guard kept > 1, let sums else {
          throw MetricError("the covariance of \(kept) samples: at least 2 are needed")
        }
        var sum = sums.rows.sum(axes: [0])
        var products = sums.products.sum(axes: [0])
        if let part {
          sum = sum - sums.rows[part]
          products = products - sums.products[part]
        }
        let mean = sum / Double(kept)
        let covariance = (products - mean.reshaped(-1, 1) * sum.reshaped(1, -1)) / Double(kept - 1)
        return GaussianStatistics(count: kept, mean: mean + sums.origin, covariance: covariance)
      }
    }
  }

  /// The samples in `part`.
  private func size(_ part: Int) -> Int { (count - part + parts - 1) / parts }

  /// Adds the pending rows to the sums of their parts.
  private func merge() {
    guard pendingCount > 0, let width else { return }
    let first = count - pendingCount
    let gathered = Tensor.concatenated(pending).to(.float64)
    let sums =
      self.sums ?? (
        gathered.mean(axes: [0]), .zeros([parts, width], dtype: .float64),
        .zeros([parts, width, width], dtype: .float64)
      )
    let rows = gathered - sums.origin
    for part in 0..<parts {
      let start = (part - first % parts + parts) % parts
      guard start < pendingCount else { continue }
      let own = sliceOperation(.tensor(rows), .int(0), .int(start), .none, .int(parts))
      sums.rows[part].add(own.sum(axes: [0]))
      addProduct(.tensor(sums.products[part]), .tensor(own.transposed()), .tensor(own))
    }
    self.sums = sums
    pending = []
    pendingCount = 0
  }
}
