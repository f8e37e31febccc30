/// The delete-a-group jackknife's estimate of a statistic's standard deviation (Efron and Stein 1981, "The jackknife
/// estimate of variance").
///
/// - Parameter values: the statistic without the first of g groups of equal size, without the second, ...
/// - Returns: √((g − 1)/g · Σ (value − mean)²); not a number when fewer than two values are given.
func jackknifeDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return .nan }
  let groups = Double(values.count)
  let mean = values.reduce(0, +) / groups
  return ((groups - 1) / groups * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
}
