/// A network that makes pictures of random numbers.
public protocol Generator: Module {
  /// How many random numbers make a picture.
  var latentSize: Int { get }
  /// What it was built with, as its file says.
  var description: NetworkDescription { get }

  /// - Parameter latents: standard normal numbers `[N, latentSize]`.
  /// - Returns: images `[N, C, H, W]` in [-1, 1].
  func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images
}

extension Generator {
  /// Images of `latents`, made to be used and not to learn.
  public func callAsFunction(_ latents: Tensor) -> Images { withoutGradient { self(latents, .inference) } }
}

/// A network that tells real pictures from generated ones.
public protocol Discriminator: Module {
  /// - Parameter images: `[N, C, H, W]` in [-1, 1].
  /// - Returns: raw scores `[N, 1]`, greater for what looks more real.
  func callAsFunction(_ images: Images, _ pass: Pass) -> Scores
}

extension Discriminator {
  /// Scores of `images`, made to be used and not to learn.
  public func callAsFunction(_ images: Images) -> Scores { withoutGradient { self(images, .inference) } }
}
