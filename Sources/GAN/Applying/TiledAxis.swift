import Foundation

/// One axis of a picture as tiles of one length that a network takes one by one.
///
/// Where one tile covers the picture there is one. Else neighbours overlap, and their weights fade from one to the other
/// as a raised cosine. What reaches beyond the picture is filled with its reflection.
package struct TiledAxis {
  /// Pixels of the picture.
  package let length: Int
  /// Pixels of each tile.
  package let side: Int
  /// The first pixel of each tile, counted from the picture's first: negative where the picture is continued before it.
  package let starts: [Int]
  /// Of each tile, what its pixels count for in the result. At each pixel the weights of all tiles make one.
  package let weights: [[Float]]
  private let factor: Int

  /// An axis of `length` pixels.
  ///
  /// - Parameters:
  ///   - covered: the length that it is continued to, so that tiles fill it: `side`, or a larger multiple of `factor`.
  ///   - side: the length of a tile, a multiple of `factor`.
  ///   - factor: tiles begin at multiples of it, counted from the first one: a network that halves its maps then sees each
  ///     pixel at the same place of its grid as in one pass over all.
  ///   - overlap: the fewest pixels that neighbours share: less than `side` - `factor`.
  package init(_ length: Int, covered: Int, side: Int, factor: Int, overlap: Int) {
    let way = covered - side
    let step = max(factor, (side - overlap) / factor * factor)
    let gaps = (way + step - 1) / step
    // Spread evenly, so that neighbours share as much as the number of tiles allows.
    let places = (0...gaps).map { gaps == 0 ? 0 : $0 * way / gaps / factor * factor }
    let first = (length - covered) / 2
    (self.length, self.side, self.factor) = (length, side, factor)
    starts = places.map { $0 + first }
    weights = Self.weights(places, side: side, covered: covered)
  }

  /// The pixels that the tiles cover, as ``starts`` count.
  package var covered: Range<Int> { starts[0]..<(starts[starts.count - 1] + side) }

  /// The first pixels of `count` tiles in the middle of as many equal parts of the axis, or as near to it as its ends allow.
  func samples(_ count: Int) -> [Int] {
    (0..<count).map { index in
      let middle = (2 * index + 1) * covered.count / (2 * count)
      return covered.lowerBound + min(max(0, middle - side / 2), covered.count - side) / factor * factor
    }
  }

  /// The pixels of the picture that those of a tile from `start` on show: its own, and their mirror images beyond its
  /// first and its last one, which are not repeated.
  package func pixels(from start: Int) -> [Int] {
    let period = max(1, 2 * (length - 1))
    return (start..<(start + side)).map { place in
      let turned = (place % period + period) % period
      return turned < length ? turned : period - turned
    }
  }

  /// sin² over the pixels that a tile shares with the one before it, cos² over those it shares with the next, brought to a
  /// sum of one where three meet.
  private static func weights(_ places: [Int], side: Int, covered: Int) -> [[Float]] {
    func rise(_ place: Int, over shared: Int) -> Double {
      let angle = Double.pi / 2 * min(1, (Double(place) + 0.5) / Double(shared))
      return sin(angle) * sin(angle)
    }
    var weights = places.indices.map { tile in
      (0..<side).map { place in
        let before = tile == 0 ? 1 : rise(place, over: places[tile - 1] + side - places[tile])
        let behind =
          tile == places.count - 1 ? 1 : rise(side - 1 - place, over: places[tile] + side - places[tile + 1])
        return before * behind
      }
    }
    var sums = [Double](repeating: 0, count: covered)
    for (tile, place) in places.enumerated() {
      for offset in 0..<side { sums[place + offset] += weights[tile][offset] }
    }
    for (tile, place) in places.enumerated() {
      for offset in 0..<side { weights[tile][offset] /= sums[place + offset] }
    }
    return weights.map { $0.map { Float($0) } }
  }
}
