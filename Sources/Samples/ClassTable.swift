import Datasets
import Torch

/// The classes that samples are of: how many of each there are to learn from, and their names.
public struct ClassTable: Sendable, Equatable, Codable {
  /// The number of samples of each class in the data, which is how often a class is drawn.
  public let counts: [Int]
  /// The classes' names, where they have any.
  public let names: [String]?
  /// Whether the classes are groups that were found in data without labels.
  public let isFound: Bool

  /// A table of at least one class, with at least one sample in all.
  public init(counts: [Int], names: [String]? = nil, isFound: Bool = false) throws(DataError) {
    guard counts.contains(where: { $0 > 0 }), counts.allSatisfy({ $0 >= 0 }),
      names.map({ $0.count == counts.count }) ?? true
    else { throw DataError("class counts must not be negative nor all 0, and there must be as many names as counts") }
    self.counts = counts
    self.names = names
    self.isFound = isFound
  }

  /// A table as a file has it.
  ///
  /// - Throws: `DecodingError` for what ``init(counts:names:isFound:)`` refuses.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let counts = try fields.decode([Int].self, forKey: .counts)
    do {
      try self.init(
        counts: counts, names: try fields.decodeIfPresent([String].self, forKey: .names),
        isFound: try fields.decodeIfPresent(Bool.self, forKey: .isFound) ?? false)
    } catch let error as DataError {
      throw DecodingError.dataCorruptedError(forKey: .counts, in: fields, debugDescription: error.description)
    }
  }

  /// Writes the table; `found` only where it is true.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(counts, forKey: .counts)
    try fields.encodeIfPresent(names, forKey: .names)
    if isFound { try fields.encode(true, forKey: .isFound) }
  }

  private enum CodingKeys: String, CodingKey {
    case counts, names
    case isFound = "found"
  }

  /// The classes of a data set.
  ///
  /// - Throws: ``DataError`` where it has none.
  public init(_ data: Dataset) throws(DataError) {
    guard let labels = data.labels, let count = data.classCount else {
      throw DataError(
        "\(data.name) has no class labels: use labelled data, such as mnist, cifar10 or digits, or a folder whose subfolders are "
          + "classes")
    }
    try self.init(labels, count: count, names: data.classNames)
  }

  /// The groups that were found in a data set, its derived column `name`.
  ///
  /// - Throws: ``DataError`` where it has none.
  package init(found name: String, in data: Dataset) throws(DataError) {
    guard let column = data[name], let count = column.format.cardinality else {
      throw DataError("\(data.name): there is no column '\(name)'")
    }
    try self.init(column.integers, count: count, names: nil, isFound: true)
  }

  private init(_ labels: [Int32], count: Int, names: [String]?, isFound: Bool = false) throws(DataError) {
    var counts = [Int](repeating: 0, count: count)
    for label in labels { counts[Int(label)] += 1 }
    try self.init(counts: counts, names: names, isFound: isFound)
  }

  /// How many classes there are, with those that have no sample.
  public var count: Int { counts.count }

  /// The classes that have samples: nothing was learnt of the others, which are gaps in the labels.
  public var occupied: [Int] { counts.indices.filter { counts[$0] > 0 } }

  /// The class with this number or name.
  ///
  /// - Throws: ``DataError`` that lists the classes.
  public func index(of text: String) throws(DataError) -> Int {
    let occupied = occupied
    // Names that differ by Unicode normalisation alone are two, and equal as strings.
    let exact = names?.firstIndex { $0.utf8.elementsEqual(text.utf8) }
    if let index = exact ?? names?.firstIndex(of: text) ?? Int(text), occupied.contains(index) { return index }
    let known = occupied.map { names?[$0] ?? "\($0)" }.joined(separator: ", ")
    throw DataError("there is no class '\(text)'; there are \(known)")
  }

  /// `count` draws, as a ``ClassDraws`` of the table gives them.
  public func drawn(_ count: Int, seed: UInt64, first: Int = 0, device: Device = .cpu) -> Tensor {
    ClassDraws(self, on: device)(count, seed: seed, first: first)
  }
}

extension Classes {
  /// `[N, classes]`: one in the column of each sample's class, zeros elsewhere.
  package static func oneHot(_ classes: Tensor, _ count: Int, dtype: DType) -> Tensor {
    oneHotOperation(.tensor(classes), .int(count)).to(dtype)
  }
}

private let oneHotOperation = Operation("aten::one_hot")
