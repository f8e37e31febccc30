import Foundation

/// A mixture of equally likely round Gaussians in the plane: the benchmark on which a generator's lost modes are
/// counted.
public struct Mixture: Sendable {
  /// A point of the plane, in the units of the literature.
  public struct Point: Sendable, Hashable {
    /// The abscissa.
    public let x: Float
    /// The ordinate.
    public let y: Float
  }

  /// What a user calls it: `ring8` or `grid25`.
  public let name: String
  /// The modes' means, in the units of the literature; a sample's label is an index into them.
  public let centres: [Point]
  /// The standard deviation of each mode along each axis, in the units of the literature.
  public let deviation: Float
  /// What ``sample(_:split:seed:)`` multiplies by, so that every point lies inside (-1, 1): no draw is further than 8
  /// deviations from its mode along either axis.
  public let scale: Float

  /// Eight modes on a circle of radius 2, deviation 0.02 (Metz et al. 2017, "Unrolled GANs", arXiv:1611.02163),
  /// scaled by 2/5. VEEGAN (Srivastava et al. 2017, arXiv:1705.07761) and PacGAN (Lin et al. 2018,
  /// arXiv:1712.04086) use half the radius and half the deviation: the same shape.
  public static let ring8: Mixture = {
    let diagonal = Float(2).squareRoot()
    let centres: [(Float, Float)] = [
      (2, 0), (diagonal, diagonal), (0, 2), (-diagonal, diagonal),
      (-2, 0), (-diagonal, -diagonal), (0, -2), (diagonal, -diagonal),
    ]
    return Mixture(
      name: "ring8", centres: centres.map { Point(x: $0.0, y: $0.1) }, deviation: 0.02, scale: 0.4)
  }()

  /// Twenty-five modes at {-4, -2, 0, 2, 4}², row by row, deviation 0.05 (Srivastava et al. 2017; Lin et al. 2018),
  /// scaled by 1/5.
  public static let grid25 = Mixture(
    name: "grid25", centres: (0..<25).map { Point(x: Float($0 % 5) * 2 - 4, y: Float($0 / 5) * 2 - 4) },
    deviation: 0.05, scale: 0.2)

  /// The first `count` points of `split`; point i depends on `seed`, `split` and i alone.
  ///
  /// - Returns: `points` `[count, 2]`, x and y multiplied by ``scale`` and so in (-1, 1), and `labels` `[count]`, the
  ///   mode of each point.
  public func sample(_ count: Int, split: Split, seed: UInt64 = 1) -> (points: [Float], labels: [UInt8]) {
    precondition(count >= 0, "\(count) points: the number must not be negative")
    var points = [Float]()
    var labels = [UInt8]()
    points.reserveCapacity(2 * count)
    labels.reserveCapacity(count)
    for index in 0..<count {
      var random = CounterRandom(seed: seed, stream: split == .train ? 0 : 1, index: index)
      let mode = random.below(centres.count)
      let (first, second) = Self.gaussianPair(&random)
      points.append((centres[mode].x + deviation * first) * scale)
      points.append((centres[mode].y + deviation * second) * scale)
      labels.append(UInt8(mode))
    }
    return (points, labels)
  }

  /// Two independent draws of mean 0 and deviation 1, by Marsaglia's polar method.
  ///
  /// Neither exceeds √(−2 ln s), where the smallest s > 0 is 2⁻⁴⁶: less than 8.
  private static func gaussianPair(_ random: inout CounterRandom) -> (Float, Float) {
    while true {
      let (u, v) = (2 * Double(random.uniform()) - 1, 2 * Double(random.uniform()) - 1)
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let factor = (-2 * log(s) / s).squareRoot()
        return (Float(u * factor), Float(v * factor))
      }
    }
  }
}
