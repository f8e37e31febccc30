extension Images {
  /// The same pictures, cut off from where they came from and recorded, so that D's slopes at them can be asked for.
  public func requiringGradient() -> Images { Images(tensor.detached().requiringGradient()) }

  /// E[(‖∇D(x)‖₂ − 1)²] at these pictures x: how far D is from rising by one a unit of distance.
  func departureFromUnitSlope(_ judge: (Images) -> Scores) -> Loss {
    let points = requiringGradient()
    return Loss((judge(points).slopes(at: points).norm(axes: [1]) - 1).squared().mean())
  }
}

extension Scores {
  /// ∇D at each of the images that these scores were computed from, differentiable in its turn, `[N, C·H·W]`; zeros
  /// where D does not look at its images.
  ///
  /// A sample's score does not depend on the others, so one sum gives every sample's gradient.
  func slopes(at images: Images) -> Tensor {
    let found = gradients(of: tensor.sum(), with: [images.tensor], createGraph: true)
    return (found[0] ?? images.tensor.detached().zerosLike()).flattened()
  }
}
