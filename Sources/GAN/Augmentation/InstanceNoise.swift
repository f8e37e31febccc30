/// Instance noise (Sønderby et al. 2017, arXiv:1610.04490): normal noise on all images that D scores, so
/// that the distributions of real and generated images overlap; it fades during training.
public struct InstanceNoise: Sendable {
  /// The noise's standard deviation at the beginning.
  public let deviation: Double
  /// The number of steps until it is gone; 0 for noise that stays.
  public let steps: Int

  /// Noise that fades linearly over `steps`.
  public init(deviation: Double, steps: Int) {
    self.deviation = deviation
    self.steps = steps
  }

  /// The deviation in step number `step` (from 0).
  public func deviation(at step: Int) -> Double {
    steps == 0 ? deviation : deviation * max(0, 1 - Double(step) / Double(steps))
  }

  /// The images with the noise of step number `step`, drawn from `random`; their values may leave [-1, 1].
  public func callAsFunction(_ images: Images, step: Int, using random: RandomStream) -> Images {
    let deviation = deviation(at: step)
    guard deviation > 0 else { return images }
    let noise = random.normal(images.tensor.shape, deviation: deviation)
    return Images(images.tensor + noise.to(images.tensor.dtype))
  }
}
