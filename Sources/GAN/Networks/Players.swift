/// A network that turns random numbers into pictures.
public protocol Generator: Model {
  /// The number of latents, the random numbers from which a picture is made.
  var latentSize: Int { get }
  /// What it was built with, as its file says.
  var description: NetworkDescription { get }

  /// - Parameters:
  ///   - latents: standard normal numbers `[N, latentSize]`.
  ///   - classes: the wanted class of each picture, int64 `[N]` in 0 ..< `description.classes`; `nil` for a generator
  ///     without classes.
  /// - Returns: images `[N, C, H, W]` in [-1, 1].
  func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images
}

extension Generator {
  /// Images of `latents`, for inference: without gradients.
  ///
  /// - Precondition: `classes` are there for a class-conditional generator (its `description` has a class table, as
  ///   that of an `auto` run on labelled pictures); ``Sampler`` draws them.
  public func callAsFunction(_ latents: Tensor, classes: Tensor? = nil) -> Images {
    withoutGradient { self(latents, classes: classes, .inference) }
  }

  /// Images of `latents` by an unconditional generator.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images { self(latents, classes: nil, pass) }
}

/// An unconditional generator.
public protocol UnconditionalGenerator: Generator {
  /// - Parameter latents: standard normal numbers `[N, latentSize]`.
  /// - Returns: images `[N, C, H, W]` in [-1, 1].
  func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images
}

extension UnconditionalGenerator {
  /// The requirement of ``Generator``; there are no classes.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    precondition(classes == nil, "an unconditional generator takes no classes")
    return self(latents, pass)
  }
}

/// A network that tells real pictures from generated ones.
public protocol Discriminator: Module {
  /// - Parameters:
  ///   - images: `[N, C, H, W]` in [-1, 1].
  ///   - classes: the class of each, int64 `[N]`; `nil` for an unconditional discriminator.
  func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict
}

extension Discriminator {
  /// The scores `[N, 1]` of images without classes.
  public func callAsFunction(_ images: Images, _ pass: Pass) -> Scores { self(images, classes: nil, pass).scores }

  /// Scores of `images`, for inference: without gradients.
  public func callAsFunction(_ images: Images) -> Scores { withoutGradient { self(images, .inference) } }
}

/// A discriminator's output for images.
public struct Verdict {
  /// How real each looks, raw, `[N, 1]`; `[N, S]` of a discriminator that scores S parts of an image.
  public let scores: Scores
  /// What the scores were made from, `[N, F]`.
  public let features: Tensor
  /// The logits of the classes, `[N, K]`, of a discriminator that classifies.
  public let classLogits: Tensor?
  /// How far the images are from what the discriminator reconstructs of them, computed when it is called; nil for one that
  /// reconstructs nothing, and in inference.
  public let reconstruction: (() -> Loss)?

  /// A verdict of your own discriminator.
  public init(
    scores: Scores, features: Tensor, classLogits: Tensor? = nil, reconstruction: (() -> Loss)? = nil
  ) {
    self.scores = scores
    self.features = features
    self.classLogits = classLogits
    self.reconstruction = reconstruction
  }
}

/// An unconditional discriminator: features, and a score from them.
public protocol UnconditionalDiscriminator: Discriminator {
  /// The number F of features.
  var featureCount: Int { get }
  /// - Parameter images: `[N, C, H, W]` in [-1, 1].
  /// - Returns: what the score is made from, `[N, F]`.
  func features(_ images: Images, _ pass: Pass) -> Tensor
  /// Features of images `[N, C, H, W]`, and how far these are from what is reconstructed of them.
  func encoded(_ images: Images, _ pass: Pass) -> Encoded
  /// - Parameter features: `[N, F]`.
  /// - Returns: raw scores `[N, 1]`, greater for what looks more real; `[N, S]` of S parts of an image.
  func scores(_ features: Tensor, _ pass: Pass) -> Scores
}

/// What a discriminator makes of images before it scores them.
public struct Encoded {
  /// What scores are made from, `[N, F]`.
  public let features: Tensor
  /// How far the images are from what the discriminator reconstructs of them, computed when it is called; nil for one that
  /// reconstructs nothing, and in inference.
  public let reconstruction: (() -> Loss)?

  /// What your own discriminator makes of them.
  public init(features: Tensor, reconstruction: (() -> Loss)? = nil) {
    (self.features, self.reconstruction) = (features, reconstruction)
  }
}

extension UnconditionalDiscriminator {
  /// Features alone.
  public func encoded(_ images: Images, _ pass: Pass) -> Encoded { Encoded(features: features(images, pass)) }

  /// The requirement of ``Discriminator``; there are no classes.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    precondition(classes == nil, "an unconditional discriminator takes no classes")
    return judged(images, pass) { _ in (nil, nil) }
  }

  /// The verdict on images, with what `more` makes of the features `[N, F]`: a term of the scores `[N, 1]`, and logits of
  /// classes.
  ///
  /// Scores are made in the parameters' type, features widened to it: in bfloat16 those of 4 to 8 would have steps of
  /// 1/32, which pairs and means of scores would see.
  func judged(_ images: Images, _ pass: Pass, _ more: (Tensor) -> (term: Tensor?, classLogits: Tensor?)) -> Verdict {
    let encoded = encoded(images, pass)
    let features = encoded.features.to(state.dtype)
    return withoutAutocast(on: features.device) {
      let (scores, (term, logits)) = (scores(features, pass), more(features))
      return Verdict(
        scores: term.map { Scores(scores.tensor + $0) } ?? scores, features: features, classLogits: logits,
        reconstruction: encoded.reconstruction)
    }
  }
}
