/// A measured value over steps, reduced to as many points as a chart can show.
struct Curve {
  struct Point: Equatable {
    var step: Double
    /// The mean, the least and the greatest of what the point stands for.
    var mean: Double
    var low: Double
    var high: Double
  }

  /// At most this many points are drawn.
  static let pointLimit = 400
  /// Larger values are drawn as this one, so that ranges and sums stay finite.
  private static let largest = 1e100

  let points: [Point]
  /// The means, smoothed: an exponential moving average whose memory is a 25th of the curve. The means themselves where
  /// the values have deviations of their own.
  let smoothed: [Double]

  /// A curve of `values` at rising `steps`. Values that are not finite are left out. Where there are too many, those
  /// of equally wide spans of steps become one point.
  ///
  /// - Parameter deviations: by how much each value might be off, either way; those that are not finite count as none.
  init(steps: [Int], values: [Double], deviations: [Double]? = nil) {
    var points: [Point] = []
    let first = steps.first ?? 0
    let span = (steps.last ?? 0) - first + 1
    let isReduced = steps.count > Self.pointLimit
    var bucket = -1
    var (count, stepsSum, sum) = (0.0, 0.0, 0.0)
    for (index, (step, value)) in zip(steps, values).enumerated() where value.isFinite {
      let value = min(max(value, -Self.largest), Self.largest)
      let deviation = deviations.map { $0[index].isFinite ? min($0[index], Self.largest) : 0 } ?? 0
      let next = isReduced ? (step - first) * Self.pointLimit / span : points.count
      if next != bucket {
        bucket = next
        (count, stepsSum, sum) = (0, 0, 0)
        points.append(Point(step: 0, mean: 0, low: .infinity, high: -.infinity))
      }
      count += 1
      stepsSum += Double(step)
      sum += value
      let last = points.count - 1
      points[last].step = stepsSum / count
      points[last].mean = sum / count
      points[last].low = min(points[last].low, value - deviation)
      points[last].high = max(points[last].high, value + deviation)
    }
    self.points = points
    smoothed = deviations == nil ? Self.smooth(points.map(\.mean)) : points.map(\.mean)
  }

  /// The average counts from zero values on, so it is divided by the weight it has by then (as Adam's moments are:
  /// Kingma and Ba 2015, section 3).
  private static func smooth(_ values: [Double]) -> [Double] {
    let keep = 1 - 1 / max(1, Double(values.count) / 25)
    var (average, weight) = (0.0, 0.0)
    return values.map { value in
      average = keep * average + (1 - keep) * value
      weight = keep * weight + (1 - keep)
      return average / weight
    }
  }
}
