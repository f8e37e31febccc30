/// StyleGAN's mapping network (Karras et al. 2019, arXiv:1812.04948, section 2): fully connected layers that make a style of
/// latents, `[N, latents]` to `[N, size]`. Latents are scaled to a mean square of 1 first, as is what an embedding makes of a
/// class, which stands after them. Its layers learn at a hundredth of the rate.
///
/// It keeps a running mean of the styles of training, toward which truncation moves styles (appendix B of the same paper).
package final class StyleMapping {
  package let embedding: EqualizedLinear?
  package let layers: [EqualizedLinear]
  /// The running mean, `[size]`.
  package let average: Tensor
  /// How much of the mean a batch keeps.
  static let decay = 0.995
  private let classes: Int

  init(_ path: Path, latentSize: Int, classes: Int, layers count: Int) {
    self.classes = classes
    embedding = classes > 0 ? EqualizedLinear(path / "embed", classes, latentSize) : nil
    layers = (0..<count).map { index in
      EqualizedLinear(
        path / "fc\(index)", index == 0 && classes > 0 ? 2 * latentSize : latentSize, latentSize, learningRate: 0.01)
    }
    average = path.buffer("w_avg", .zeros([latentSize], dtype: path.state.dtype))
  }

  /// Styles of latents `[N, latents]` and, where there are classes, of classes `[N]`.
  package func callAsFunction(_ latents: Tensor, _ classes: Tensor?) -> Tensor {
    var x = Self.normalized(latents)
    if let embedding, let classes {
      let given = embedding(Classes.oneHot(classes, self.classes, dtype: latents.dtype))
      x = .concatenated([x, Self.normalized(given)], axis: 1)
    }
    // A leaky relu keeps what it is scaled by.
    return layers.reduce(x) { x, layer in layer(x, scale: 2.0.squareRoot()).leakyReLU(0.2) }
  }

  /// Moves the mean toward that of `styles`.
  func observe(_ styles: Tensor) {
    withoutGradient { average.interpolate(toward: styles.detached().mean(axes: [0]), weight: 1 - Self.decay) }
  }

  private static func normalized(_ x: Tensor) -> Tensor {
    x * (x.squared().mean(axes: [1], keepingAxes: true) + 1e-8).pow(-0.5)
  }
}
