/// Random colour changes, each image by its own numbers: brightness, then saturation, then contrast (DiffAugment's
/// "color"). Values may leave [-1, 1].
public struct ColorJitter {
  /// What is added to every value: `[N]`.
  public let brightness: Tensor
  /// What the distance of a value to the mean of its pixel's channels is multiplied by: `[N]`; without effect on grey
  /// images.
  public let saturation: Tensor
  /// What the distance of a value to the image's mean is multiplied by: `[N]`.
  public let contrast: Tensor

  /// The given numbers.
  public init(brightness: Tensor, saturation: Tensor, contrast: Tensor) {
    self.brightness = brightness
    self.saturation = saturation
    self.contrast = contrast
  }

  /// Numbers for `count` images, uniform: brightness in ±0.5, saturation in 0 ..< 2, contrast in 0.5 ..< 1.5.
  public init(count: Int, using random: RandomStream) {
    brightness = random.uniform([count], -0.5, 0.5)
    saturation = random.uniform([count], 0, 2)
    contrast = random.uniform([count], 0.5, 1.5)
  }

  /// The images with changed colours.
  ///
  /// With brightness b, saturation s and contrast c, a value x whose pixel has the mean g in an image with the mean m
  /// becomes s c x + (1 − s) c g + (1 − c) m + b: the three steps one after the other, multiplied out, in fewer passes.
  public func callAsFunction(_ images: Images) -> Images {
    func each(_ numbers: Tensor) -> Tensor { numbers.to(images.tensor.dtype).reshaped(-1, 1, 1, 1) }
    let (b, s, c) = (each(brightness), each(saturation), each(contrast))
    let grey = images.tensor.mean(axes: [1], keepingAxes: true)
    let mean = grey.mean(axes: [2, 3], keepingAxes: true)
    let shift = grey * ((1 - s) * c) + (mean * (1 - c) + b)
    return Images(images.tensor * (s * c) + shift)
  }
}
