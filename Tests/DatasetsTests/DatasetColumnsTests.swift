import Datasets
import Testing

/// Data sets of columns in memory, and what is refused.
struct DatasetColumnsTests {
  private let pixel = SampleShape(channels: 1, height: 1, width: 2)
  private let pixels: [UInt8] = [0, 255, 0, 0, 0, 255, 255, 255]

  @Test func `columns in memory are a data set like one from files`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(idx([4, 1, 2], pixels), to: "train-images-idx3-ubyte")
    try folder.write(idx([4], [2, 0, 2, 2]), to: "train-labels-idx1-ubyte")
    let loaded = try DataSource(path).load(.train, options: folder.options)
    let made = try Dataset(name: "dots", columns: [.pictures(pixels, pixel), .labels([2, 0, 2, 2])])
    for data in [loaded, made] {
      #expect(data.count == 4 && data.shape == pixel && data.element == .uint8 && data.kind == .pictures)
      #expect(data.labels == [2, 0, 2, 2] && data.classCount == 3 && data.classNames == nil)
      #expect(data.allBytes == pixels)
      // SHA-256 of "uint8 1x1x2\n", the pixels and the labels, little endian, by Python's hashlib.
      #expect(data.fingerprint == "37eda9ac499ecf6e9c55cddfa98cb316d3e80646f31e5a33bce8279bcf19a8e1")
    }
    #expect(made.name == "dots" && made.split == .train && made.source == nil && made.mixture == nil)
  }

  @Test func `fingerprints of earlier versions hold`() throws {
    let folder = try TemporaryFolder()
    let digits = try DataSource("digits").load(.test, options: folder.options)
    #expect(digits.fingerprint == "a31e8739c6c86b3a0f81696c8f715ed00e206af2c31273ca2f63cc2abee7de7d")
  }

  @Test func `a further column changes the fingerprint, and the order of rows and its name do`() throws {
    let samples = [StoredColumn.pictures(pixels, pixel), .labels([2, 0, 2, 2])]
    func fingerprint(_ target: [UInt8], _ name: String = "target") throws -> String {
      let shape = SampleShape(channels: 1, height: 1, width: 1)
      return try Dataset(name: "a", columns: samples + [.pictures(target, shape, name: name)]).fingerprint
    }
    // By Python's hashlib: the digest of the further column's rows follows "target: images uint8 1x1x1\n".
    #expect(try fingerprint([7, 8, 9, 10]) == "c9eefb573e3592dbb37885903e77a190c27fde603dd15d03d84c36494154265c")
    #expect(try fingerprint([7, 9, 8, 10]) != fingerprint([7, 8, 9, 10]))
    #expect(try fingerprint([7, 8, 9, 10], "depth") != fingerprint([7, 8, 9, 10]))
  }

  @Test func `columns of any kind and type are kept`() throws {
    let tokens = ColumnFormat(ColumnFormat.Kind(rawValue: "tokens"), .int32, shape: [3], cardinality: 100)
    let bytes = AlignedBytes(copying: [Int32](1...6))
    let data = try Dataset(
      name: "text", columns: [StoredColumn("tokens", tokens, bytes: bytes), .points([0, 0.5, -1, 1], name: "places")])
    #expect(data.count == 2 && data["images"] == nil && data.labels == nil && data.classCount == nil)
    #expect(data["tokens"]?.format == tokens)
    let second = data["tokens"]?.withRows(1..<2) { Array($0.bindMemory(to: Int32.self)) }
    #expect(second == [4, 5, 6])
    #expect(
      data["places"]?.rows(at: [1, 0]).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == [-1, 1, 0, 0.5])
  }

  struct Refusal: Sendable {
    let columns: [StoredColumn]
    let sentence: String
  }

  @Test(arguments: [
    Refusal(columns: [], sentence: "a data set needs at least one column"),
    Refusal(columns: [.labels([])], sentence: "the train split has no samples"),
    Refusal(
      columns: [.points([0, 0, 1, 1]), .labels([1])], sentence: "column 'classes' has 1 rows, but column 'images' has 2"
    ),
    Refusal(columns: [.labels([1]), .labels([1])], sentence: "two columns are called 'classes'"),
    Refusal(columns: [.points([0, 0, 1])], sentence: "has 12 bytes, which is not a whole number of rows of shape [2]"),
    Refusal(columns: [.points([0, 0, 1, .nan])], sentence: "number 1 of row 1 in column 'images' is nan"),
    Refusal(columns: [.points([0, 1.5])], sentence: "is 1.5; floats of pictures and points must be in [-1, 1]"),
    Refusal(columns: [.labels([0, -1])], sentence: "label -1 is negative"),
    Refusal(columns: [.labels([0, 2], names: ["cat", "dog"])], sentence: "label 2 is too large for 2 classes"),
    Refusal(
      columns: [
        StoredColumn(
          "row", ColumnFormat(ColumnFormat.Kind(rawValue: "table"), .float32, shape: [2]),
          bytes: AlignedBytes(copying: [Float(1e6), .infinity]))
      ], sentence: "number 1 of row 0 in column 'row' is inf; numbers must be finite"),
  ])
  func `what is no data set is refused`(refusal: Refusal) throws {
    let message = try #require(sentence { _ = try Dataset(name: "mine", columns: refusal.columns) })
    #expect(message.hasPrefix("mine: ") && message.contains(refusal.sentence), "\(message)")
  }

  @Test func `classes without rows count`() throws {
    let data = try Dataset(name: "a", columns: [.labels([0, 1], names: ["cat", "dog", "fox"])])
    #expect(data.classCount == 3 && data.classNames == ["cat", "dog", "fox"])
    #expect(try Dataset(name: "a", columns: [.labels([0, 1], count: 7)]).classCount == 7)
  }

  @Test func `a data set says where it comes from`() throws {
    let folder = try TemporaryFolder()
    let ring = try DataSource("ring8").load(.train, options: folder.options)
    #expect(ring.mixture?.name == "ring8" && ring.source?.isDrawn == true && ring.source?.stackedBase == nil)
    let stacked = try DataSource("stacked-digits").load(.test, options: folder.options)
    #expect(stacked.source?.stackedBase?.description == "digits" && stacked.mixture == nil)
    #expect(try DataSource("stacked-mnist:a/b").stackedBase?.description == "mnist:a/b")
    let path = try folder.write(idx([4, 1, 2], pixels), to: "ring8")
    let file = try DataSource(path).load(.train, options: folder.options)
    #expect(file.mixture == nil && file.source?.isDrawn == false && file.source?.description == path)
  }
}
