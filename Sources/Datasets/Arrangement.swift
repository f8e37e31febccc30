import Files

/// How the pictures of a source lie for a game that translates pictures.
public enum Arrangement: Sendable, Hashable, CustomStringConvertible {
  /// One collection: there is nothing to translate into.
  case single
  /// Pairs of a source and its target.
  case pairs(Pairs)
  /// Two collections without pairs.
  case collections

  /// How pairs lie.
  public enum Pairs: Sendable, Hashable {
    /// Each picture is a pair, side A at the left and side B at the right.
    case halves
    /// A picture of folder `A` and one of folder `B` with the same name are a pair.
    case folders
  }

  /// As in "pairs of halves".
  public var description: String {
    switch self {
    case .single: "single pictures"
    case .pairs(.halves): "pairs of halves"
    case .pairs(.folders): "pairs of pictures with equal names"
    case .collections: "two collections without pairs"
    }
  }
}

extension DataSource {
  /// What a look at the source finds, without decoding more than some twenty pictures; what they show is kept in the cache.
  ///
  /// - Parameter options: ``LoadOptions/sides`` tell the layout if it is known.
  /// - Throws: `FileError` if a folder cannot be read, one side is missing, or pictures of pairs have no partner.
  public func arrangement(_ options: LoadOptions = LoadOptions()) throws -> Arrangement {
    switch try found(options.sides?.layout ?? .auto, options) {
    case .single: .single
    case .pairs(let how, _): .pairs(how)
    case .collections: .collections
    }
  }

  /// The sides of a source, as a look at it finds them.
  enum FoundSides {
    case single(why: String)
    /// In a place of halves, or in the places of both sides.
    case pairs(Arrangement.Pairs, [PicturePlace])
    case collections(a: PictureCollection, b: PictureCollection)
  }

  /// The sides of this source in `layout`.
  func found(_ layout: SideLayout, _ options: LoadOptions) throws -> FoundSides {
    if let (from, to) = sides {
      return .collections(a: try PictureCollection(from), b: try PictureCollection(to))
    }
    guard let folder else { return .single(why: "it is one collection") }
    if layout == .halves { return .pairs(.halves, [try PicturePlace(folder)]) }
    if let sides = try SideFolders(of: folder) {
      guard layout == .auto, !sides.areCollections, try Self.haveEqualNames(sides, options) else {
        return .collections(a: .folder(sides.a), b: .folder(sides.b))
      }
      return .pairs(.folders, [sides.a, sides.b])
    }
    guard layout == .auto else { return .single(why: "layout=single says so") }
    let place = try PicturePlace(folder)
    switch HalvesLook.at(try PictureFolder(place.train, options: options), options) {
    case .pairs: return .pairs(.halves, [place])
    case .unlike: return .single(why: "all are 2:1, but left and right halves do not show the same scenes")
    case .proportions(let path, let size): return .single(why: "\(path) is \(size), and pairs of halves are 2:1")
    }
  }

  /// Whether the pictures of both sides have equal names.
  ///
  /// - Throws: `FileError` if most of them do and some have no partner.
  private static func haveEqualNames(_ sides: SideFolders, _ options: LoadOptions) throws -> Bool {
    let matched = MatchedPictures(
      try PictureFolder(sides.a.train, options: options), try PictureFolder(sides.b.train, options: options))
    guard matched.arePairs else { return false }
    try matched.check()
    return true
  }
}
