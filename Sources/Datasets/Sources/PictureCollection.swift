import Files

/// One of two collections without pairs.
enum PictureCollection {
  case folder(PicturePlace)
  /// What holds pictures and is no folder.
  case source(DataSource)

  /// The pictures of `source`.
  ///
  /// - Throws: `FileError` if subfolders leave open which split they are.
  init(_ source: DataSource) throws(FileError) {
    self = try source.folder.map { path throws(FileError) in .folder(try PicturePlace(path)) } ?? .source(source)
  }

  /// Whether the held-out pictures lie apart; if not, they are the last fifth.
  var isDivided: Bool {
    switch self {
    case .folder(let place): place.test != nil
    case .source(let source): source.isDivided
    }
  }

  /// The pictures of `split`, a column "images" alone.
  func load(_ split: Split, _ options: LoadOptions) throws -> Dataset {
    switch self {
    case .folder(let place):
      let (folder, path) = (try place.pictures(split, options), place.path(split))
      return try folder.samples(
        at: path, classes: nil, name: path, split, options, notices: [place.notice].compactMap(\.self))
    case .source(let source):
      let all = try source.load(split, options: options)
      guard all.kind == .pictures else {
        throw DataError("\(source): what is translated are pictures, and these are points in the plane")
      }
      let rows = try source.isDivided ? 0..<all.count : HeldOut.rows(all.count, split, of: source.description)
      return try all.samples(rows, options)
    }
  }
}

extension Dataset {
  /// The samples `rows` alone, without their classes.
  fileprivate func samples(_ rows: Range<Int>, _ options: LoadOptions) throws -> Dataset {
    let column = images.part(rows)
    let fingerprint = KeptFinding(options: options)("fingerprint", of: "samples \(rows) of \(self.fingerprint)") {
      ContentHash.fingerprint([column])
    }
    return try Dataset(
      name: name, split: split, columns: [column], unreadable: unreadable, notices: notices, warnings: warnings,
      fingerprint: fingerprint)
  }
}
