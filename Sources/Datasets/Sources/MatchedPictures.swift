import Files

/// The pictures of two folders in pairs: a pair has one path within its folder on both sides, endings aside.
struct MatchedPictures {
  /// The pairs in the order of side A, which goes first in each.
  private(set) var pairs: [[PictureListing.File]] = []
  /// Pictures whose name the other side lacks.
  private var alone: [PictureListing.File] = []
  /// Two pictures of one side that differ by their endings only.
  private var twice: (PictureListing.File, PictureListing.File)?
  private let most: Int

  /// Matches the pictures of `a` and `b`.
  init(_ a: PictureFolder, _ b: PictureFolder) {
    most = max(a.files.count, b.files.count)
    let (first, second) = (named(a), named(b))
    for file in a.files {
      if let partner = second[a.stem(of: file)] {
        pairs.append([file, partner])
      } else {
        alone.append(file)
      }
    }
    alone += b.files.filter { first[b.stem(of: $0)] == nil }
  }

  private mutating func named(_ folder: PictureFolder) -> [[UInt8]: PictureListing.File] {
    var files: [[UInt8]: PictureListing.File] = [:]
    for file in folder.files {
      if let other = files.updateValue(file, forKey: folder.stem(of: file)) { twice = twice ?? (other, file) }
    }
    return files
  }

  /// Whether the names are meant to match: at least half of those of each side do.
  var arePairs: Bool { 2 * pairs.count >= most }

  /// Checks that every picture is of one pair.
  ///
  /// - Throws: `FileError` that names a picture without a partner, or one of two with the same name.
  func check() throws(FileError) {
    if let (first, second) = twice {
      throw FileError(second.path, "the pair has a second picture on this side, \(first.path); remove one of them")
    }
    guard let first = alone.first else { return }
    let others = alone.dropFirst().prefix(3).map(\.path)
    let rest = alone.count - 1 - others.count
    let list =
      others.isEmpty
      ? "" : "; nor have \(others.joined(separator: ", "))" + (rest > 0 ? " and \(rest) more" : "")
    throw FileError(
      first.path,
      "the picture has no partner: no picture on the other side has its name\(list). Add or remove pictures, or set "
        + "layout=single if the sides are collections without pairs")
  }
}
