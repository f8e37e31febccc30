import Files

/// All samples of one split, decoded: named columns of equally many rows, held in memory or mapped from a file. Never changes.
///
/// The samples are the column "images" (pictures, or points in the plane), their classes the column "classes", what a
/// translation is to make of them the column "target".
///
/// A program that has its data in memory makes a set of columns:
///
/// ```swift
/// let shape = SampleShape(channels: 1, height: 8, width: 8)
/// let data = try Dataset(
///   name: "squares", columns: [.pictures(pixels, shape), .labels(sizes, names: ["small", "large"])])
/// ```
public final class Dataset: Sendable {
  static let samplesName = "images"
  static let classesName = "classes"
  static let targetName = "target"

  /// Its name as the user typed it, such as "digits" or "mnist".
  public let name: String
  /// Which split it holds.
  public let split: Split
  /// What it holds; the first column gives the set its ``count``.
  public let columns: [StoredColumn]
  /// How many samples there are.
  public let count: Int
  /// The class of each sample, 0..<``classCount``, where there are classes.
  public let labels: [Int32]?
  /// SHA-256, in hexadecimal, of what the columns hold: equal for equal contents, wherever they came from.
  public let fingerprint: String
  /// The collection that its samples are to be translated into, where the two do not come in pairs: its samples are the
  /// column "images" too, and it may have another number of them.
  public let counterpart: Dataset?
  /// The same rows in larger pictures, for crops of the pictures' size out of them; nil where there are none.
  public let enlarged: Dataset?
  /// Labels that were made of the columns, such as groups that were found in them: part of neither ``columns`` nor the
  /// ``fingerprint``.
  public let derived: [StoredColumn]
  /// Where it was loaded from; nil for one that a program made.
  public let source: DataSource?
  /// Files that were left out because they could not be read.
  public let unreadable: [UnreadableFile]
  /// Notices for the user, such as "both splits are the whole folder".
  public let notices: [String]
  /// Sentences about what is probably a mistake, such as floats of another range.
  public let warnings: [String]

  /// A data set of columns that a program holds in memory.
  ///
  /// - Parameter counterpart: the collection that the samples are to be translated into, where there are no pairs.
  /// - Throws: ``DataError`` when there is no column or no row, names are not different, numbers of rows differ, bytes are no
  ///   whole number of rows, a label is negative or has no name, or a float is not finite (in pictures and points: not in
  ///   [-1, 1]).
  public convenience init(
    name: String, columns: [StoredColumn], split: Split = .train, counterpart: Dataset? = nil
  ) throws {
    for column in columns { try column.check(in: name) }
    try self.init(name: name, split: split, columns: columns, counterpart: counterpart)
  }

  /// - Parameter fingerprint: computed from all rows when nil.
  /// - Throws: ``DataError`` when there is no row, numbers of rows differ, or a label is negative or has no name.
  init(
    name: String, split: Split, columns: [StoredColumn], unreadable: [UnreadableFile] = [], notices: [String] = [],
    warnings: [String] = [], counterpart: Dataset? = nil, fingerprint: String? = nil
  ) throws {
    guard let first = columns.first else { throw DataError("\(name): a data set needs at least one column") }
    guard first.count > 0 else { throw DataError("\(name): the \(split.rawValue) split has no samples") }
    for (index, column) in columns.enumerated() {
      guard !columns[..<index].contains(where: { $0.name == column.name }) else {
        throw DataError("\(name): two columns are called '\(column.name)'; names must be unique")
      }
      guard column.count == first.count else {
        throw DataError(
          "\(name): column '\(column.name)' has \(column.count) rows, but column '\(first.name)' has "
            + "\(first.count); the numbers must be equal")
      }
    }
    let columns = try columns.map { try $0.format.kind == .labels ? $0.withCardinality(in: name) : $0 }
    self.name = name
    self.split = split
    self.columns = columns
    count = first.count
    labels = columns.first { $0.name == Self.classesName }?.integers
    let own = fingerprint ?? ContentHash.fingerprint(columns)
    self.fingerprint = counterpart.map { ContentHash.fingerprint(of: [own, $0.fingerprint]) } ?? own
    self.counterpart = counterpart
    (source, enlarged, derived) = (nil, nil, [])
    self.unreadable = unreadable
    self.notices = notices
    self.warnings = warnings
  }

  private init(_ other: Dataset, source: DataSource?, enlarged: Dataset?, derived: [StoredColumn]) {
    name = other.name
    split = other.split
    columns = other.columns
    count = other.count
    labels = other.labels
    fingerprint = other.fingerprint
    counterpart = other.counterpart
    (self.source, self.enlarged, self.derived) = (source, enlarged, derived)
    unreadable = other.unreadable
    notices = other.notices
    warnings = other.warnings
  }

  /// The same set, known to come from `source`.
  func loaded(from source: DataSource) -> Dataset {
    Dataset(self, source: source, enlarged: enlarged, derived: derived)
  }

  /// The same set with its rows in larger pictures.
  func with(enlarged: Dataset?) -> Dataset { Dataset(self, source: source, enlarged: enlarged, derived: derived) }

  /// The same set with labels that were made of the other columns, in place of ``derived`` ones of the same name.
  ///
  /// - Throws: ``DataError`` for a column of anything but labels, when one of ``columns`` has its name, its number of rows is
  ///   another, or a label is negative or has no name.
  public func deriving(_ column: StoredColumn) throws -> Dataset {
    guard column.format.kind == .labels else {
      throw DataError("\(name): derived columns hold labels, and '\(column.name)' does not")
    }
    try column.check(in: name)
    let kept = derived.filter { $0.name != column.name }
    // A set of the columns alone checks them.
    let checked = try Dataset(name: name, split: split, columns: columns + kept + [column], fingerprint: fingerprint)
    return Dataset(self, source: source, enlarged: enlarged, derived: Array(checked.columns.dropFirst(columns.count)))
  }

  /// The set whose samples are the rows of the column called `name`, and which holds nothing else: what is judged against
  /// these rows takes it as its reference. The targets of samples that come in no pairs are their ``counterpart``.
  ///
  /// - Throws: ``DataError`` where there is no such column.
  public func ofSamples(_ name: String) throws -> Dataset {
    if let counterpart, name == Self.targetName, self[name] == nil { return counterpart }
    guard let column = self[name] else {
      throw DataError(
        "\(self.name): there is no column '\(name)'; the data set has \(columns.map(\.name).joined(separator: ", "))")
    }
    let samples = try Dataset(name: self.name, split: split, columns: [column.renamed(Self.samplesName)])
    return source.map { samples.loaded(from: $0) } ?? samples
  }

  /// Whether ``ofSamples(_:)`` finds samples of this name.
  public func hasSamples(_ name: String) -> Bool {
    self[name] != nil || (counterpart != nil && name == Self.targetName)
  }

  /// The column called `name`, a ``derived`` one too; nil where there is none.
  public subscript(name: String) -> StoredColumn? {
    columns.first { $0.name == name } ?? derived.first { $0.name == name }
  }

  /// Checks that the files behind the columns still are as long as when they were mapped: touching lost pages would end the
  /// process.
  ///
  /// - Throws: ``FileError`` when another program has shortened one.
  package func checkUnchanged() throws {
    for column in columns { try column.storage.checkUnchanged() }
    try counterpart?.checkUnchanged()
    try enlarged?.checkUnchanged()
  }
}

// What most callers ask of the columns "images" and "classes".
extension Dataset {
  /// The column "images": pictures, or points in the plane.
  ///
  /// - Precondition: there is one; ``subscript(_:)`` asks.
  public var images: StoredColumn {
    guard let column = self[Self.samplesName] else {
      let names = columns.map(\.name).joined(separator: ", ")
      preconditionFailure("the data set '\(name)' has no column '\(Self.samplesName)'; it has \(names)")
    }
    return column
  }

  /// What the samples are.
  public var kind: ColumnFormat.Kind { images.format.kind }
  /// How their numbers are stored.
  public var element: ColumnFormat.Element { images.format.element }
  /// Bytes a sample takes.
  public var bytesPerSample: Int { images.format.rowBytes }

  /// The shape of every sample.
  public var shape: SampleShape {
    guard let shape = images.format.sampleShape else {
      preconditionFailure("samples of shape \(images.format.shape) in '\(name)' are neither [H, W, C] nor [C]")
    }
    return shape
  }

  /// Calls `body` with all samples, one after the other, valid during the call.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try images.withUnsafeBytes(body)
  }

  /// The classes' names in label order, where they have any.
  public var classNames: [String]? { self[Self.classesName]?.format.names }
  /// How many classes there are, where there are any.
  public var classCount: Int? { self[Self.classesName]?.format.cardinality }

  /// The mixture that the samples were drawn from, where there is one.
  public var mixture: Mixture? { source?.mixture }

  /// Its name without the place where it lies: "mnist" of "mnist:DIR", the last part of a path.
  package var plainName: String {
    if let (from, to) = DataSource.sides(of: name) { return "\(Self.plain(from)) -> \(Self.plain(to))" }
    return Self.plain(name)
  }

  private static func plain(_ name: String) -> String {
    let set = String(name.prefix { $0 != ":" })
    if DataSource.names.contains(set) { return set }
    return name.split(separator: "/").last.map(String.init) ?? name
  }
}

extension StoredColumn {
  /// The column with the number of its classes: one more than the greatest label, or as many as are named or were announced.
  ///
  /// - Throws: ``DataError`` when a label is negative or has no name.
  fileprivate func withCardinality(in set: String) throws(DataError) -> StoredColumn {
    let labels = integers
    guard let lowest = labels.min(), let highest = labels.max() else { return self }
    guard lowest >= 0 else { throw DataError("\(set): label \(lowest) is negative; labels count from 0") }
    let named = format.names?.count ?? 0
    guard named == 0 || highest < named else {
      throw DataError("\(set): label \(highest) is too large for \(named) classes, which count from 0")
    }
    var format = format
    format.cardinality = max(Int(highest) + 1, named, format.cardinality ?? 0)
    return StoredColumn(name, format, storage)
  }
}

/// A file that could not be used, and why.
public struct UnreadableFile: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// The path, a colon, the reason.
  public var description: String { "\(path): \(reason)" }
}
