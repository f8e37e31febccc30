/// What a generator draws, as judges see it: pictures rounded to the 256 levels that files have, so that a run and the
/// files it was sampled into get the same values.
public struct GeneratedSamples: SampleStream {
  private let sampler: Sampler
  private let kind: ColumnFormat.Kind
  /// How many there are.
  public let count: Int

  /// The first `count` samples of `sampler`, whose generator makes `kind`.
  public init(_ sampler: Sampler, kind: ColumnFormat.Kind, count: Int) {
    self.sampler = sampler
    self.kind = kind
    self.count = count
  }

  /// The shape of each.
  public var shape: SampleShape { sampler.generator.description.shape }

  /// Calls `body` with all samples in order, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    try sampler.forEachBatch(count) { images in
      let values = images.tensor.detached()
      try body(kind == .points ? values : ((values + 1) * 127.5).rounded().clamped(0, 255) * (2.0 / 255) - 1)
    }
  }
}
