import Datasets
import Metrics

// What people type, with an error of this module.
extension Metric {
  /// The metric that people call `name`.
  ///
  /// - Throws: ``TrainingError`` that names the nearest one.
  public static func named(_ name: String, in catalogue: MetricCatalogue = .standard) throws(TrainingError) -> Metric {
    do { return try catalogue.named(name) } catch { throw TrainingError(error.description) }
  }

  /// Metrics as people list them: "fid,kid".
  ///
  /// - Throws: ``TrainingError`` for a name that there is not, an empty list or one that names a metric twice.
  public static func list(_ text: String, in catalogue: MetricCatalogue = .standard) throws(TrainingError) -> [Metric] {
    do { return try catalogue.list(text) } catch { throw TrainingError(error.description) }
  }
}
