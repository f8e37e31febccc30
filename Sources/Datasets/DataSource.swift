import Files
import Pictures

/// A data source, as a user types it: a named set ("digits", "mnist", "mnist:DIR"), a folder of pictures, an
/// IDX or an `.npy` file.
public struct DataSource: Sendable, CustomStringConvertible {
  /// The named sets.
  public static let names =
    drawnNames + downloadedNames

  private static let drawnNames = ["digits", "digits-color", "stacked-digits", "ring8", "grid25"]
  private static let downloadedNames = ["mnist", "fashion-mnist", "stacked-mnist", "cifar10"]

  private enum Kind: Sendable {
    case named(String, directory: String?)
    case folder(String)
    case idx(String)
    case npy(String)
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
    description = text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if let name = parts.first, Self.names.contains(name) {
      guard parts.count == 2 else {
        kind = .named(name, directory: nil)
        return
      }
      guard Self.downloadedNames.contains(name) else {
        throw DataError("\(text): '\(name)' is drawn by code and has no folder; use just \(name)")
      }
      guard !parts[1].isEmpty else { throw DataError("\(text): the folder is missing after the colon") }
      kind = .named(name, directory: parts[1])
      return
    }
    kind = try Self.file(text)
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
    if options.sides != nil, case .folder = kind {
    } else if options.sides != nil {
      throw DataError("\(self): pairs of pictures need a folder of pictures, each of two halves side by side")
    }
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
    case .folder(let path):
      return try options.sides.map { try pairs(path, $0.direction, split, options) } ?? pictures(path, split, options)
    case .idx(let path): return try idxFile(path, split, options)
    case .npy(let path): return try npyFile(path, split, options)
    }
  }

  /// All samples of `split` in the size and channels of `data`, another split of this source: a test split of grey pictures
  /// with a colour training split becomes colour, too.
  ///
  /// - Parameter options: those with which `data` were loaded.
  /// - Throws: as ``load(_:options:)`` does.
  public func load(_ split: Split, like data: Dataset, options: LoadOptions = LoadOptions()) throws -> Dataset {
    var fitted = options
    if data.kind == .pictures {
      (fitted.size, fitted.channels) = ((data.shape.width, data.shape.height), data.shape.channels)
    }
    // A folder without splits gives the same again, from the same file of the cache.
    if case .folder(let path) = kind, try FolderSplits(of: path) != nil { return try load(split, options: fitted) }
    let found = try load(split, options: options)
    return found.shape == data.shape || found.element != .uint8 ? found : try load(split, options: fitted)
  }
}
