import Pictures

/// Where brightness changes in one half of a picture: how steep it is on average in each of 16x16 cells, across and down.
///
/// Two pictures of one scene agree in that even if they have no colour in common, as a photo and its label map.
struct HalfOutline {
  /// The half is looked at in 32x32 pixels, four a cell.
  private static let (side, cells) = (32, 16)
  /// Displacements of less than an eighth of the half are not told from none.
  private static let leastShift = cells / 8

  /// Two maps `[cells, cells]`, row by row: steepness across, steepness down.
  private let maps: [[Float]]

  init(_ picture: Picture, _ area: PixelArea) {
    let side = Self.side
    var grey = [UInt8](repeating: 0, count: side * side)
    grey.withUnsafeMutableBytes {
      picture.converted(toChannels: 1).stretch(area, width: side, height: side, into: $0)
    }
    func brightness(_ row: Int, _ column: Int) -> Float {
      Float(grey[min(max(row, 0), side - 1) * side + min(max(column, 0), side - 1)])
    }
    var (across, down) = ([Float](repeating: 0, count: Self.cells * Self.cells), [Float]())
    down = across
    for row in 0..<side {
      for column in 0..<side {
        let cell = row * Self.cells / side * Self.cells + column * Self.cells / side
        across[cell] += abs(brightness(row, column + 1) - brightness(row, column - 1))
        down[cell] += abs(brightness(row + 1, column) - brightness(row - 1, column))
      }
    }
    maps = [across, down]
  }

  /// The correlation of this half with `other`, in [-1, 1], if that one is moved to the left by `shift` cells; 0 if one of
  /// them has no edges.
  private func correlation(with other: HalfOutline, shift: Int = 0) -> Float {
    let cells = Self.cells
    let columns = max(-shift, 0)..<(cells - max(shift, 0))
    var (product, square, otherSquare): (Float, Float, Float) = (0, 0, 0)
    for (map, otherMap) in zip(maps, other.maps) {
      let places = (0..<cells).flatMap { row in columns.map { row * cells + $0 } }
      let mean = places.reduce(0) { $0 + map[$1] } / Float(places.count)
      let otherMean = places.reduce(0) { $0 + otherMap[$1 + shift] } / Float(places.count)
      for place in places {
        let (value, otherValue) = (map[place] - mean, otherMap[place + shift] - otherMean)
        product += value * otherValue
        square += value * value
        otherSquare += otherValue * otherValue
      }
    }
    let scale = (square * otherSquare).squareRoot()
    return scale > 0 ? product / scale : 0
  }

  /// Whether halves of pictures show the same scenes: a left half agrees more with its right half than with other pictures'
  /// right halves, and more than with its own right half moved sideways, on average in 70 % of such comparisons each.
  ///
  /// The first comparison tells pairs from pictures that are all built alike, as two digits side by side; the second from
  /// halves of one scene, which share horizons and rows of windows. `Docs/data.md` has what both find on real pictures.
  static func agree(_ halves: [(left: HalfOutline, right: HalfOutline)]) -> Bool {
    let least: Float = 0.7
    var (beatsOthers, beatsShifts): (Float, Float) = (0, 0)
    for (index, (left, right)) in halves.enumerated() {
      let own = left.correlation(with: right)
      let others = halves.indices.filter { $0 != index }.map { left.correlation(with: halves[$0].right) }
      let shifts = (leastShift...(cells / 2)).flatMap { [-$0, $0] }.map { left.correlation(with: right, shift: $0) }
      beatsOthers += share(own, of: others)
      beatsShifts += share(own, of: shifts)
    }
    return min(beatsOthers, beatsShifts) >= least * Float(halves.count)
  }

  /// The share of `values` that `own` exceeds; 1 if there are none.
  private static func share(_ own: Float, of values: [Float]) -> Float {
    values.isEmpty ? 1 : Float(values.count { own > $0 }) / Float(values.count)
  }
}
