/// A generator that first makes styles of latents, one for each of its layers that take one, and then an image of the styles.
public protocol StyledGenerator: Generator, TruncatedModel {
  /// How many layers take a style.
  var styleCount: Int { get }
  /// - Returns: styles `[N, styleCount, size]`.
  func styles(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Tensor
  /// Styles nearer to their mean: at distances to it that are `truncation` times as long.
  func truncated(_ styles: Tensor, _ truncation: Double) -> Tensor
  /// - Parameter styles: `[N, styleCount, size]`.
  /// - Returns: images `[N, C, H, W]`.
  func images(_ styles: Tensor, _ pass: Pass) -> Images
}

extension StyledGenerator {
  /// Images of the styles of latents.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    images(styles(latents, classes: classes, pass), pass)
  }

  /// The column of images, of truncated styles (Karras et al. 2019, arXiv:1812.04948, appendix B).
  public func callAsFunction(_ input: Batch, truncation: Double, _ pass: Pass) -> Batch {
    let styles = styles(input[.latents].tensor, classes: input.column(.classes)?.tensor, pass)
    return Batch(count: input.count).with(.images, images(truncated(styles, truncation), pass))
  }
}
