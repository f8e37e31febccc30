import Torch

/// Numbers that `Tools/reference/hashed.py` computes too, from a name and a place.
public struct Hashed {
  private let salt: UInt32

  /// Those of `name`, whose FNV-1a is added to multiples of the golden ratio.
  public init(_ name: String) { salt = name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 } }

  /// 32 bits, mixed as in MurmurHash3.
  public subscript(place: Int) -> UInt32 {
    var x = UInt32(truncatingIfNeeded: place) &* 2_654_435_761 &+ salt
    x = (x ^ x >> 16) &* 2_246_822_507
    x = (x ^ x >> 13) &* 3_266_489_909
    return x ^ x >> 16
  }

  /// A number in [-1, 1).
  public func uniform(_ place: Int) -> Double { Double(self[place]) / 0x1p31 - 1 }

  /// Grey levels 0 … 255 in row-major order.
  public func pixels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(self[$0] >> 24) } }
}

extension Tensor {
  /// Hashes of the places of a tensor, in row-major order: numbers in [-1, 1), float64.
  public static func hashed(_ name: String, _ shape: [Int]) -> Tensor {
    let hashed = Hashed(name)
    return Tensor((0..<shape.reduce(1, *)).map { hashed.uniform($0) }, shape: shape)
  }

  /// Grey levels 0 … 255 as values in [-1, 1].
  public init(levels: [UInt8], shape: [Int]) { self = Tensor(levels, shape: shape).to(.float32) * (2.0 / 255) - 1 }
}
