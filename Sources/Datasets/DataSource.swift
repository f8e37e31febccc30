import Files
import Pictures

/// A data source, as a user types it: a named set ("digits", "mnist", "mnist:DIR"), a folder of pictures, an
/// IDX or an `.npy` file, or two of these, "FROM -> TO", whose pictures are to be translated.
public struct DataSource: Sendable, CustomStringConvertible {
  /// The named sets.
  public static let names =
    drawnNames + downloadedNames

  private static let drawnNames = ["digits", "digits-color", "stacked-digits", "ring8", "grid25"]
  private static let downloadedNames = ["mnist", "fashion-mnist", "stacked-mnist", "cifar10"]

  private indirect enum Kind: Sendable {
    case named(String, directory: String?)
    case folder(String)
    case idx(String)
    case npy(String)
    case sides(from: DataSource, to: DataSource)
  }

  private let kind: Kind

  /// What the user wrote.
  public let description: String

  private init(kind: Kind, description: String) {
    self.kind = kind
    self.description = description
  }

  /// Parses what the user typed. A named data set takes precedence over a file of that name, which `./NAME` refers to.
  ///
  /// - Throws: ``DataError`` for a name that is neither (it names the nearest one), or `FileError` for a file that
  ///   holds no data set.
  public init(_ text: String) throws {
    if let (from, to) = Self.sides(of: text) {
      self = try DataSource(from: from, to: to)
      return
    }
    self.init(kind: try Self.kind(of: text), description: text)
  }

  private static func kind(of text: String) throws -> Kind {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, names.contains(name) else { return try file(text) }
    guard parts.count == 2 else { return .named(name, directory: nil) }
    guard downloadedNames.contains(name) else {
      throw DataError("\(text): '\(name)' is drawn by code and has no folder; use just \(name)")
    }
    guard !parts[1].isEmpty else { throw DataError("\(text): the folder is missing after the colon") }
    return .named(name, directory: parts[1])
  }

  /// The collections `from` and `to`, each as a user types it: a game that translates pictures learns to make pictures of
  /// the second from those of the first, which come in no pairs.
  ///
  /// - Throws: as ``init(_:)`` does, and ``DataError`` if one of them is points in the plane or has two sides itself.
  public init(from: String, to: String) throws {
    let (source, target) = (try DataSource(from), try DataSource(to))
    for side in [source, target] {
      if side.mixture != nil { throw DataError("\(side): these are points in the plane; each side must be pictures") }
      if side.sides != nil { throw DataError("\(side): this has two sides itself; each side must be one collection") }
    }
    kind = .sides(from: source, to: target)
    description = source.description + Self.arrow + target.description
  }

  private static let arrow = " -> "

  /// What the user typed for each of two sides; nil if `text` is one source, such as a file with an arrow in its name.
  package static func sides(of text: String) -> (from: String, to: String)? {
    guard !FileSystem.exists(text), let arrow = text.firstRange(of: arrow) else { return nil }
    return (String(text[..<arrow.lowerBound]), String(text[arrow.upperBound...]))
  }

  private static func file(_ path: String) throws -> Kind {
    guard let status = FileStatus.at(path) else {
      guard !path.contains("/"), let near = nearest(to: String(path.prefix { $0 != ":" }), among: names) else {
        throw FileError(path, "there is no such file or folder")
      }
      throw DataError(
        "there is no data set, file or folder '\(path)'; did you mean '\(near)'? Named data sets are \(names.joined(separator: ", "))"
      )
    }
    if status.kind == .folder { return .folder(path) }
    let start = try PlainOrGzip(path).prefix(8)
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) { return .npy(path) }
    if start.starts(with: [0, 0]) { return .idx(path) }
    if start.starts(with: pngSignature) || start.starts(with: [0xff, 0xd8, 0xff]) {
      throw FileError(path, "this is a single picture; name the folder that holds it")
    }
    throw FileError(path, "this is neither a folder nor an IDX or .npy file")
  }

  /// The same source with the full path of its folder or file, which means the same from any working folder.
  public var absolute: String {
    switch kind {
    case .named(let name, let directory): return directory.map { "\(name):\(FileSystem.absolute($0))" } ?? name
    case .folder(let path), .idx(let path), .npy(let path): return FileSystem.absolute(path)
    case .sides(let from, let to): return from.absolute + Self.arrow + to.absolute
    }
  }

  /// The two sources, if there are two.
  var sides: (from: DataSource, to: DataSource)? {
    guard case .sides(let from, let to) = kind else { return nil }
    return (from, to)
  }

  /// The path of a folder of pictures; nil for every other source.
  var folder: String? {
    guard case .folder(let path) = kind else { return nil }
    return path
  }

  /// Whether the test split of this source, which is no folder, holds other samples than the training split.
  var isDivided: Bool {
    switch kind {
    case .named, .sides: true
    case .idx(let path): Self.isDivided(idx: path)
    case .folder, .npy: false
    }
  }

  /// What the channels of a stacked set are pictures of; nil for every other source.
  package var stackedBase: DataSource? {
    guard case .named(let name, let directory) = kind, name.hasPrefix(Self.stacked) else { return nil }
    return DataSource(
      kind: .named(String(name.dropFirst(Self.stacked.count)), directory: directory),
      description: String(description.dropFirst(Self.stacked.count)))
  }

  private static let stacked = "stacked-"

  /// Whether code draws the samples, so that there is no file to look for.
  package var isDrawn: Bool {
    guard case .named(let name, _) = kind else { return false }
    return Self.drawnNames.contains(name)
  }

  /// The mixture whose points these are; nil for every other source.
  public var mixture: Mixture? {
    guard case .named(let name, _) = kind else { return nil }
    return [Mixture.ring8, .grid25].first { $0.name == name }
  }

  /// All samples of `split`, decoded, from the cache where they are there.
  ///
  /// A set without a `split` of its own (a folder without subfolders `train` and `test`, an `.npy` file) gives all it
  /// has for either and says so in its notices.
  ///
  /// - Throws: `FileError`, ``DataError`` or ``DownloadError`` with a sentence that says what is wrong and what would
  ///   be right.
  public func load(_ split: Split, options: LoadOptions = LoadOptions()) throws -> Dataset {
    try options.validate()
    if options.classesFromFolders, case .folder = kind {
    } else if options.classesFromFolders {
      throw DataError("\(self): classes from folders need a folder of pictures")
    }
    if let sides = options.sides { return try translation(split, sides, options, like: nil).loaded(from: self) }
    return try loaded(split, options).loaded(from: self)
  }

  private func loaded(_ split: Split, _ options: LoadOptions) throws -> Dataset {
    if let base = stackedBase { return try stacked(base, split, options) }
    if let mixture { return try points(of: mixture, split, options) }
    switch kind {
    case .named("digits", _): return try digits(split, options, color: false)
    case .named("digits-color", _): return try digits(split, options, color: true)
    case .named("cifar10", let directory): return try cifar10(split, options, directory: directory)
    case .named(let name, let directory): return try idxSet(name, split, options, directory: directory)
    case .folder(let path): return try pictures(path, split, options)
    case .idx(let path): return try idxFile(path, split, options)
    case .npy(let path): return try npyFile(path, split, options)
    case .sides:
      throw DataError("\(self): these are two collections, which a game that translates pictures takes")
    }
  }

  /// All samples of `split` in the size and channels of `data`, another split of this source: a test split of grey pictures
  /// with a colour training split becomes colour, too.
  ///
  /// - Parameter options: those with which `data` were loaded.
  /// - Throws: as ``load(_:options:)`` does.
  public func load(_ split: Split, like data: Dataset, options: LoadOptions = LoadOptions()) throws -> Dataset {
    if let sides = options.sides {
      try options.validate()
      return try translation(split, sides, options, like: data).loaded(from: self)
    }
    var fitted = options
    if data.kind == .pictures {
      (fitted.size, fitted.channels) = ((data.shape.width, data.shape.height), data.shape.channels)
    }
    // A folder without splits gives the same again, from the same file of the cache.
    if let folder, try FolderSplits(of: folder) != nil { return try load(split, options: fitted) }
    let found = try load(split, options: options)
    return found.shape == data.shape || found.element != .uint8 ? found : try load(split, options: fitted)
  }
}
