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
  let size: TileSize
  /// What the process could take before its first pass, in bytes. Later, what it freed and kept would count as taken.
  package var memory = UsableMemory.bytes()

  package init(factor: Int, leastSide: Int, bytesPerPixel: Int, _ size: TileSize) {
    (self.factor, self.leastSide, self.bytesPerPixel, self.size) = (factor, leastSide, bytesPerPixel, size)
  }

  init(_ network: any TranslationNetwork, _ size: TileSize) {
    self.init(
      factor: network.sideFactor, leastSide: network.leastSide, bytesPerPixel: network.bytesPerPixel, size)
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

  private func side(width: Int, height: Int) throws(TrainingError) -> Int {
    if case .pixels(let side) = size { return side }
    // The other half is for the picture, for the rows of the result that are unfinished, and for other programs.
    let pixels = memory / 2 / bytesPerPixel
    if width <= pixels / height { return max(width, height) }
    let side = Int(Double(pixels).squareRoot()) / factor * factor
    guard side >= leastTile else {
      throw TrainingError(
        "a tile of \(leastTile)x\(leastTile) pixels takes \(megabytes(leastTile * leastTile * bytesPerPixel)) of memory, more "
          + "than half of the \(megabytes(memory)) that are free")
    }
    return side
  }

  /// The shortest side that covers `length` pixels.
  private func covering(_ length: Int) -> Int { max(leastSide, (length + factor - 1) / factor * factor) }

  /// The shortest side of a tile beside another.
  private var leastTile: Int { covering(Self.overlap + max(Self.overlap, factor)) }

  private func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
