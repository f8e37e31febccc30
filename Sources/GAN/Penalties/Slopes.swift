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
  /// The gradient of each of these K scores with regard to the images it was computed from, its own or its own pack of
  /// consecutive ones, differentiable in its turn: `[K, N·C·H·W / K]`; zeros where D does not look at its images.
  ///
  /// A score does not depend on the images of the others, so one sum gives every score's gradient. Where D is shown how much a
  /// batch differs, it is that of the sum of all scores, as in StyleGAN2's code.
  func slopes(at images: Images) -> Tensor {
    let found = gradients(of: tensor.sum(), with: [images.tensor], createGraph: true)
    return (found[0] ?? images.tensor.detached().zerosLike()).reshaped(tensor.count, -1)
  }
}
