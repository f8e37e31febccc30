/// A generator that takes a one-hot class vector after its latents: 1 for the wanted class and 0 otherwise (Mirza and
/// Osindero 2014, "Conditional generative adversarial nets", section 3.2).
public final class ConcatenatingGenerator: Generator {
  /// What it was built with; its latents do not count the classes.
  public let description: NetworkDescription
  let network: any Generator

  init(_ network: any Generator, _ description: NetworkDescription) {
    self.network = network
    self.description = description
  }

  /// The parameters and buffers of the network it wraps.
  public var state: StateDict { network.state }
  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]` and classes `[N]`.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    guard let classes else { preconditionFailure("a class-conditional generator needs the class of each picture") }
    let wanted = Classes.oneHot(classes, description.classes, dtype: latents.dtype)
    return network(.concatenated([latents, wanted], axis: 1), classes: nil, pass)
  }
}

/// A discriminator that takes a channel for each class after the image's own: ones in the image's own, zeros elsewhere
/// (Mirza and Osindero 2014, "Conditional generative adversarial nets", section 3.2).
public final class ConcatenatingDiscriminator: Discriminator {
  let network: any UnconditionalDiscriminator
  let classCount: Int

  init(_ network: any UnconditionalDiscriminator, classes: Int) {
    self.network = network
    classCount = classes
  }

  /// The parameters and buffers of the network it wraps.
  public var state: StateDict { network.state }

  /// The scores of images `[N, C, H, W]` of classes `[N]`.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    guard let classes else { preconditionFailure("a class-conditional discriminator needs the class of each image") }
    let pixels = images.tensor
    let own = Classes.oneHot(classes, classCount, dtype: pixels.dtype).reshaped(-1, classCount, 1, 1)
    let maps = own.expanded([pixels.size(0), classCount, pixels.size(2), pixels.size(3)])
    return network(Images(.concatenated([pixels, maps], axis: 1)), classes: nil, pass)
  }
}
