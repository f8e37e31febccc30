/// A number that a training step measures, with what a reader must know to show it.
///
/// ```swift
/// extension Scalar {
///   static let reconstruction = Scalar("loss_reconstruction", title: "L1", group: Group(title: "Losses", label: "loss"))
/// }
/// ```
public struct Scalar: Sendable, Hashable, Codable {
  /// The member of a log's line that holds the value, as in `loss_reconstruction`: the scalar's identity.
  public let name: String
  /// What a progress line and a legend call it, as in `L1`.
  public let title: String
  /// The unit of the value, as in `bits`; nil for a plain number.
  public let unit: String?
  /// The scalars with which it shares a chart and a place on the progress line.
  public let group: Group
  /// Whether the value is a probability in [0, 1].
  public let isProbability: Bool

  /// Scalars of one kind, which can share an axis.
  public struct Group: Sendable, Hashable, Codable {
    /// The title of their chart, as in `Losses`. Groups of equal titles are one.
    public let title: String
    /// What stands before their titles on a progress line, as in `loss`: empty where the titles say enough, nil where
    /// the line leaves them out.
    public let label: String?

    /// A group with a chart of this title.
    public init(title: String, label: String? = nil) {
      self.title = title
      self.label = label
    }
  }

  /// A scalar called `name` in a log. The name must not be empty or that of another member of a step's line, such as
  /// `seconds`.
  public init(_ name: String, title: String, unit: String? = nil, group: Group, isProbability: Bool = false) {
    precondition(
      Self.isUsable(name), "a scalar cannot be called '\(name)': a step's line in the log has a member of that name")
    self.name = name
    self.title = title
    self.unit = unit
    self.group = group
    self.isProbability = isProbability
  }

  /// A scalar that a log does not describe: it is its own title, and shares a chart with those whose
  /// names have the same first word.
  init(undescribed name: String) {
    let word = name.split(separator: "_").first.map(String.init) ?? name
    self.init(name, title: name, group: Group(title: word))
  }

  enum CodingKeys: String, CodingKey {
    case name, title, unit, group
    case isProbability = "is_probability"
  }

  /// Whether `name` is free for a scalar.
  static func isUsable(_ name: String) -> Bool { !name.isEmpty && StepMember(rawValue: name) == nil }
}

/// Scalars with their values, in the order in which they are shown; each is in it once.
public struct Scalars: Sendable, Equatable {
  /// A scalar and its value.
  public struct Element: Sendable, Equatable {
    /// What was measured.
    public let scalar: Scalar
    /// What it was.
    public var value: Double
  }

  private var elements: [Element] = []

  /// No scalars.
  public init() {}

  /// The value of `scalar`, found by its name; nil where it was not measured. A new one is put at the end.
  public subscript(scalar: Scalar) -> Double? {
    get { self[scalar.name] }
    set {
      let index = elements.firstIndex { $0.scalar.name == scalar.name }
      switch (index, newValue) {
      case (let index?, let value?): elements[index].value = value
      case (let index?, nil): elements.remove(at: index)
      case (nil, let value?): elements.append(Element(scalar: scalar, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The value of the scalar called `name`; nil where it was not measured.
  public subscript(name: String) -> Double? { elements.first { $0.scalar.name == name }?.value }
}

extension Scalars: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { elements.startIndex }
  /// The number of scalars.
  public var endIndex: Int { elements.endIndex }
  /// The scalar at `position` with its value.
  public subscript(position: Int) -> Element { elements[position] }
}

extension Scalars: ExpressibleByDictionaryLiteral {
  /// Scalars as a literal lists them; of two with one name the later value stands.
  public init(dictionaryLiteral list: (Scalar, Double)...) {
    for (scalar, value) in list { self[scalar] = value }
  }
}

extension Sequence<Scalar> {
  /// The scalars by group, in the order in which the groups first come.
  var grouped: [[Scalar]] {
    var groups: [[Scalar]] = []
    for scalar in self {
      if let index = groups.firstIndex(where: { $0[0].group.title == scalar.group.title }) {
        groups[index].append(scalar)
      } else {
        groups.append([scalar])
      }
    }
    return groups
  }
}

/// The members of a step's line in a log that are no scalars.
package enum StepMember: String, CaseIterable {
  case event, step
  case samples = "images"
  case seconds
  case samplesPerSecond = "images_per_second"
  case scoresAreProbabilities = "scores_are_probabilities"
}

extension Scalar {
  /// The description in a log.
  var jsonObject: JSONObject {
    var object = JSONObject()
    object.add("name", name)
    object.add("title", title)
    if let unit { object.add("unit", unit) }
    var members = JSONObject()
    members.add("title", group.title)
    if let label = group.label { members.add("label", label) }
    object.add("group", members)
    object.add("is_probability", isProbability)
    return object
  }

  /// The scalar that an element of a log's list describes; nil when the element lacks what makes one.
  init?(_ object: JSONValue) {
    guard let name = object["name"]?.string, Self.isUsable(name), let title = object["title"]?.string,
      let chart = object["group"]?["title"]?.string
    else { return nil }
    self.init(
      name, title: title, unit: object["unit"]?.string,
      group: Group(title: chart, label: object["group"]?["label"]?.string),
      isProbability: object["is_probability"] == .bool(true))
  }
}
