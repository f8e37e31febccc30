import Files

/// How large the parts are in which a picture goes through a network.
public enum TileSize: Sendable, Equatable {
  /// The whole picture if memory allows it, else the largest squares that memory allows.
  case auto
  /// Squares of so many pixels a side; the whole picture if that is no larger.
  case pixels(Int)
}

/// The tiles in which pictures go through a network.
package struct Tiling {
  /// The fewest pixels that neighbouring tiles share.
  package static let overlap = 64

  /// Sides are multiples of it.
  let factor: Int
  /// The shortest side of a picture.
  let leastSide: Int
  /// What a pass takes at its peak, in bytes a pixel.
  let bytesPerPixel: Int
  /// Whether four tiles are measured at a time before the first one is made.
  let measuresTiles: Bool
  let size: TileSize
  /// What the process could take before its first pass, in bytes. Later, what it freed and kept would count as taken.
  package var memory = UsableMemory.bytes()

  package init(factor: Int, leastSide: Int, bytesPerPixel: Int, measuresTiles: Bool = false, _ size: TileSize) {
    (self.factor, self.leastSide, self.bytesPerPixel) = (factor, leastSide, bytesPerPixel)
    (self.measuresTiles, self.size) = (measuresTiles, size)
  }

  init(_ model: Translator, _ size: TileSize) {
    self.init(
      factor: model.network.sideFactor, leastSide: model.network.leastSide,
      bytesPerPixel: model.network.bytesPerPixel, measuresTiles: model.normalizesByPicture, size)
  }

  /// - Throws: ``TrainingError`` for a side that tiles of this network cannot have.
  package func validate() throws(TrainingError) {
    guard case .pixels(let side) = size, side < leastTile || side % factor != 0 else { return }
    let right = side < leastTile ? "\(leastTile)" : "\(side / factor * factor) or \(covering(side))"
    throw TrainingError(
      "tiles of this network have sides that are multiples of \(factor) from \(leastTile) on, as \(right), not \(side)")
  }

  /// The rows and columns of the tiles of a picture.
  ///
  /// - Throws: ``TrainingError`` when not even the smallest tile fits in memory.
  package func axes(width: Int, height: Int) throws(TrainingError) -> (rows: TiledAxis, columns: TiledAxis) {
    let side = try side(width: covering(width), height: covering(height))
    func axis(_ length: Int) -> TiledAxis {
      TiledAxis(
        length, covered: covering(length), side: min(side, covering(length)), factor: factor, overlap: Self.overlap)
    }
    return (axis(height), axis(width))
  }

  /// The first row and column of each tile that is measured: in the middle of each quarter of the picture.
  package func samples(_ rows: TiledAxis, _ columns: TiledAxis) -> [(top: Int, left: Int)] {
    let count = measuresTiles ? 2 : 0
    let lefts = columns.samples(columns.starts.count > 1 ? count : min(1, count))
    return rows.samples(rows.starts.count > 1 ? count : min(1, count)).flatMap { top in lefts.map { (top, $0) } }
  }

  private func side(width: Int, height: Int) throws(TrainingError) -> Int {
    if case .pixels(let side) = size { return side }
    // The rest is for weights in the form that kernels compute with, for the picture, and for other programs.
    let pixels = memory / 3 * 2 / bytesPerPixel
    if width <= pixels / height { return max(width, height) }
    let side = Int(Double(measuresTiles ? pixels / 4 : pixels).squareRoot()) / factor * factor
    guard side >= leastTile else {
      let (tiles, count) = measuresTiles ? ("four tiles at a time", 4) : ("one tile", 1)
      throw TrainingError(
        "\(tiles) of \(leastTile)x\(leastTile) pixels would take "
          + "\(megabytes(count * leastTile * leastTile * bytesPerPixel)) of memory, more than two thirds of the "
          + "\(megabytes(memory)) that are free")
    }
    return side
  }

  /// The shortest side that covers `length` pixels.
  private func covering(_ length: Int) -> Int { max(leastSide, (length + factor - 1) / factor * factor) }

  /// The shortest side of a tile beside another.
  private var leastTile: Int { covering(Self.overlap + max(Self.overlap, factor)) }

  private func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
