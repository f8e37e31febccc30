import Files

/// The PNG and JPEG files in a folder and its subfolders that are data, in the byte order of their paths.
package struct PictureFolder {
  /// The pictures.
  var files: [PictureListing.File]
  package let unreadable: [UnreadableFile]
  /// Where the pictures are.
  package var paths: [String] { files.map(\.path) }
  /// The subfolders of the first level that hold pictures, in the byte order of their names.
  let groups: [String]
  /// What was passed over, in sentences.
  package private(set) var notices: [String]
  private let path: String

  /// Lists the pictures of the folder at `path`, without what swift-gan wrote there.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read or holds no picture.
  package init(_ path: String, options: LoadOptions) throws(FileError) {
    let listing = try PictureListing(path)
    guard !listing.files.isEmpty else { throw FileError(path, Self.emptiness(listing)) }
    let own = OwnPictures(options: options).passedOver(in: listing)
    files = listing.files.enumerated().filter { !own.contains($0.offset) }.map(\.element)
    (unreadable, self.path) = (listing.unreadable, path)
    // By bytes: strings are equal where names differ by Unicode normalisation alone.
    groups = Set(files.compactMap { $0.group?.pathBytes }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(pathBytes: $0) }
    let written = [Self.counted(listing.runs, "run folder"), Self.counted(own.count, "picture")].compactMap { $0 }
    notices = []
    if !written.isEmpty {
      let isOne = listing.runs + own.count == 1
      notices.append(
        "\(path): \(written.joined(separator: " and ")) that swift-gan wrote \(isOne ? "is" : "are") ignored")
    }
    let others = listing.others.filter { Self.otherPictures.contains($0.key) }
    if !others.isEmpty {
      let count = others.values.reduce(0, +)
      notices.append(
        "\(path): \(count) \(count == 1 ? "file" : "files") of other kinds \(count == 1 ? "is" : "are") ignored: "
          + "\(Self.list(others)); PNG and JPEG are read")
    }
    if listing.repeatingLinks > 0 {
      let links = Self.counted(listing.repeatingLinks, "link") ?? ""
      notices.append(
        "\(path): \(links) to what is there already \(listing.repeatingLinks == 1 ? "adds" : "add") nothing: each picture "
          + "counts once")
    }
  }

  /// Keeps the pictures of these `classes`, those of the training split, and those that are of no class.
  ///
  /// - Throws: ``FileError`` when no picture is of one of them.
  mutating func keep(classes: [String]) throws(FileError) {
    let known = Set(classes.map(\.pathBytes))
    let kept = files.filter { $0.group.map { known.contains($0.pathBytes) } ?? true }
    guard kept.count < files.count else { return }
    let unknown = groups.filter { !known.contains($0.pathBytes) }.map { "'\($0)'" }.joined(separator: ", ")
    let count = files.count - kept.count
    let names = classes.map { "'\($0)'" }.joined(separator: ", ")
    guard !kept.isEmpty else {
      throw FileError(
        path, "the classes are \(unknown), but the training split has \(names): they must be the same")
    }
    notices.append(
      "\(path): \(count) \(count == 1 ? "picture" : "pictures") of \(unknown) \(count == 1 ? "is" : "are") left out: the "
        + "training split has no such class")
    files = kept
  }

  /// The path of `file` within the folder, without its ending.
  func stem(of file: PictureListing.File) -> [UInt8] {
    let ending = Self.ending(of: file.path).utf8.count
    return Array(file.path.pathBytes.dropFirst(path.pathBytes.count + 1).dropLast(ending))
  }

  /// Whether `name` ends as a picture's does.
  static func isPicture(_ name: String) -> Bool { pictures.contains(ending(of: name)) }

  /// The end of a file name in small letters, as in `.png`; empty where there is none.
  static func ending(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(name[dot...]).lowercased()
  }

  private static let pictures: Set = [".png", ".jpg", ".jpeg", ".jfif", ".jpe"]

  /// Pictures that are not read, and that people would miss.
  private static let otherPictures = Set(
    """
    apng arw avif bmp cr2 cr3 dds dib dng exr gif hdr heic heif ico j2k jp2 jxl nef orf pbm pgm pnm ppm psd qoi raf rw2 \
    svg tga tif tiff webp
    """.split(separator: " ").map { "." + $0 })

  private static func emptiness(_ listing: PictureListing) -> String {
    if listing.runs > 0 && listing.others.isEmpty { return "the folder holds training runs but no pictures" }
    let sought = "pictures must end in .png, .jpg, .jpeg, .jfif or .jpe"
    guard !listing.others.isEmpty else { return "the folder holds no pictures; \(sought)" }
    let needsConversion = listing.others.keys.contains { otherPictures.contains($0) }
    return "the folder holds no readable pictures, only \(list(listing.others)); "
      + (needsConversion ? "convert the pictures to PNG or JPEG" : sought)
  }

  /// The commonest first, as in "10 .webp, 2 .bmp"; at most five.
  private static func list(_ counts: [String: Int]) -> String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(5).map { "\($0.value) \($0.key.isEmpty ? "without an ending" : $0.key)" }
    let rest = sorted.dropFirst(5).reduce(0) { $0 + $1.value }
    return (shown + (rest > 0 ? ["\(rest) others"] : [])).joined(separator: ", ")
  }

  private static func counted(_ count: Int, _ noun: String) -> String? {
    count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
