import Files

/// Several runs side by side: those that differ only in their seeds as one, the rest by the settings in which they differ.
///
/// ```swift
/// let comparison = try Comparison(of: ["runs/a", "runs/b"]) { $1 < $2 }
/// print(comparison.text)
/// try comparison.writePage(to: "compare.html")
/// ```
public struct Comparison {
  let groups: [RunGroup]
  /// The settings that are not the same in all groups.
  let differences: [String]
  let metrics: [ComparedMetric]

  /// Reads the runs at `paths`.
  ///
  /// - Parameters:
  ///   - names: the metrics to show, in this order; all when left out.
  ///   - isBetter: whether, for a metric, a first value is better than a second. Groups are sorted by the first metric
  ///     that two of them share, the best first.
  /// - Throws: `FileError` for a folder that is no run, cannot be read or is given twice.
  public init(
    of paths: [String], metrics names: [String]? = nil,
    isBetter: (_ metric: String, _ value: Double, _ other: Double) -> Bool
  ) throws(FileError) {
    var runs: [ComparedRun] = []
    for path in paths {
      let run = try ComparedRun(path)
      if let other = runs.first(where: { $0.place == run.place }) {
        throw FileError(path, "this run is listed twice, also as \(other.folder.path)")
      }
      runs.append(run)
    }
    let found = RunGroup.groups(of: runs)
    metrics = ComparedMetric.metrics(of: runs, named: names)
    groups = Self.sorted(found, by: metrics, isBetter)
    var keys: [String] = []
    for row in found.flatMap({ $0.runs[0].settings }) where !keys.contains(row.name) { keys.append(row.name) }
    differences = keys.filter { key in found.contains { $0.setting(key) != found[0].setting(key) } }
  }

  /// Groups that have no such value come last, in the order in which they were given.
  private static func sorted(
    _ groups: [RunGroup], by metrics: [ComparedMetric], _ isBetter: (String, Double, Double) -> Bool
  ) -> [RunGroup] {
    for metric in metrics {
      let means = groups.map { metric.spread(in: $0) { $0.best ?? $0.newest }.mean }
      guard means.filter(\.isFinite).count > 1 else { continue }
      let judged = groups.indices.filter { means[$0].isFinite }
        .sorted { isBetter(metric.example.metric, means[$0], means[$1]) }
      return (judged + groups.indices.filter { !means[$0].isFinite }).map { groups[$0] }
    }
    return groups
  }

  /// A table for people, in lines of some 100 characters, with the sentences that one must know to read it.
  public var text: String { ComparisonTable(self).text }

  /// A JSON object on a line for each group: its runs, the settings that set it apart, and its metrics.
  public var jsonLines: [String] { groups.map { jsonObject($0).line } }

  /// Writes a page with the table, the runs' pictures and their curves; it needs no network and no script.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func writePage(to path: String) throws {
    try AtomicFile.write(Array(ComparisonPage(comparison: self).html.utf8), to: path)
  }

  private func jsonObject(_ group: RunGroup) -> JSONObject {
    var settings = JSONObject()
    for key in differences { if let value = group.setting(key) { settings.add(key, value) } }
    var object = JSONObject()
    object.add("group", group.name)
    object.add("runs", group.runs.map(\.folder.path))
    object.add("seeds", group.runs.map { $0.seed ?? "" })
    object.add("settings", settings)
    object.add("steps", group.spread(\.steps).mean)
    object.add("seconds", group.spread(\.seconds).mean)
    object.add(StepMember.samplesPerSecond.rawValue, group.spread(\.samplesPerSecond).mean)
    object.add("alarms", group.runs.flatMap(\.alarms))
    object.add("metrics", metrics.compactMap { jsonObject($0, group) })
    return object
  }

  private func jsonObject(_ metric: ComparedMetric, _ group: RunGroup) -> JSONObject? {
    let (newest, best) = (metric.spread(in: group, at: \.newest), metric.spread(in: group, at: \.best))
    guard !newest.values.isEmpty || !best.values.isEmpty else { return nil }
    let example = metric.example
    var object = JSONObject()
    object.add("metric", example.metric)
    object.add("newest", newest.mean)
    object.add("newest_deviation", newest.deviation)
    object.add("newest_runs", newest.values.count)
    object.add("best", best.mean)
    object.add("best_deviation", best.deviation)
    object.add("best_runs", best.values.count)
    object.add("n_real", example.realCount)
    object.add("n_fake", example.fakeCount)
    object.add("data", example.data)
    object.add("split", example.split)
    object.add("extractor", example.extractor)
    object.add("fingerprint", example.fingerprint)
    object.add("resize", example.resize)
    return object
  }
}
