/// How a DCGAN gets from its smallest map to the picture, for sides k · 2ⁿ with k from 3 to 7, up to 256 pixels.
///
/// Each side is halved as long as 3 or more remain. A side with fewer halvings than the other keeps its length in the
/// layers with the smallest maps: there its kernel is 3 and its stride 1, elsewhere 4 and 2, the padding always 1.
struct DCGANPlan {
  /// The size of the smallest map: k of each side.
  let smallest: (Int, Int)
  /// (vertical, horizontal) stride of each layer, from the smallest map to the picture.
  let strides: [(Int, Int)]
  /// The number of feature maps before each of these layers: halved toward the picture, at most 8 times the base.
  let features: [Int]

  /// - Parameter least: the least k, 3 or 4: a side of 48 pixels is 3 · 2⁴ or 6 · 2³.
  init(height: Int, width: Int, baseWidth: Int, least: Int = 3) throws(TrainingError) {
    let (rows, columns) = (try Self.decompose(height, least), try Self.decompose(width, least))
    let count = max(rows.halvings, columns.halvings)
    guard count > 0 else {
      throw TrainingError(
        "networks that double their maps need sides of at least \(2 * least) pixels, not \(width)x\(height)"
      )
    }
    smallest = (rows.rest, columns.rest)
    strides = (0..<count).map { level in
      (level >= count - rows.halvings ? 2 : 1, level >= count - columns.halvings ? 2 : 1)
    }
    features = (0..<count).map { level in baseWidth * min(1 << (count - 1 - level), 8) }
  }

  /// The kernel that goes with a stride.
  static func kernel(_ stride: (Int, Int)) -> (Int, Int) { (2 + stride.0, 2 + stride.1) }

  private static func decompose(_ side: Int, _ least: Int) throws(TrainingError) -> (rest: Int, halvings: Int) {
    let (rest, halvings) = halved(side, least)
    guard (least...7).contains(rest), side <= 256 else {
      let fitting = (1...256).filter { (least...7).contains(halved($0, least).rest) }
      let near = fitting.min { abs($0 - side) < abs($1 - side) } ?? 64
      throw TrainingError(
        "networks that double their maps need sides of k·2ⁿ pixels with k from \(least) to 7, up to 256; \(side) is not one of "
          + "them (near: \(near))")
    }
    return (rest, halvings)
  }

  private static func halved(_ side: Int, _ least: Int) -> (rest: Int, halvings: Int) {
    var (rest, halvings) = (side, 0)
    while rest % 2 == 0 && rest / 2 >= least { (rest, halvings) = (rest / 2, halvings + 1) }
    return (rest, halvings)
  }
}

extension DCGANPlan {
  /// The plan of a description.
  init(_ networks: NetworkDescription) throws(TrainingError) {
    try self.init(height: networks.shape.height, width: networks.shape.width, baseWidth: networks.baseWidth)
  }
}
