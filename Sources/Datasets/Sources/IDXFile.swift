import Files

/// An array of bytes in the format of MNIST's files ("The MNIST database", LeCun, Cortes, Burges: file formats): two
/// zeros, type, number of dimensions, each dimension as four bytes big endian, the numbers.
struct IDXFile {
  let path: String
  let dimensions: [Int]
  private let file: PlainOrGzip

  /// Reads the header.
  ///
  /// - Throws: ``FileError`` when it is no IDX file of unsigned bytes.
  init(_ path: String) throws(FileError) {
    self.path = path
    file = try PlainOrGzip(path)
    let header = try file.prefix(4 + 4 * 4)
    guard header.count >= 8, header[0] == 0, header[1] == 0, (1...4).contains(header[3]) else {
      throw FileError(path, "this is not an IDX file: it must begin with two zeros, a type and 1 to 4 dimensions")
    }
    guard header[2] == 8 else {
      throw FileError(path, "the IDX file holds type \(header[2]); only unsigned bytes, type 8, can be read")
    }
    let rank = Int(header[3])
    guard header.count >= 4 + 4 * rank else { throw FileError(path, "the IDX header is truncated") }
    dimensions = (0..<rank).map { axis in (0..<4).reduce(0) { $0 << 8 | Int(header[4 + 4 * axis + $1]) } }
  }

  /// The dimensions as in "60000x28x28".
  var shape: String { dimensions.map(String.init).joined(separator: "x") }

  /// The numbers.
  ///
  /// - Throws: ``FileError`` when their number overflows or disagrees with the file's length.
  func content() throws(FileError) -> SampleStorage {
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product < 1 << 48 else { throw FileError(path, "the IDX header announces \(shape) bytes") }
      count = product
    }
    let offset = 4 + 4 * dimensions.count
    return try file.content(from: offset, count: count, announcedBy: "the IDX header announces \(shape) numbers")
  }
}

/// Pictures in an IDX file, with the labels of another.
struct IDXPictures {
  let images: IDXFile
  let labels: IDXFile?
  let name: String
  var classNames: [String]?

  /// - Throws: ``FileError`` when the files hold no pictures, no labels, or not as many labels as pictures.
  func samples() throws -> StoredSamples {
    let size = images.dimensions
    let channels = size.count == 4 ? size[3] : 1
    guard size.count >= 3, [1, 3].contains(channels), size.allSatisfy({ $0 > 0 }) else {
      throw FileError(
        images.path, "the IDX file holds \(images.shape) numbers; pictures are NxHxW or NxHxWxC with 1 or 3 channels")
    }
    let description = DatasetDescription(
      name: name, shape: SampleShape(channels: channels, height: size[1], width: size[2]), classNames: classNames)
    return StoredSamples(description: description, samples: try images.content(), labels: try labelValues())
  }

  private func labelValues() throws -> [Int32]? {
    guard let labels else { return nil }
    guard labels.dimensions.count == 1, labels.dimensions[0] == images.dimensions[0] else {
      throw FileError(
        labels.path, "\(labels.shape) labels do not match the \(images.dimensions[0]) pictures of \(images.path)")
    }
    return try labels.content().withUnsafeBytes { $0.map(Int32.init) }
  }
}

/// The usual names of IDX files: `train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, with a dot for the second hyphen
/// or not, with `.gz` or not, with a set's name before them or not.
enum IDXNames {
  /// The pictures of `split` in the set's folder `folder`.
  static func images(in folder: String, split: Split) throws -> String {
    let prefixes = split == .train ? ["train"] : ["t10k", "test"]
    let names = prefixes.flatMap { ["\($0)-images-idx3-ubyte", "\($0)-images.idx3-ubyte"] }
    guard let path = names.lazy.compactMap({ existing(folder + "/" + $0) }).first else {
      throw FileError(folder, "the folder lacks \(names[0]), plain or as .gz")
    }
    return path
  }

  /// The file like `path` that holds `split`: its name has another word for `train`, wherever that stands in it, as in
  /// `emnist-letters-train-images-idx3-ubyte`. `path` itself where its name tells no split, or no other file exists.
  static func counterpart(of path: String, split: Split) -> String {
    let (folder, name) = splitPath(path)
    let (given, wanted) =
      split == .train
      ? (/(?:^|[^a-zA-Z])(t10k|test|validation|valid|val)/, ["train"])
      : (/(?:^|[^a-zA-Z])(train)/, ["t10k", "test", "val", "valid", "validation"])
    for match in name.matches(of: given.ignoresCase()) {
      let word = match.output.1
      let others = wanted.map {
        word == word.uppercased() ? $0.uppercased() : word.first?.isUppercase == true ? $0.capitalized : $0
      }
      let candidates = others.lazy.map { folder + name[..<word.startIndex] + $0 + name[word.endIndex...] }
      if let found = candidates.compactMap(existing).first { return found }
    }
    return path
  }

  /// The labels beside the pictures at `path`.
  static func labels(besides path: String) -> String? {
    let (folder, name) = splitPath(path)
    guard name.contains("images") else { return nil }
    let labels = name.replacing("images", with: "labels").replacing(/idx[34]/, with: "idx1")
    return existing(folder + labels)
  }

  private static func splitPath(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  private static func existing(_ path: String) -> String? {
    let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    return [path, plain, plain + ".gz"].first { FileStamp($0) != nil }
  }
}
