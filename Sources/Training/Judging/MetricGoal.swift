import Metrics

/// What metrics must reach for a run to be done, as people write it: `fid<12`, `fid<12 and recall>=0.5`.
public struct MetricGoal: Sendable, Equatable, CustomStringConvertible {
  /// How a value is compared.
  public enum Relation: String, Sendable, CaseIterable {
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="

    func holds(_ value: Double, _ limit: Double) -> Bool {
      switch self {
      case .below: value < limit
      case .atMost: value <= limit
      case .above: value > limit
      case .atLeast: value >= limit
      }
    }

    var asksForLess: Bool { self == .below || self == .atMost }
  }

  /// A part of the goal, as in `fid<12`.
  public struct Condition: Sendable, Equatable, CustomStringConvertible {
    /// What is measured.
    public let metric: Metric
    /// How it is compared.
    public let relation: Relation
    /// With what.
    public let limit: Double

    /// As people write it, as in `fid<12`.
    public var description: String {
      let number = limit == limit.rounded() && abs(limit) < 1e15 ? "\(Int(limit))" : "\(limit)"
      return metric.typed + relation.rawValue + number
    }
  }

  /// The parts, all of which must hold.
  public let conditions: [Condition]

  /// A goal of one condition.
  public init(_ metric: Metric, _ relation: Relation, _ limit: Double) {
    conditions = [Condition(metric: metric, relation: relation, limit: limit)]
  }

  /// Reads what people write, with metrics of `catalogue`.
  ///
  /// - Throws: ``TrainingError`` that names the part and what would be right: an unknown metric's nearest one, a goal that the
  ///   worst model would reach.
  public init(_ text: String, from catalogue: MetricCatalogue = .standard) throws(TrainingError) {
    var conditions: [Condition] = []
    for part in Self.parts(text) { conditions.append(try Self.condition(part, catalogue)) }
    guard !conditions.isEmpty else {
      throw TrainingError("a goal is empty: write it as in 'fid<12' or 'fid<12 and recall>0.5'")
    }
    self.conditions = conditions
  }

  /// As people write it.
  public var description: String { conditions.map(\.description).joined(separator: " and ") }

  /// What is measured, each once.
  var metrics: [Metric] {
    conditions.map(\.metric).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Whether all conditions hold for values by the metrics' names.
  public func isMet(by values: [String: Double]) -> Bool {
    conditions.allSatisfy { condition in
      values[condition.metric.name].map { condition.relation.holds($0, condition.limit) } ?? false
    }
  }

  /// Whether values by the metrics' names tell if the goal is met.
  func isMeasured(by values: [String: Double]) -> Bool { metrics.allSatisfy { values[$0.name] != nil } }

  private static func parts(_ text: String) -> [String] {
    var parts: [[Substring]] = [[]]
    for word in text.split(whereSeparator: \.isWhitespace) {
      if word.lowercased() == "and" { parts.append([]) } else { parts[parts.count - 1].append(word) }
    }
    return parts == [[]] ? [] : parts.map { $0.joined() }
  }

  private static func condition(_ text: String, _ catalogue: MetricCatalogue) throws(TrainingError) -> Condition {
    guard let sign = text.firstIndex(where: { "<>".contains($0) }) else {
      throw TrainingError("'\(text)' is not a condition: write a metric, < or > and a number, as in fid<12")
    }
    var value = text[text.index(after: sign)...]
    let isInclusive = value.first == "="
    if isInclusive { value.removeFirst() }
    guard let relation = Relation(rawValue: String(text[sign]) + (isInclusive ? "=" : "")),
      let limit = Double(value), limit.isFinite
    else { throw TrainingError("'\(text)' lacks a number: write it as in fid<12") }
    let metric = try Metric.named(String(text[..<sign]), in: catalogue)
    if let low = metric.isBetterLow, low != relation.asksForLess {
      throw TrainingError(
        "'\(text)' is met by the worst model: a \(low ? "low" : "high") \(metric) is good; "
          + "write \(metric)\(low ? "<" : ">")\(value)")
    }
    return Condition(metric: metric, relation: relation, limit: limit)
  }
}

extension MetricGoal: Codable {
  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(container.decode(String.self), from: .catalogue(of: decoder))
    } catch let error as TrainingError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
