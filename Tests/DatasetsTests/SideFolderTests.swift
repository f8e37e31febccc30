import Datasets
import Pictures
import Testing

/// Sides A and B in folders of their own.
struct SideFolderTests {
  private func options(_ folder: TemporaryFolder, _ sides: Sides = Sides()) -> LoadOptions {
    var options = folder.options
    options.sides = sides
    return options
  }

  private func load(_ folder: TemporaryFolder, _ split: Split = .train, _ sides: Sides = Sides()) throws -> Dataset {
    try DataSource(folder.path + "/set").load(split, options: options(folder, sides))
  }

  private func refusal(_ folder: TemporaryFolder, _ sides: Sides = Sides()) -> String? {
    sentence { _ = try load(folder, .train, sides) }
  }

  /// Draws a picture of one grey.
  private func draw(
    _ grey: Int, to name: String, size: (Int, Int) = (2, 2), channels: Int = 1, in folder: TemporaryFolder
  )
    throws
  {
    let pixels = [UInt8](repeating: UInt8(grey), count: size.0 * size.1 * channels)
    try folder.draw(Picture(width: size.0, height: size.1, channels: channels, pixels: pixels), to: "set/" + name)
  }

  /// The first byte of each row of a column.
  private func firsts(_ column: StoredColumn?) -> [Int] {
    guard let column else { return [] }
    let bytes = column.withUnsafeBytes { Array($0) }
    return stride(from: 0, to: bytes.count, by: column.format.rowBytes).map { Int(bytes[$0]) }
  }

  @Test(arguments: ["A", "B"]) func `equal names in A and B are pairs`(source: String) throws {
    let folder = try TemporaryFolder()
    for index in 0..<10 {
      try draw(10 + index, to: "A/\(index).png", in: folder)
      try draw(100 + index, to: "B/\(index).png", in: folder)
    }
    let sides = Sides(source == "A" ? .aToB : .bToA)
    let (train, test) = (try load(folder, .train, sides), try load(folder, .test, sides))
    let (first, second) = source == "A" ? (10, 100) : (100, 10)
    #expect(
      firsts(train["images"]) == (0..<8).map { first + $0 } && firsts(train["target"]) == (0..<8).map { second + $0 })
    #expect(firsts(test["images"]) == [first + 8, first + 9] && firsts(test["target"]) == [second + 8, second + 9])
    let said = "\(folder.path)/set: 10 pairs of pictures with equal names, 2x2; 8 to train on, the last 2 held out"
    #expect(train.notices == [said] && test.notices == [said] && train.counterpart == nil)
    #expect(try DataSource(folder.path + "/set").arrangement(folder.options) == .pairs(.folders))
    #expect(try load(folder, .train, sides).fingerprint == train.fingerprint)
  }

  @Test(arguments: [
    ["A/train", "B/train", "A/test", "B/test"], ["train/A", "train/B", "test/A", "test/B"],
    ["Train/a", "Train/b", "val/a", "val/b"],
  ])
  func `both sides may be divided into splits`(places: [String]) throws {
    let folder = try TemporaryFolder()
    for (number, place) in places.enumerated() {
      for index in 0..<(number < 2 ? 3 : 2) { try draw(50 * number + index, to: "\(place)/x/\(index).png", in: folder) }
    }
    let (train, test) = (try load(folder), try load(folder, .test))
    #expect(firsts(train["images"]) == [0, 1, 2] && firsts(train["target"]) == [50, 51, 52])
    #expect(firsts(test["images"]) == [100, 101] && firsts(test["target"]) == [150, 151])
    #expect(train.notices.contains { $0.hasSuffix("equal names, 2x2; 3 to train on, 2 held out") })
    #expect(train.notices.contains { $0.contains("'val' the test split") } == (places[2] == "val/a"))
  }

  @Test func `a pair of a grey and a coloured picture keeps both as they are stored`() throws {
    let folder = try TemporaryFolder()
    for (index, kinds) in [("grey16.png", "rgba.png"), ("grey.png", "palette.png"), ("grey.png", "grey.png")]
      .enumerated()
    {
      try folder.copy(kinds.0, to: "set/A/\(index).png")
      try folder.copy(kinds.1, to: "set/B/\(index).png")
    }
    let (train, test) = (try load(folder), try load(folder, .test))
    #expect(train["images"]?.format.shape == [16, 24, 1] && train["target"]?.format.shape == [16, 24, 3])
    for (column, names) in [("images", ["grey16.png", "grey.png"]), ("target", ["rgba.png", "palette.png"])] {
      let expected = try names.flatMap {
        try DataSource(TemporaryFolder.fixture("Expected/\($0).npy")).load(.train, options: folder.options).allBytes
      }
      #expect(train[column]?.withUnsafeBytes { Array($0) } == expected)
    }
    // The held-out pair is grey on both sides.
    #expect(test["target"]?.format.shape == [16, 24, 1])
    let fitted = try DataSource(folder.path + "/set").load(.test, like: train, options: options(folder))
    #expect(fitted["images"]?.format.shape == [16, 24, 1] && fitted["target"]?.format.shape == [16, 24, 3])
  }

  @Test func `a name on one side only is an error that names the files`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 { try draw(index, to: "A/\(index).png", in: folder) }
    for index in 1..<8 { try draw(index, to: "B/\(index).png", in: folder) }
    let message = try #require(refusal(folder))
    #expect(message.contains("set/A/0.png: the picture has no partner"))
    #expect(message.contains("nor have \(folder.path)/set/B/6.png, \(folder.path)/set/B/7.png. Add"))
    // Asked for, they are collections.
    let data = try load(folder, .train, Sides(layout: .single))
    #expect(data.count == 5 && data.counterpart?.count == 6)
    try draw(0, to: "B/0.png", in: folder)
    for index in 6..<8 { try draw(index, to: "A/\(index).png", in: folder) }
    #expect(try load(folder).count == 7)
    try folder.copy("exif1.jpg", to: "set/A/3.jpg")
    #expect(refusal(folder)?.contains("has a second picture on this side") == true)
  }

  @Test func `folders of different names are collections`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<5 { try draw(index, to: "A/photo \(index).png", in: folder) }
    for index in 0..<10 { try draw(100 + index, to: "B/painting \(index).png", in: folder) }
    let (train, test) = (try load(folder), try load(folder, .test))
    #expect(firsts(train.images) == [0, 1, 2, 3] && firsts(train.counterpart?.images) == (0..<8).map { 100 + $0 })
    #expect(firsts(test.images) == [4] && firsts(test.counterpart?.images) == [108, 109])
    #expect(train.notices == ["\(folder.path)/set: collections: 4 pictures to translate, 8 pictures to translate into"])
    #expect(
      test.notices == [
        "\(folder.path)/set: held out: one picture to translate (the last fifth), 2 pictures to translate into (the last fifth)"
      ])
    #expect(try DataSource(folder.path + "/set").arrangement(folder.options) == .collections)
  }

  @Test func `sizes of a pair that differ are an error with both sizes`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<3 {
      try draw(1, to: "A/\(index).png", in: folder)
      try draw(1, to: "B/\(index).png", size: index == 1 ? (4, 2) : (2, 2), in: folder)
    }
    let message = refusal(folder)
    #expect(message?.contains("A/1.png: the picture is 2x2, and its partner \(folder.path)/set/B/1.png is 4x2") == true)
  }

  @Test func `a pair is left out if one of its pictures cannot be read`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      for side in ["A", "B"] { try draw(10 * index, to: "\(side)/\(index).png", in: folder) }
    }
    try folder.write([1, 2, 3], to: "set/B/1.png")
    try folder.copy("truncated.png", to: "set/A/2.png")
    let (header, data) = ("\(folder.path)/set/B/1.png", "\(folder.path)/set/A/2.png")
    try folder.copy("rgb.png", to: "set/B/2.png")
    var sized = options(folder)
    (sized.size, sized.channels) = ((2, 2), 1)
    let train = try DataSource(folder.path + "/set").load(.train, options: sized)
    #expect(firsts(train["images"]) == [0, 30, 40] && firsts(train["target"]) == [0, 30, 40])
    #expect(Set(train.unreadable.map(\.path)) == [header, data])
  }

  @Test(arguments: [("trainA", "trainB", "testA", "testB"), ("train_A", "train_B", "val_A", "val_B")])
  func `CycleGAN's folders are collections even if names are equal`(_ a: String, _ b: String, _ c: String, _ d: String)
    throws
  {
    let folder = try TemporaryFolder()
    for (number, place) in [a, b, c, d].enumerated() {
      for index in 0...number { try draw(50 * number + index, to: "\(place)/\(index).png", in: folder) }
    }
    let (train, test) = (try load(folder), try load(folder, .test, Sides(.bToA)))
    #expect(firsts(train.images) == [0] && firsts(train.counterpart?.images) == [50, 51])
    #expect(firsts(test.images) == [150, 151, 152, 153] && firsts(test.counterpart?.images) == [100, 101, 102])
    #expect(train.columns.map(\.name) == ["images"] && train.counterpart?.columns.map(\.name) == ["images"])
    #expect(test.notices.contains { $0.hasSuffix("held out: 4 pictures to translate, 3 pictures to translate into") })
  }

  @Test func `a missing or empty side is an error`() throws {
    let folder = try TemporaryFolder()
    try draw(1, to: "trainA/1.png", in: folder)
    #expect(refusal(folder)?.contains("there is a subfolder 'trainA', but none for the other side, B") == true)
    try draw(1, to: "trainA/2.png", in: folder)
    try folder.write([], to: "set/trainB/notes.txt")
    #expect(refusal(folder)?.contains("set/trainB: the folder holds no readable pictures, only 1 .txt") == true)
    try draw(1, to: "trainB/1.png", in: folder)
    #expect(refusal(folder)?.contains("set/trainB: one picture cannot be split") == true)
    try draw(1, to: "testA/1.png", in: folder)
    #expect(refusal(folder)?.contains("there is a subfolder 'testA', but none for the other side, B") == true)
    let divided = try TemporaryFolder()
    for name in ["A/train/1", "A/test/2", "B/1", "B/2"] { try draw(1, to: name + ".png", in: divided) }
    #expect(refusal(divided)?.contains("B: the folder lacks subfolders 'train' and 'test', into which") == true)
    let one = try TemporaryFolder()
    for name in ["train/A/1", "train/B/1", "test/A/1"] { try draw(1, to: name + ".png", in: one) }
    #expect(refusal(one)?.contains("set/test: the folder lacks subfolders 'A' and 'B'") == true)
  }

  @Test func `folders A and B beside others are no sides`() throws {
    let folder = try TemporaryFolder()
    for side in ["A", "B", "C"] {
      for index in 0..<2 { try draw(1, to: "\(side)/\(index).png", in: folder) }
    }
    #expect(try DataSource(folder.path + "/set").arrangement(folder.options) == .single)
    #expect(refusal(folder)?.contains("holds single pictures") == true)
    // What swift-gan wrote does not count.
    let own = try TemporaryFolder()
    for side in ["A", "B"] {
      for index in 0..<2 { try draw(1, to: "\(side)/\(index).png", in: own) }
    }
    try own.copy("rgb.png", to: "set/data.png", as: .sheet)
    #expect(try DataSource(own.path + "/set").arrangement(own.options) == .pairs(.folders))
  }
}
