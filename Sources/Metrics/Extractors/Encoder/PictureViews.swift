import Torch

/// Views of pictures that show the same: parts of them, turned and stretched a little, of other contrast; in colour also of other
/// brightness and tints, now and then grey, and mirrored (Chen et al. 2020, arXiv:2002.05709, section 3).
package struct PictureViews {
  /// All views are drawn alike.
  package init() {}

  /// The least share of a picture's area that a view shows.
  private static let leastArea = 0.5
  /// The most that a view is turned by, in degrees.
  private static let turn = 15.0
  /// How far a view may be moved beyond the edges, of half a side.
  private static let beyond = 0.1
  /// The most by which the logarithm of the proportions changes.
  private static let stretch = 0.2
  /// The most by which contrast changes, and brightness, of half the range.
  private static let light = 0.4
  /// The most by which a channel's brightness changes beside the others'.
  private static let tint = 0.12
  /// How often a view in colour is made grey.
  private static let grey = 0.2

  /// A view of each of `images`, `[N, C, H, W]` in [-1, 1]: the same shape, values perhaps beyond that range. Row i depends on
  /// row i alone.
  package func callAsFunction(_ images: Tensor, using random: RandomStream) -> Tensor {
    withoutGradient { relit(moved(images, random), random) }
  }

  private func moved(_ images: Tensor, _ random: RandomStream) -> Tensor {
    let (count, isColored) = (images.size(0), images.size(1) == 3)
    func draw(_ low: Double, _ high: Double) -> Tensor { random.uniform([count], low, high) }
    let scale = draw(Self.leastArea, 1).squareRoot()
    let angle = draw(-Self.turn, Self.turn) * (Double.pi / 180)
    let stretch = draw(-Self.stretch / 2, Self.stretch / 2).exp()
    // Places count from -1 to 1 along either side, however long it is.
    let proportions = Double(images.size(2)) / Double(images.size(3))
    let room = 1 - scale + Self.beyond
    let (right, down) = (draw(-1, 1) * room, draw(-1, 1) * room)
    let sides = random.wholeNumbers([count], in: 0..<2).to(.float32) * 2 - 1
    let side = isColored ? sides : sides.onesLike()
    let (cos, sin) = (cosine(.tensor(angle)), sine(.tensor(angle)))
    let rows = [
      Tensor.stacked([scale * stretch * cos * side, scale / stretch * sin * -proportions, right], axis: 1),
      Tensor.stacked([scale * stretch * sin * side / proportions, scale / stretch * cos, down], axis: 1),
    ]
    let places = affineGrid(.tensor(.stacked(rows, axis: 1)), .ints(images.shape), .bool(false))
    // Bilinear; beyond the edges their pixels go on.
    return gridSample(.tensor(images), .tensor(places), .int(0), .int(1), .bool(false))
  }

  private func relit(_ images: Tensor, _ random: RandomStream) -> Tensor {
    let (count, channels) = (images.size(0), images.size(1))
    let contrast = random.uniform([count, 1, 1, 1], 1 - Self.light, 1 + Self.light)
    let axes = channels == 3 ? [2, 3] : [1, 2, 3]
    // The darkest grey stays: of light shapes on dark ground, the ground.
    let middle =
      channels == 3 ? images.mean(axes: axes, keepingAxes: true) : lowest(.tensor(images), .ints(axes), .bool(true))
    let lit = (images - middle) * contrast + middle
    guard channels == 3 else { return lit }
    let brightness = random.uniform([count, 1, 1, 1], -Self.light, Self.light)
    let tints = random.uniform([count, 3, 1, 1], -Self.tint, Self.tint)
    let tinted = lit + brightness + tints
    let isGrey = random.uniform([count, 1, 1, 1], 0, 1).isLess(than: Self.grey)
    return .chosen(where: isGrey, tinted.mean(axes: [1], keepingAxes: true).expanded(tinted.shape), else: tinted)
  }
}

private let cosine = Operation("aten::cos")
private let sine = Operation("aten::sin")
private let lowest = Operation("aten::amin")
private let affineGrid = Operation("aten::affine_grid_generator")
private let gridSample = Operation("aten::grid_sampler")
