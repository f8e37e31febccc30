import Datasets
import Foundation
import Metrics
import RunLog

/// Watches a run for one way of going wrong. It sees the run's events and nothing else, so that it can be tried on recorded
/// ones; a checkpoint holds its state.
public protocol Alarm: Sendable {
  /// What it has seen so far.
  associatedtype State: Codable, Sendable, Equatable
  /// What it watches for.
  static var kind: AlarmKind { get }
  /// What it has seen so far.
  var state: State { get set }

  /// The metrics without which it cannot be raised.
  static var metrics: [Metric] { get }

  /// Takes note of an event.
  ///
  /// - Returns: the evidence and what to try, once when things have gone wrong; then again only after they were well.
  mutating func observe(_ event: TrainingEvent) -> AlarmRecord?
}

extension Alarm {
  /// None: the steps say enough.
  public static var metrics: [Metric] { [] }

  fileprivate func hasSeenTheSame(as other: any Alarm) -> Bool { (other as? Self)?.state == state }

  /// The alarm, raised at `step`.
  public func record(_ step: Int, _ evidence: String, _ advice: String) -> AlarmRecord {
    AlarmRecord(step: step, kind: Self.kind.rawValue, evidence: evidence, advice: advice)
  }
}

/// A way of going wrong, by the name that people type.
public struct AlarmKind: RawRepresentable, Sendable, Hashable, Codable {
  /// The name, as in "divergence".
  public let rawValue: String

  /// The kind of this name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Losses or gradients grow out of all proportion, or the distance to the data gives back what training had gained.
  public static let divergence = AlarmKind(rawValue: "divergence")

  /// Alarms as people list them: "collapse,divergence".
  ///
  /// - Throws: ``TrainingError`` for a name that is not among `known`, with the nearest one, or one that is listed twice.
  public static func list(_ text: String, among known: [AlarmKind]) throws(TrainingError) -> [AlarmKind] {
    var kinds: [AlarmKind] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let kind = AlarmKind(rawValue: part.trimmingCharacters(in: .whitespaces))
      guard known.contains(kind) else {
        let names = known.map(\.rawValue)
        let near = nearest(to: kind.rawValue, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
        throw TrainingError("there is no alarm '\(kind.rawValue)'\(near) \(names.joined(separator: ", "))")
      }
      guard !kinds.contains(kind) else { throw TrainingError("the alarm '\(kind.rawValue)' is listed twice") }
      kinds.append(kind)
    }
    return kinds
  }
}

/// All alarms of a run.
package struct Alarms: Sendable {
  private var alarms: [any Alarm]

  /// The alarms of a run that begins.
  package init(_ alarms: [any Alarm]) { self.alarms = alarms }

  /// Takes note of an event; returns the alarms that it raises.
  package mutating func observe(_ event: TrainingEvent) -> [AlarmRecord] {
    alarms.indices.compactMap { alarms[$0].observe(event) }
  }
}

extension Alarms: Codable {
  /// Where a decoder finds the alarms whose states it reads.
  package static let key: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "alarms") else { preconditionFailure("a key is not empty") }
    return key
  }()

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    /// The kind in camel case, as in "modeLoss" of "mode-loss".
    init(_ kind: AlarmKind) {
      let words = kind.rawValue.split(separator: "-")
      stringValue = words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
    }
  }

  /// The alarms that the decoder's user information holds, each with the state that was saved, or that of a beginning where
  /// none was.
  package init(from decoder: any Decoder) throws {
    alarms = decoder.userInfo[Self.key] as? [any Alarm] ?? []
    let states = try decoder.container(keyedBy: Name.self)
    for index in alarms.indices { restore(&alarms[index], from: states) }
  }

  private func restore(_ alarm: inout some Alarm, from states: KeyedDecodingContainer<Name>) {
    // A version that remembered other things leaves no state to go on from: the alarm begins anew.
    if let saved = try? states.decode(type(of: alarm.state), forKey: Name(type(of: alarm).kind)) { alarm.state = saved }
  }

  /// Writes the state of each.
  package func encode(to encoder: any Encoder) throws {
    var states = encoder.container(keyedBy: Name.self)
    for alarm in alarms { try states.encode(alarm.state, forKey: Name(type(of: alarm).kind)) }
  }
}

extension Alarms: Equatable {
  /// Whether both have seen the same.
  package static func == (a: Alarms, b: Alarms) -> Bool {
    a.alarms.count == b.alarms.count && zip(a.alarms, b.alarms).allSatisfy { $0.hasSeenTheSame(as: $1) }
  }
}

/// Makes one alarm of a sign that lasts: it is raised when the sign was there so many times running, and can be raised
/// again only after it was absent as often.
public struct Persistence: Sendable, Codable, Equatable {
  private var present = 0
  private var absent = 0
  private var isRaised = false

  /// No sign was there yet.
  public init() {}

  /// Takes note of whether the sign is there; says whether this raises the alarm.
  public mutating func raises(_ isThere: Bool, after times: Int) -> Bool {
    (present, absent) = isThere ? (present + 1, 0) : (0, absent + 1)
    if isRaised {
      isRaised = absent < times
      return false
    }
    isRaised = present >= times
    return isRaised
  }
}

/// A value of each step, read robustly: the medians of blocks of steps, in which a single odd batch does not show.
public struct BlockMedians: Sendable, Codable, Equatable {
  /// Steps in a block.
  public static let length = 50
  /// As many of the newest blocks are remembered.
  private static let memory = 40

  private var block: [Double] = []
  /// The medians of the newest blocks, oldest first.
  public private(set) var medians: [Double] = []

  /// No step yet.
  public init() {}

  /// Takes a step's value; returns the median of the block that it completes.
  public mutating func take(_ value: Double) -> Double? {
    block.append(value.isFinite ? value : .greatestFiniteMagnitude)
    guard block.count == Self.length else { return nil }
    let median = Self.median(block)
    block.removeAll(keepingCapacity: true)
    medians.append(median)
    if medians.count > Self.memory { medians.removeFirst() }
    return median
  }

  /// The middle one of `values`, the upper one of two; there must be a value.
  public static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
