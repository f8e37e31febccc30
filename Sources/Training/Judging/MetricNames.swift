import Datasets
import Foundation
import Metrics

extension Metric {
  /// The metric that people call `name`.
  ///
  /// - Throws: ``TrainingError`` that names the nearest one.
  public static func named(_ name: String) throws(TrainingError) -> Metric {
    if let metric = Metric(rawValue: name) { return metric }
    let names = allCases.map(\.rawValue)
    let near = nearest(to: name, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
    throw TrainingError("there is no metric '\(name)'\(near) \(names.joined(separator: ", "))")
  }

  /// Metrics as people list them: "fid,kid".
  ///
  /// - Throws: ``TrainingError`` for a name that there is not, an empty list or one that names a metric twice.
  public static func list(_ text: String) throws(TrainingError) -> [Metric] {
    var metrics: [Metric] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let metric = try named(name.trimmingCharacters(in: .whitespaces))
      guard !metrics.contains(metric) else { throw TrainingError("the metric '\(metric.rawValue)' is listed twice") }
      metrics.append(metric)
    }
    return metrics
  }
}
