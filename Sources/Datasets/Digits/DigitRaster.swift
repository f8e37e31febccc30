/// A 28x28 grey picture of pen strokes with soft edges.
///
/// Each pixel keeps how deep inside the nearest stroke its centre lies, in pixels; ``write(to:edge:)`` turns depth into
/// ink. Memory is raw and loops are plain because 70,000 pictures are drawn in one go, in debug builds too.
struct DigitRaster: ~Copyable {
  static let side = 28
  static let pixels = side * side

  private let depth: UnsafeMutablePointer<Float>

  init() { depth = .allocate(capacity: Self.pixels) }

  deinit { depth.deallocate() }

  /// Wipes the picture.
  func clear() { depth.update(repeating: -100, count: Self.pixels) }

  /// Adds a straight piece of stroke with round ends, from (`ax`, `ay`) with radius `ar` to (`bx`, `by`) with radius
  /// `br`, in pixels from the upper left corner; the picture keeps what lies within `edge` outside it.
  func addPiece(_ ax: Float, _ ay: Float, _ ar: Float, _ bx: Float, _ by: Float, _ br: Float, edge: Float) {
    let reach = (ar > br ? ar : br) + edge
    let left = Self.clamped((ax < bx ? ax : bx) - reach)
    let right = Self.clamped((ax > bx ? ax : bx) + reach)
    let top = Self.clamped((ay < by ? ay : by) - reach)
    let bottom = Self.clamped((ay > by ? ay : by) + reach)
    let dx = bx - ax
    let dy = by - ay
    let inverse = 1 / (dx * dx + dy * dy + 1e-6)
    let growth = br - ar
    var row = top
    while row < bottom {
      let py = Float(row) + 0.5 - ay
      var column = left
      while column < right {
        let px = Float(column) + 0.5 - ax
        var t = (px * dx + py * dy) * inverse
        if t < 0 { t = 0 } else if t > 1 { t = 1 }
        let ex = px - t * dx
        let ey = py - t * dy
        let here = ar + t * growth - (ex * ex + ey * ey).squareRoot()
        let pixel = row * Self.side + column
        if here > depth[pixel] { depth[pixel] = here }
        column += 1
      }
      row += 1
    }
  }

  /// Writes the picture, row by row: 0 for paper, 255 for ink, a smooth ramp `edge` pixels wide between.
  func write(to bytes: UnsafeMutablePointer<UInt8>, edge: Float) {
    let inverse = 1 / edge
    var pixel = 0
    while pixel < Self.pixels {
      var ink = depth[pixel] * inverse + 0.5
      if ink < 0 { ink = 0 } else if ink > 1 { ink = 1 }
      bytes[pixel] = UInt8(ink * ink * (3 - 2 * ink) * 255 + 0.5)
      pixel += 1
    }
  }

  private static func clamped(_ coordinate: Float) -> Int {
    coordinate < 0 ? 0 : coordinate > Float(side) ? side : Int(coordinate)
  }
}
