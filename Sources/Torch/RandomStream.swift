/// A source of random numbers that are drawn by counting where they are used: draw number k of a seed does not depend on what
/// was drawn before, of however many numbers. Uniform and whole numbers are the same on any device; normal numbers are equal
/// to rounding, since logarithm, sine and cosine differ among devices in the last bit.
///
/// Along the first axis a draw has rows, which do not depend on how many there are. A reference: what one holder draws, the
/// others no longer get. For what is drawn once, as the first weights, there is ``RandomGenerator``.
public final class RandomStream {
  /// Where the numbers are made.
  public let device: Device
  private let seed: UInt64
  /// How often something was drawn.
  private var draws: UInt32 = 0

  /// A stream whose draws depend on `seed` alone.
  public init(seed: UInt64, device: Device = .cpu) { (self.seed, self.device) = (seed, device) }

  /// A seed for an operator that draws by counting itself.
  public func next() -> UInt64 { derivedSeed(seed, UInt64(number())) }

  /// Numbers drawn uniformly from `low ..< high`, float32.
  public func uniform(_ shape: [Int], _ low: Double, _ high: Double) -> Tensor {
    let (count, size) = rows(shape)
    let shares = Tensor.uniformRows(count: count, size: size, seed: seed, stream: number(), device: device)
    // Rounding would reach the upper end now and then.
    return (shares * (high - low) + low).clamped(low, Double(Float(high).nextDown)).reshaped(shape)
  }

  /// Normal numbers of mean 0, float32.
  public func normal(_ shape: [Int], deviation: Double = 1) -> Tensor {
    let (count, size) = rows(shape)
    let numbers = Tensor.normalRows(count: count, size: size, seed: seed, stream: number(), device: device)
    return (numbers * deviation).reshaped(shape)
  }

  /// Whole numbers drawn uniformly from `range`, int64.
  ///
  /// - Precondition: `range` holds 1 to 2³¹ numbers.
  public func wholeNumbers(_ shape: [Int], in range: Range<Int>) -> Tensor {
    let (count, size) = rows(shape)
    return Tensor.wholeNumberRows(count: count, size: size, in: range, seed: seed, stream: number(), device: device)
      .reshaped(shape)
  }

  /// The number of the next draw.
  private func number() -> UInt32 {
    defer { draws += 1 }
    return draws
  }

  private func rows(_ shape: [Int]) -> (count: Int, size: Int) {
    (shape.first ?? 1, shape.dropFirst().reduce(1, *))
  }
}
