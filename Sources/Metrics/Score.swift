/// What a metric says of some samples, and how far that is to be trusted.
public struct Score: Sendable, Equatable {
  /// The metric's value.
  public var value: Double
  /// The standard deviation of the value over other samples of the same sizes, as each metric estimates it; not a number
  /// where there is no estimate.
  public var deviation: Double
  /// Samples of the data that entered.
  public var realCount: Int
  /// Generated samples that entered.
  public var fakeCount: Int

  /// A score given by its parts.
  public init(_ value: Double, deviation: Double, realCount: Int, fakeCount: Int) {
    self.value = value
    self.deviation = deviation
    self.realCount = realCount
    self.fakeCount = fakeCount
  }
}
