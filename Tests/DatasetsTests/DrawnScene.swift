import Pictures

/// A picture of rectangles at places that a seed decides, in greys that another decides.
struct DrawnScene {
  static let side = 32
  let seed: UInt64

  /// Rows of grey values, `width` pixels each, the rectangles lying in the first `side` rows.
  func rows(greys: UInt64, width: Int = side) -> [[UInt8]] {
    var (places, shades) = (Numbers(state: seed), Numbers(state: greys))
    var rows = [[UInt8]](repeating: [UInt8](repeating: shades.below(256), count: width), count: Self.side)
    for _ in 0..<6 {
      let (left, top) = (Int(places.below(UInt8(width - 8))), Int(places.below(24)))
      let (across, down) = (4 + Int(places.below(12)), 4 + Int(places.below(12)))
      let shade = shades.below(256)
      for row in top..<min(top + down, Self.side) {
        for column in left..<min(left + across, width) { rows[row][column] = shade }
      }
    }
    return rows
  }

  private struct Numbers {
    var state: UInt64

    /// The next number below `bound`, of which 256 stands for all bytes.
    mutating func below(_ bound: Int) -> UInt8 {
      state = (state &+ 1) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(Int(state >> 40) % bound)
    }

    mutating func below(_ bound: UInt8) -> UInt8 { below(Int(bound)) }
  }

  /// The picture of these rows.
  static func picture(_ rows: [[UInt8]]) throws -> Picture {
    try Picture(width: rows[0].count, height: rows.count, channels: 1, pixels: rows.flatMap(\.self))
  }

  /// Two pictures side by side.
  static func beside(_ left: [[UInt8]], _ right: [[UInt8]]) throws -> Picture {
    try picture(zip(left, right).map { $0 + $1 })
  }
}
