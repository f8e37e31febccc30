/// Pictures from a generator: the same seed gives the same ones, however many are made at once.
public struct Sampler {
  /// What makes the pictures.
  public let generator: any Generator
  let seed: UInt64
  let batch: Int
  let truncation: Double?
  let precision: DType?
  let choice: ClassChoice

  /// Which classes a generator of classes is asked for.
  public enum ClassChoice: Sendable, Equatable {
    /// Draws by the seed, each class as often as in the data.
    case drawn
    /// All that have samples in turn: sample i is of class i modulo their number.
    case inTurn
    /// This one.
    case only(Int)
  }

  /// - Parameters:
  ///   - seed: what the latents depend on; picture i takes row i of ``latents(_:)``.
  ///   - batch: how many pictures are computed at once.
  ///   - truncation: the greatest absolute value of a latent, for fewer and more typical pictures; `nil` for no limit.
  ///   - classes: for a generator of classes, which.
  ///   - precision: the arithmetic of matrix products and convolutions.
  public init(
    _ generator: any Generator, seed: UInt64, batch: Int = 100, truncation: Double? = nil,
    classes: ClassChoice = .drawn, precision: Precision = .float32
  ) {
    self.generator = generator
    self.seed = seed
    self.batch = batch
    self.truncation = truncation
    self.precision = precision.dtype
    choice = classes
  }

  /// The classes of samples `range`, int64 `[range.count]`; `nil` where the generator has none.
  public func classes(_ range: Range<Int>) -> Tensor? {
    guard let table = generator.description.classTable else { return nil }
    switch choice {
    case .drawn: return table.drawn(range.count, seed: seed, first: range.lowerBound)
    case .inTurn:
      let occupied = table.occupied
      return Tensor(range.map { Int64(occupied[$0 % occupied.count]) }, shape: [range.count])
    case .only(let index): return Tensor(range.map { _ in Int64(index) }, shape: [range.count])
    }
  }

  /// The latents of samples `range`, `[range.count, latentSize]`.
  ///
  /// Truncated ones follow the normal distribution cut off at the limit (Brock et al. 2019, section 3.1), as if draws
  /// beyond it were drawn again; here each draw z becomes Φ⁻¹(Φ(−t) + Φ(z) (Φ(t) − Φ(−t))), so that the pictures change
  /// gradually with the limit t.
  public func latents(_ range: Range<Int>) -> Tensor {
    let draws = Tensor.normalRows(count: range.count, size: generator.latentSize, seed: seed, first: range.lowerBound)
    guard let truncation else { return draws }
    let tail = distribution(.tensor(Tensor(-truncation, dtype: .float64)))
    let probabilities = distribution(.tensor(draws.to(.float64))) * (1 - tail * 2) + tail
    return quantile(.tensor(probabilities)).to(.float32).clamped(-truncation, truncation)
  }

  /// Samples 0 ..< count, handed over a batch at a time, in order.
  ///
  /// - Throws: `TorchError` when memory runs out, and what `body` throws.
  public func forEachBatch(_ count: Int, _ body: (Images) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: batch) {
      let range = start..<min(start + batch, count)
      try body(try withTorchErrors { withAutocast(precision) { generator(latents(range), classes: classes(range)) } })
    }
  }

  /// Samples 0 ..< count as pictures.
  public func pictures(_ count: Int) throws -> PictureBatch {
    let shape = generator.description.shape
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * shape.elementCount)
    try forEachBatch(count) { pixels += $0.pixels() }
    return try PictureBatch(
      count: count, height: shape.height, width: shape.width, channels: shape.channels, pixels: pixels)
  }

  /// Samples 0 ..< count of a generator of points in the plane.
  public func points(_ count: Int) throws -> [ScatterPlot.Point] {
    var points: [ScatterPlot.Point] = []
    try forEachBatch(count) { points += $0.points() }
    return points
  }
}

private let distribution = Operation("aten::special_ndtr")
private let quantile = Operation("aten::special_ndtri")

extension Images {
  /// The pixels `[N, H, W, C]` as grey levels 0 … 255: −1 is 0, 1 is 255, rounded to the nearest.
  public func pixels() -> [UInt8] {
    ((tensor.detached() + 1) * 127.5).rounded().clamped(0, 255).permuted(0, 2, 3, 1).array(of: UInt8.self)
  }

  /// Pictures of two channels and one pixel as points.
  func points() -> [ScatterPlot.Point] {
    let values = tensor.detached().flattened().array(of: Float.self)
    return stride(from: 0, to: values.count, by: 2).map { ScatterPlot.Point(values[$0], values[$0 + 1]) }
  }
}
