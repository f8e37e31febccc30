/// A generator whose latents are followed by one number a class: one for the wanted class, zeros else (Mirza and
/// Osindero 2014, "Conditional generative adversarial nets", section 3.2).
public final class ConcatenatingGenerator: Generator {
  /// What it was built with; its latents do not count the classes.
  public let description: NetworkDescription
  let network: any Generator

  init(_ network: any Generator, _ description: NetworkDescription) {
    self.network = network
    self.description = description
  }

  /// Those of the network that it wraps.
  public var state: StateDict { network.state }
  /// How many random numbers make a picture.
  public var latentSize: Int { description.latentSize }

  /// Pictures `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]` and classes `[N]`.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    guard let classes else { preconditionFailure("a generator of classes needs the class of each picture") }
    let wanted = Classes.oneHot(classes, description.classes, dtype: latents.dtype)
    return network(.concatenated([latents, wanted], axis: 1), classes: nil, pass)
  }
}
