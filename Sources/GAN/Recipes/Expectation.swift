/// What a recipe reached in a short trial, under ``conditions``, to compare recipes by. Compare class-conditional recipes only
/// with each other, since the extractor was trained on the same classes.
public struct Expectation: Sendable, Equatable {
  /// FID of 10,000 images of the averaged generator in the features of this project's MNIST classifier; lower is better.
  public let fid: Double
  /// Training time of a step, which is one update of G and the recipe's updates of D.
  public let milliseconds: Double
  /// The peak memory of the process in units of 10⁹ bytes, its evaluations included.
  public let gigabytes: Double

  /// The measurement of the recipe called `name` with its own settings; `nil` if there is none.
  public static func of(_ name: String) -> Expectation? { measured[name] }
}
