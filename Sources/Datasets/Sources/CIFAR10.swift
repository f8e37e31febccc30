import Files
import Pictures

/// CIFAR-10 (Krizhevsky 2009, "Learning multiple layers of features from tiny images"), 32x32 RGB in ten classes, in a
/// folder that holds the official binary files or PNG sheets of 1,000 pictures, one below the other.
struct CIFAR10 {
  let folder: String
  /// What the user called it.
  let name: String

  private static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private static let shape = SampleShape(channels: 3, height: 32, width: 32)
  private static let recordBytes = 1 + 3072
  private static let sheetPictures = 1000

  /// The files of `split`: the binary ones where they are, else the sheets 00-49 (train) or 50-59 (test).
  ///
  /// - Throws: ``FileError`` when the folder lacks one.
  func files(_ split: Split) throws(FileError) -> [String] {
    let names = split == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
    let binaries = names.map { folder + "/" + $0 }
    if binaries.contains(where: { FileStamp($0) != nil }) {
      guard let missing = binaries.first(where: { FileStamp($0) == nil }) else { return binaries }
      throw FileError(missing, "this CIFAR-10 batch is missing")
    }
    let sheets = (split == .train ? 0..<50 : 50..<60).map { folder + "/cifar10_batch_\($0 < 10 ? "0" : "")\($0).png" }
      .filter { FileStamp($0) != nil }
    guard !sheets.isEmpty else {
      throw FileError(folder, "the folder holds neither \(names[0]) nor sheets cifar10_batch_NN.png of CIFAR-10")
    }
    return sheets + [labelsPath]
  }

  private var labelsPath: String { folder + "/cifar10_labels-idx1-ubyte" }

  /// Pictures and labels of `split`.
  func samples(_ split: Split) throws -> StoredSamples {
    let files = try files(split)
    let isBinary = files.allSatisfy { $0.hasSuffix(".bin") }
    let (pixels, labels) = try isBinary ? batches(files) : sheets(files.dropLast())
    return StoredSamples(
      description: DatasetDescription(name: name, shape: Self.shape, classNames: Self.classNames),
      samples: .memory(AlignedBytes(copying: pixels)), labels: labels)
  }

  /// Records of a label and three planes, red, green and blue.
  private func batches(_ files: [String]) throws -> (pixels: [UInt8], labels: [Int32]) {
    var (pixels, labels) = ([UInt8](), [Int32]())
    for path in files {
      let bytes = try MappedFile(path)
      let count = bytes.bytes.count / Self.recordBytes
      guard count > 0, bytes.bytes.count == count * Self.recordBytes else {
        throw FileError(path, "\(bytes.bytes.count) bytes are not a whole number of records of \(Self.recordBytes)")
      }
      let start = pixels.count
      pixels.append(contentsOf: repeatElement(0, count: count * 3072))
      pixels.withUnsafeMutableBufferPointer { pixels in
        for index in 0..<count {
          let record = index * Self.recordBytes
          labels.append(Int32(bytes.bytes[record]))
          for pixel in 0..<1024 {
            for channel in 0..<3 {
              pixels[start + index * 3072 + 3 * pixel + channel] = bytes.bytes[record + 1 + 1024 * channel + pixel]
            }
          }
        }
      }
    }
    return (pixels, labels)
  }

  /// Sheet n holds the pictures whose labels begin at 1,000 n.
  private func sheets(_ files: [String]) throws -> (pixels: [UInt8], labels: [Int32]) {
    let all = try IDXFile(labelsPath).content().withUnsafeBytes { $0.map(Int32.init) }
    var (pixels, labels) = ([UInt8](), [Int32]())
    for path in files {
      let file = try MappedFile(path)
      let header = try file.withBytes { bytes throws(FileError) in try PictureHeader(bytes, path: path) }
      guard header.format == .png, header.width == 32, header.height == 32 * Self.sheetPictures, !header.isGrey else {
        throw FileError(path, "a CIFAR-10 sheet is an RGB PNG of 32x32000 pixels, not \(header.width)x\(header.height)")
      }
      guard let number = Int(path.dropLast(4).suffix(2)), all.count >= (number + 1) * Self.sheetPictures else {
        throw FileError(labelsPath, "\(all.count) labels are too few for the pictures of \(path)")
      }
      pixels += try file.withBytes { bytes throws(FileError) in
        try Picture(header, bytes: bytes, path: path).pixels
      }
      labels += all[(number * Self.sheetPictures)..<((number + 1) * Self.sheetPictures)]
    }
    return (pixels, labels)
  }
}
