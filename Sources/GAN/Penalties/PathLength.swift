/// Path length regularisation (Karras et al. 2020, arXiv:1912.04958, section 3.2, eq. 4): weight · E[(‖Jᵀ y‖₂ − a)²], where Jᵀ y
/// is the gradient of ⟨image, y⟩ with regard to a style, y noise, and a a running mean of these lengths. G changes images evenly
/// then, whichever way a style moves.
///
/// As in the authors' code y has a variance of one part of the image's pixels, the length of an image is the root mean square
/// over its layers' styles, and a takes a hundredth of a batch's mean length, by which the gradient flows, too.
public final class PathLength {
  /// The authors' weight is 2.
  public let weight: Double
  /// The running mean a, float64, without axes.
  public let mean: Tensor
  /// How much of it a batch replaces.
  static let share = 0.01
  /// Before the present batch: the mean. Of its parts so far: the mean length.
  private var (former, seen): (Tensor?, Tensor?)

  /// A penalty of this weight, whose mean lies where G computes.
  public init(weight: Double, device: Device = .cpu) {
    self.weight = weight
    mean = Tensor(0, dtype: .float64, device: device)
  }

  /// What a checkpoint keeps.
  public var tensors: [(name: String, tensor: Tensor)] { [("path_length.mean", mean)] }

  /// The penalty at `images`, and their lengths, `[N]`, without a gradient.
  ///
  /// - Parameters:
  ///   - images: made of `styles`.
  ///   - styles: `[N, L, size]`, which require gradients.
  ///   - noise: standard normal numbers of the images' shape.
  ///   - part: the number of the batch's part; after each, the mean is what a single batch of the parts so far would have made
  ///     it.
  public func callAsFunction(_ images: Images, of styles: Tensor, noise: Tensor, part: Int = 0) -> (
    loss: Loss, lengths: Tensor
  ) {
    let pixels = Double(images.tensor.size(2) * images.tensor.size(3))
    let change = (images.tensor * noise.to(images.tensor.dtype)).sum() * (1 / pixels.squareRoot())
    guard let slopes = gradients(of: change, with: [styles], createGraph: true)[0] else {
      preconditionFailure("images depend on the styles that they are made of")
    }
    let lengths = slopes.squared().sum(axes: [2]).mean(axes: [1]).squareRoot()
    if part == 0 { (former, seen) = (mean.clone(), nil) }
    let present = lengths.to(.float64).mean()
    let all = seen.map { $0 + (present - $0) * (1 / Double(part + 1)) } ?? present
    let start = former ?? mean.clone()
    let target = start + (all - start) * Self.share
    seen = all.detached()
    withoutGradient { mean.copy(from: target.detached()) }
    return (weight * Loss((lengths - target.to(lengths.dtype)).squared().mean()), lengths.detached())
  }
}
