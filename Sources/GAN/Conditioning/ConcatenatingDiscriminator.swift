/// A discriminator whose images are followed by one channel a class: ones in the image's own, zeros elsewhere (Mirza and
/// Osindero 2014, "Conditional generative adversarial nets", section 3.2).
public final class ConcatenatingDiscriminator: Discriminator {
  let network: any UnconditionalDiscriminator
  let classCount: Int

  init(_ network: any UnconditionalDiscriminator, classes: Int) {
    self.network = network
    classCount = classes
  }

  /// Those of the network that it wraps.
  public var state: StateDict { network.state }

  /// The verdict on images `[N, C, H, W]` of classes `[N]`.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    guard let classes else { preconditionFailure("a discriminator of classes needs the class of each image") }
    let pixels = images.tensor
    let own = Classes.oneHot(classes, classCount, dtype: pixels.dtype).reshaped(-1, classCount, 1, 1)
    let maps = own.expanded([pixels.size(0), classCount, pixels.size(2), pixels.size(3)])
    return network(Images(.concatenated([pixels, maps], axis: 1)), classes: nil, pass)
  }
}
