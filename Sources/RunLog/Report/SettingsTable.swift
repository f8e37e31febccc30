/// The members of a JSON object as rows of names and values, grouped by the outermost name.
struct SettingsTable {
  struct Group: Equatable {
    /// The outermost name; empty for members that are not nested.
    var name: String
    var rows: [Row]
  }

  struct Row: Equatable {
    /// Nested names joined by dots.
    var name: String
    var value: String
  }

  let groups: [Group]

  /// The rows of `value`, in the order of the file; a value that is no object is a group without rows.
  init(_ value: JSONValue) {
    var plain: [Row] = []
    var nested: [Group] = []
    if case .object(let members) = value {
      for member in members {
        if case .object(let inner) = member.value {
          nested.append(Group(name: member.key, rows: inner.flatMap { Self.rows($0.key, $0.value) }))
        } else {
          plain += Self.rows(member.key, member.value)
        }
      }
    }
    groups = ([Group(name: "", rows: plain)] + nested).filter { !$0.rows.isEmpty }
  }

  private static func rows(_ name: String, _ value: JSONValue) -> [Row] {
    switch value {
    case .object(let members): members.flatMap { rows(name + "." + $0.key, $0.value) }
    case .array(let elements):
      elements.allSatisfy(\.isScalar)
        ? [Row(name: name, value: elements.isEmpty ? "none" : elements.map(\.text).joined(separator: ", "))]
        : elements.enumerated().flatMap { rows(name + "." + "\($0.offset)", $0.element) }
    default: [Row(name: name, value: value.text)]
    }
  }
}

extension JSONValue {
  fileprivate var isScalar: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }

  /// A scalar as text.
  fileprivate var text: String {
    switch self {
    case .string(let text): text
    case .number(let digits): digits
    case .bool(let isTrue): isTrue ? "yes" : "no"
    case .null: "none"
    case .object, .array: ""
    }
  }
}
