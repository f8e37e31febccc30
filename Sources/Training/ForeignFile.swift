/// The weights of another program, which describe no network, recognised by the names and shapes of their tensors.
public struct ForeignFile: Sendable {
  /// How the model is built.
  public let blueprint: Blueprint
  /// What the file calls each tensor of the model.
  public let tensors: [String: String]

  /// What was recognised.
  public init(_ blueprint: Blueprint, tensors: [String: String]) {
    (self.blueprint, self.tensors) = (blueprint, tensors)
  }
}
