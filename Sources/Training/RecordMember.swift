import Datasets
import Files
import Foundation
import RunLog

/// What a member of `recipe.json` may be. It is checked before Foundation decodes it, whose errors for a number that does
/// not fit name no member.
struct RecordMember {
  private static let last = Int.max
  /// Every member that is no object but those of `settings`, which ``Recipe`` checks; a member that is missing is none of
  /// this check's business.
  private static let all: [RecordMember] =
    [
      text("recipe"), text("run.data"), text("run.limits.goal", orNull: true), text("run.judging.extractor"),
      text("dataset.name"), text("dataset.fingerprint"), text("versions.swift_gan"), text("versions.libtorch"),
      text("versions.cpu"),
      texts("run.judging.metrics", orNull: true), texts("run.judging.stopOn"),
      whole("run.threads", 1...1024), whole("run.checkpointEvery", 1...last),
      whole("run.judging.count", 2...1_000_000), whole("run.judging.every", 0...last, orNull: true),
      whole("dataset.count", 1...last),
      RecordMember("run.seed", "a whole number from 0 to \(UInt64.max)") { $0.natural != nil },
      RecordMember("run.classesFromFolders", "true or false") { $0 == .bool(true) || $0 == .bool(false) },
      RecordMember("run.plans", "a list of objects with the whole numbers 'step' and 'steps'", orNull: true) {
        guard case .array(let plans) = $0 else { return false }
        return plans.allSatisfy { plan in
          ["step", "steps"].allSatisfy { plan[$0]?.integer.map((0...last).contains) ?? false }
        }
      },
      RecordMember("run.limits.minutes", "a number above 0", orNull: true) {
        $0.double.map { $0 > 0 && $0.isFinite } ?? false
      },
    ]
    + [
      "run.width", "run.height", "run.limits.steps", "run.limits.\(StepMember.samples.rawValue)", "run.limits.patience",
    ].map {
      whole($0, 1...last, orNull: true)
    }
    + ["channels", "height", "width"].map { whole("dataset.shape." + $0, 1...last) }

  private let place: String
  private let expectation: String
  private let isRight: @Sendable (JSONValue) -> Bool

  private init(
    _ place: String, _ expectation: String, orNull: Bool = false, _ isRight: @escaping @Sendable (JSONValue) -> Bool
  ) {
    (self.place, self.expectation) = (place, expectation)
    self.isRight = { orNull && $0 == .null || isRight($0) }
  }

  private static func whole(_ place: String, _ range: ClosedRange<Int>, orNull: Bool = false) -> RecordMember {
    RecordMember(place, "a whole number from \(range.lowerBound) to \(range.upperBound)", orNull: orNull) {
      $0.integer.map(range.contains) ?? false
    }
  }

  private static func text(_ place: String, orNull: Bool = false) -> RecordMember {
    RecordMember(place, "a text", orNull: orNull) { $0.string != nil }
  }

  private static func texts(_ place: String, orNull: Bool = false) -> RecordMember {
    RecordMember(place, "a list of texts", orNull: orNull) {
      guard case .array(let elements) = $0 else { return false }
      return elements.allSatisfy { $0.string != nil }
    }
  }

  /// Checks the bytes of the `recipe.json` at `path`.
  ///
  /// - Throws: `FileError` that names the first member with a value that it cannot have, and what it can be.
  static func check(_ bytes: Data, _ path: String) throws(FileError) {
    let parsed = bytes.withUnsafeBytes { JSONValue(parsing: $0) }
    guard let record = parsed else { throw FileError(path, "this is not JSON") }
    guard case .object = record else { throw FileError(path, "this is not the JSON object of a run's recipe.json") }
    for member in all {
      guard let value = record.member(at: member.place), !member.isRight(value) else { continue }
      throw FileError(path, "'\(member.place)' needs \(member.expectation), got \(value.spelling)")
    }
    guard case .object(let settings)? = record["settings"] else { return }
    for setting in settings {
      switch setting.value {
      case .object, .array, .null:
        let what = setting.value.spelling
        throw FileError(path, "'settings.\(setting.key)' needs a number, a text, true or false, got \(what)")
      case .string, .number, .bool: break
      }
    }
  }
}

extension JSONValue {
  /// The value at a place such as `run.limits.steps`; nil when there is none.
  fileprivate func member(at place: String) -> JSONValue? {
    place.split(separator: ".").reduce(Optional(self)) { value, key in value?[String(key)] }
  }
}
