extension EvaluationRecord {
  /// The evaluation in a log's line; nil when the line lacks what makes one.
  init?(_ line: JSONValue, step: Int) {
    guard case .array(let elements)? = line["metrics"] else { return nil }
    let metrics = elements.compactMap { MetricRecord($0) }
    guard !metrics.isEmpty else { return nil }
    self.init(
      step: step, seconds: line["seconds"]?.double ?? .nan, cost: line["cost_seconds"]?.double ?? .nan,
      totalCost: line["total_cost_seconds"]?.double ?? .nan, isBest: line["is_best"] == .bool(true), metrics: metrics,
      worst: line["worst"].flatMap { WorstRecord($0) })
  }
}

extension EvaluationRecord.WorstRecord {
  /// The worst pairs in an evaluation's line; nil when the object lacks what makes them.
  init?(_ object: JSONValue) {
    guard let metric = object["metric"]?.string, case .array(let pairs)? = object["pairs"] else { return nil }
    let known = pairs.filter { $0["place"]?.integer != nil }
    self.init(
      metric: metric, places: known.compactMap { $0["place"]?.integer },
      values: known.map { $0["value"]?.double ?? .nan })
  }
}

extension MetricRecord {
  /// The metric in an object of an evaluation's line; nil when the object lacks what makes one. A value that
  /// is null is not a number.
  init?(_ object: JSONValue) {
    func text(_ key: String) -> String { object[key]?.string ?? "" }
    guard let metric = object["metric"]?.string, let value = object["value"],
      let realCount = object["n_real"]?.integer, let fakeCount = object["n_fake"]?.integer
    else { return nil }
    self.init(
      metric: metric, value: value.double ?? .nan, deviation: object["deviation"]?.double ?? .nan,
      floor: object["floor"]?.double, realCount: realCount, fakeCount: fakeCount, data: text("data"),
      dataFingerprint: text("data_fingerprint"),
      split: text("split"), extractor: text("extractor"), fingerprint: text("fingerprint"), resize: text("resize"),
      precision: text("precision"), seed: object["seed"]?.natural ?? 0, version: text("swift_gan"))
  }
}

extension AlarmRecord {
  /// The alarm in a log's line.
  init(_ line: JSONValue, step: Int) {
    self.init(
      step: step, kind: line["alarm"]?.string ?? "alarm", evidence: line["evidence"]?.string ?? "",
      advice: line["advice"]?.string ?? "")
  }
}
