extension Images {
  /// The same images, detached and recorded by autograd, so that the gradient of D at them can be taken.
  public func requiringGradient() -> Images { Images(tensor.detached().requiringGradient()) }

  /// E[(‖∇D(x)‖₂ − 1)²] at these images x: how far the slopes of D are from 1.
  func departureFromUnitSlope(_ judge: (Images) -> Scores) -> Loss {
    let points = requiringGradient()
    return Loss((judge(points).slopes(at: points).norm(axes: [1]) - 1).squared().mean())
  }
}

extension Scores {
  /// One score for each image or pack of images, `[K, 1]`: these scores themselves, or, of maps `[K, 1, h, w]`, the
  /// mean of each.
  var perImage: Scores {
    let count = tensor.size(0)
    return tensor.count == count ? self : Scores(tensor.reshaped(count, -1).mean(axes: [1], keepingAxes: true))
  }

  /// The gradient of each of K scores with respect to the images it depends on, its own or its own pack of consecutive
  /// ones, differentiable in turn: `[K, N·C·H·W / K]`; zeros where D ignores its images. Of score maps `[K, 1, h, w]`,
  /// the gradient of each map's mean.
  ///
  /// A score does not depend on the images of other scores, so the gradient of the sum holds the gradient of every
  /// score. With a minibatch deviation, which mixes images, it is the gradient of the sum of all scores, as in
  /// StyleGAN2's code.
  func slopes(at images: Images) -> Tensor {
    let found = gradients(of: perImage.tensor.sum(), with: [images.tensor], createGraph: true)
    return (found[0] ?? images.tensor.detached().zerosLike()).reshaped(tensor.size(0), -1)
  }
}

/// The gradient penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3): weight · E[(‖∇D(x̂)‖₂ − 1)²] at points x̂ drawn
/// uniformly on the lines between real and generated images.
public struct GradientPenalty: Sendable {
  /// The paper's λ, 10 there.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - mix: where on each line the point lies, `[N, 1, 1, 1]` in 0 ..< 1; 1 is the real image.
  ///   - judge: D's scores of images; each must depend on its own image alone.
  public func callAsFunction(real: Images, fake: Images, mix: Tensor, _ judge: (Images) -> Scores) -> Loss {
    let points = withoutGradient { Images(real.tensor * mix + fake.tensor * (1 - mix)) }
    return weight * points.departureFromUnitSlope(judge)
  }
}

/// The gradient penalty of DRAGAN (Kodali et al. 2017, arXiv:1705.07215): weight · E[(‖∇D(x̂)‖₂ − 1)²] at
/// points x̂ near real images, which keeps D from becoming steep around the data.
///
/// The paper adds normal noise of a given variance. The authors' code, whose results the paper shows, moves a uniform
/// share of the way from x to x + ½ σ u, with σ the standard deviation of all pixels of the batch and u uniform in 0
/// ..< 1. This is the latter, which has no scale to choose.
public struct DRAGAN: Sendable {
  /// The paper's λ, 10 there.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - noise: u, of the images' shape, in 0 ..< 1.
  ///   - mix: how much of the way each image goes, `[N, 1, 1, 1]` in 0 ..< 1.
  ///   - judge: D's scores of images; each must depend on its own image alone.
  public func callAsFunction(real: Images, noise: Tensor, mix: Tensor, _ judge: (Images) -> Scores) -> Loss {
    let points = withoutGradient { () -> Images in
      let deviation = real.tensor.variance(axes: [0, 1, 2, 3]).squareRoot()
      return Images(real.tensor + noise * mix * (deviation * 0.5))
    }
    return weight * points.departureFromUnitSlope(judge)
  }
}

/// The zero-centred gradient penalties (Mescheder et al. 2018, eq. 9–10, arXiv:1801.04406): γ/2 · E[‖∇D(x)‖²]; R1 at
/// real images, R2 at generated ones.
///
/// ```swift
/// let images = real.requiringGradient()
/// let scores = discriminator(images, pass)
/// let loss = objective.discriminatorLoss(real: scores, fake: fakeScores) + ZeroCenteredPenalty(weight: 10)(scores, at: images)
/// ```
public struct ZeroCenteredPenalty: Sendable {
  /// The paper's γ, 10 there.
  public let weight: Double

  /// A penalty of this γ.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - scores: D's scores of `images`, which need not be computed again; each depends on its own image or pack alone.
  ///   - images: what they are scores of: ``Images/requiringGradient()``.
  public func callAsFunction(_ scores: Scores, at images: Images) -> Loss {
    Loss(scores.slopes(at: images).squared().sum(axes: [1]).mean() * (weight / 2))
  }
}
