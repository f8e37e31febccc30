/// Images turned by whole quarters against the clock, each by its own number ("90-degree rotations" of StyleGAN2-ADA; Karras et
/// al. 2020, arXiv:2006.06676, appendix B). They are square.
public struct Rotation {
  /// How many quarters each image is turned by, 0 to 3: int64 `[N]`.
  public let quarters: Tensor

  /// The given turns.
  public init(_ quarters: Tensor) { self.quarters = quarters }

  /// Turns with equal chances.
  public init(count: Int, using random: RandomStream) { quarters = random.wholeNumbers([count], in: 0..<4) }

  /// The turned images.
  public func callAsFunction(_ images: Images) -> Images {
    let each = quarters.to(.float64).reshaped(-1, 1, 1, 1)
    let isHalf = each.isGreater(than: 1.5)
    // What is left of a turn once halves are taken off: 0 or 1.
    let isQuarter = (each - isHalf.to(.float64) * 2).isGreater(than: 0.5)
    let x = images.tensor
    let turned = Tensor.chosen(where: isQuarter, x.transposed(2, 3).flipped(2), else: x)
    return Images(.chosen(where: isHalf, turned.flipped(2, 3), else: turned))
  }
}
