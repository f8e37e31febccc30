/// What a recipe was found to reach, where and when ``conditions`` says: a short trial, to compare recipes by; those that are
/// told classes among each other, since the judge's features are about classes.
public struct Expectation: Sendable, Equatable {
  /// FID of 10,000 images of the averaged generator in the features of this project's MNIST classifier; lower is better.
  public let fid: Double
  /// Training time, a step: as many moves of D as the recipe has, and one of G.
  public let milliseconds: Double
  /// The peak memory of the process in units of 10⁹ bytes, its evaluations included.
  public let gigabytes: Double

  /// What is known of the recipe called `name` as it is, without changes to its settings; `nil` where nothing was measured.
  public static func of(_ name: String) -> Expectation? { measured[name] }
}
