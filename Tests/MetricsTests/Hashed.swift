import Torch

/// Numbers that `Tools/reference/hashed.py` computes too, from a name and a place.
struct Hashed {
  private let salt: UInt32

  /// Those of `name`, whose FNV-1a is added to multiples of the golden ratio.
  init(_ name: String) { salt = name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 } }

  /// 32 bits, mixed as in MurmurHash3.
  subscript(place: Int) -> UInt32 {
    var x = UInt32(truncatingIfNeeded: place) &* 2_654_435_761 &+ salt
    x = (x ^ x >> 16) &* 2_246_822_507
    x = (x ^ x >> 13) &* 3_266_489_909
    return x ^ x >> 16
  }

  /// A number in [-1, 1).
  func uniform(_ place: Int) -> Double { Double(self[place]) / 0x1p31 - 1 }

  /// Grey levels 0 … 255 in row-major order.
  func pixels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(self[$0] >> 24) } }
}

extension Tensor {
  /// Grey levels 0 … 255 as values in [-1, 1].
  init(levels: [UInt8], shape: [Int]) { self = Tensor(levels, shape: shape).to(.float32) * (2.0 / 255) - 1 }
}
