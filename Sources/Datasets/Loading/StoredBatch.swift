/// Samples of one training step, copied out of a data set.
public struct StoredBatch: Sendable {
  /// Counts from 0 through all epochs.
  public let number: Int
  /// Samples in it.
  public let count: Int
  /// The shape of each sample.
  public let shape: SampleShape
  /// How numbers are stored.
  public let element: Dataset.Element
  /// The samples, `[count, H, W, C]`.
  public let bytes: AlignedBytes
  /// The class of each, where the data set has classes.
  public let labels: [Int32]?
}
