/// Values of one quantity over several runs: how many, their mean, and how far they scatter.
struct Spread {
  let values: [Double]

  /// The values that are finite.
  init(_ values: [Double]) { self.values = values.filter(\.isFinite) }

  /// The mean; not a number when there are no values.
  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation of a single run, estimated from all (divided by one less than their number); not a number
  /// below two.
  var deviation: Double {
    guard values.count > 1 else { return .nan }
    let mean = mean
    return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - 1)).squareRoot()
  }
}
