/// Random numbers that belong to an index: any element of a data set can be drawn without drawing those before it.
///
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), started from a
/// hash of seed, stream and index. Integer arithmetic, so the numbers are the same on every machine.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of element `index` in `stream` under `seed`.
  public init(seed: UInt64, stream: UInt64, index: Int) {
    var key = Self.mixed(seed &+ Self.step)
    key = Self.mixed(key ^ (stream &+ Self.step))
    state = Self.mixed(key ^ (UInt64(bitPattern: Int64(index)) &+ Self.step))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// A number in [0, 1), one of 2²⁴ equally spaced and equally likely ones.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number in [`low`, `high`].
  public mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

  /// A bell-shaped number of mean 0 and deviation 1 that never leaves ±3.47: the sum of four uniform ones, without
  /// any function whose last bit depends on the mathematics library.
  public mutating func bell() -> Float {
    let bits = next()
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
    return (Float(sum) * 0x1p-16 - 2) * 1.7320508
  }

  /// A whole number in 0..<`bound`, where the bias of at most `bound` / 2³² does not matter.
  public mutating func below(_ bound: Int) -> Int { Int(((next() >> 32) * UInt64(bound)) >> 32) }

  private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
