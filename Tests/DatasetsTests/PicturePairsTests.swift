import Datasets
import Foundation
import Pictures
import Testing

/// Folders of pictures of two halves.
struct PicturePairsTests {
  private func options(_ folder: TemporaryFolder, _ size: (Int, Int)?, _ direction: SideDirection = .aToB)
    -> LoadOptions
  {
    var options = folder.options
    (options.sides, options.size) = (Sides(direction, layout: .halves), size)
    return options
  }

  private func bytes(_ data: Dataset, _ name: String) -> [UInt8] { data[name]?.withUnsafeBytes { Array($0) } ?? [] }

  /// Writes a picture whose left half is `left` all over and whose right half is 255 - `left`.
  private func write(_ left: UInt8, to name: String, width: Int = 4, channels: Int = 3, in folder: TemporaryFolder)
    throws
  {
    let row = (0..<width).flatMap { [UInt8](repeating: $0 < width / 2 ? left : 255 - left, count: channels) }
    let picture = try Picture(width: width, height: 2, channels: channels, pixels: row + row)
    try folder.draw(picture, to: name)
  }

  @Test(arguments: [(16, 12), (15, 20), (44, 44)], SideDirection.allCases)
  func `each half is resized on its own, as Pillow does`(size: (Int, Int), direction: SideDirection) throws {
    let folder = try TemporaryFolder()
    try folder.copy("pair.png", to: "pairs/train/1.png")
    try folder.copy("pair.png", to: "pairs/val/1.png")
    let data = try DataSource(folder.path + "/pairs").load(.train, options: options(folder, size, direction))
    #expect(data.columns.map(\.name) == ["images", "target"] && data.count == 1)
    let (source, target) = direction == .aToB ? ("A", "B") : ("B", "A")
    for (name, half) in [("images", source), ("target", target)] {
      let fixture = "Expected/pair-\(half)-\(size.0)x\(size.1).npy"
      let expected = try DataSource(TemporaryFolder.fixture(fixture)).load(.train, options: folder.options)
      #expect(data[name]?.format == expected.images.format)
      #expect((zip(bytes(data, name), expected.allBytes).map { abs(Int($0) - Int($1)) }.max() ?? 9) <= 1)
    }
  }

  @Test func `training pairs are loaded larger, too, for crops out of them`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1.png", "train/2.png", "val/1.png"] { try folder.copy("pair.png", to: "pairs/\(name)") }
    let source = try DataSource(folder.path + "/pairs")
    var larger = options(folder, (16, 12))
    larger.sides?.enlargement = 1.25
    let data = try source.load(.train, options: larger)
    let plain = try source.load(.train, options: options(folder, (16, 12)))
    #expect(data.fingerprint == plain.fingerprint && data.notices == plain.notices && plain.enlarged == nil)
    let enlarged = try #require(data.enlarged)
    // From the files, not from the smaller pictures.
    #expect(try enlarged.fingerprint == source.load(.train, options: options(folder, (20, 15))).fingerprint)
    #expect(try source.load(.test, like: data, options: larger).enlarged == nil)
  }

  @Test func `a folder without splits holds the last fifth by name out and says so`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<11 { try write(UInt8(10 + index), to: "pairs/\(index + 10).png", in: folder) }
    let source = try DataSource(folder.path + "/pairs")
    let train = try source.load(.train, options: options(folder, nil))
    let test = try source.load(.test, options: options(folder, nil))
    #expect((train.count, test.count) == (9, 2))
    #expect(train.shape == SampleShape(channels: 3, height: 2, width: 2))
    #expect(bytes(train, "images") == (0..<9).flatMap { [UInt8](repeating: UInt8(10 + $0), count: 12) })
    #expect(bytes(train, "target") == (0..<9).flatMap { [UInt8](repeating: UInt8(245 - $0), count: 12) })
    #expect(bytes(test, "images") == (9..<11).flatMap { [UInt8](repeating: UInt8(10 + $0), count: 12) })
    for data in [train, test] {
      #expect(data.notices == ["\(folder.path)/pairs: 11 pairs of halves, 2x2; 9 to train on, the last 2 held out"])
    }
    let fitted = try source.load(.test, like: train, options: options(folder, nil))
    #expect(fitted.fingerprint == test.fingerprint)
  }

  @Test func `pairs are kept in the cache, and each direction and size on its own`() throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] { try write(30, to: "pairs/\(split)/a.png", in: folder) }
    let source = try DataSource(folder.path + "/pairs")
    let first = try source.load(.train, options: options(folder, nil))
    let again = try source.load(.train, options: options(folder, nil))
    let turned = try source.load(.train, options: options(folder, nil, .bToA))
    #expect(first.fingerprint == again.fingerprint && bytes(first, "target") == bytes(again, "target"))
    #expect(bytes(turned, "images") == bytes(first, "target") && turned.fingerprint != first.fingerprint)
    var uncached = options(folder, nil)
    uncached.cacheFolder = try folder.write([1], to: "no-folder") + "/cache"
    let inMemory = try source.load(.train, options: uncached)
    #expect(inMemory.fingerprint == first.fingerprint && bytes(inMemory, "target") == bytes(first, "target"))
  }

  @Test func `a pair that cannot be read is left out of both columns`() throws {
    let folder = try TemporaryFolder()
    for (index, name) in ["a", "b", "c"].enumerated() {
      for split in ["train", "test"] { try write(UInt8(50 * index), to: "pairs/\(split)/\(name).png", in: folder) }
    }
    let path = folder.path + "/pairs/train/b.png"
    var png = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    png.removeLast(30)
    try folder.write(png, to: "pairs/train/b.png")
    let data = try DataSource(folder.path + "/pairs").load(.train, options: options(folder, nil))
    #expect(data.count == 2 && data.unreadable.map(\.path) == [path])
    #expect(bytes(data, "images").map { Int($0) } == [0, 100].flatMap { [Int](repeating: $0, count: 12) })
    #expect(bytes(data, "target").map { Int($0) } == [255, 155].flatMap { [Int](repeating: $0, count: 12) })
  }

  @Test func `halves of odd proportions are pointed out`() throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] { try write(30, to: "pairs/\(split)/a.png", in: folder) }
    func notices(_ size: (Int, Int)?) throws -> [String] {
      try DataSource(folder.path + "/pairs").load(.train, options: options(folder, size)).notices
    }
    #expect(try notices((8, 8)).count == 1 && notices(nil).count == 1)
    #expect(
      try notices((16, 8)).contains {
        $0.contains("a.png: the picture is 4x2, and each half of it is stretched to 16x8")
      })
  }

  @Test func `what are no pairs is refused by file and size`() throws {
    let folder = try TemporaryFolder()
    func refusal(_ set: String, _ change: (inout LoadOptions) -> Void = { _ in }) -> String? {
      var options = options(folder, nil)
      change(&options)
      return sentence { _ = try DataSource(set).load(.train, options: options) }
    }
    for split in ["train", "test"] {
      try write(3, to: "odd/\(split)/a.png", width: 5, in: folder)
      try write(3, to: "sizes/\(split)/a.png", in: folder)
      try write(3, to: "sizes/\(split)/b.png", width: 6, in: folder)
    }
    try write(3, to: "one/a.png", in: folder)
    let path = folder.path
    #expect(refusal(path + "/odd")?.contains("odd/train/a.png: the picture is 5x2: two halves") == true)
    #expect(refusal(path + "/sizes")?.contains("a.png is 4x2") == true)
    #expect(refusal(path + "/one")?.contains("one picture cannot be split into training and test data") == true)
    #expect(refusal("digits")?.contains("digits holds single pictures: it is one collection") == true)
    #expect(refusal(path + "/sizes") { $0.classesFromFolders = true }?.contains("pairs have no classes") == true)
    #expect(refusal(path + "/sizes") { $0.size = (2, 2) } == nil)
  }

  @Test func `a grey pair among coloured ones becomes colour`() throws {
    let folder = try TemporaryFolder()
    for (name, channels) in [("a", 3), ("b", 1)] {
      for split in ["train", "test"] {
        try write(3, to: "pairs/\(split)/\(name).png", channels: channels, in: folder)
      }
    }
    let data = try DataSource(folder.path + "/pairs").load(.train, options: options(folder, nil))
    #expect(data.count == 2 && data.shape.channels == 3 && data["target"]?.format.shape == [2, 2, 3])
    #expect(bytes(data, "images") == [UInt8](repeating: 3, count: 24))
  }

  @Test(arguments: ["rgb.png", "grey.png", "grey16.png", "rgba.png", "palette.png"])
  func `halves of all kinds of pictures are decoded as pictures are`(name: String) throws {
    let folder = try TemporaryFolder()
    for index in 0..<2 { try folder.copy(name, to: "pairs/\(index).png") }
    let data = try DataSource(folder.path + "/pairs").load(.train, options: options(folder, nil))
    let whole = try DataSource(TemporaryFolder.fixture("Expected/\(name).npy")).load(.train, options: folder.options)
    let (channels, width) = (whole.shape.channels, whole.shape.width)
    let rows = stride(from: 0, to: whole.allBytes.count, by: width * channels).map {
      Array(whole.allBytes[$0..<($0 + width * channels)])
    }
    #expect(data.shape == SampleShape(channels: channels, height: whole.shape.height, width: width / 2))
    #expect(bytes(data, "images") == rows.flatMap { $0.prefix(width / 2 * channels) })
    #expect(bytes(data, "target") == rows.flatMap { $0.suffix(width / 2 * channels) })
  }

  @Test func `halves of one pixel are pairs`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<2 {
      try folder.draw(Picture(width: 2, height: 1, channels: 1, pixels: [10, 20]), to: "pairs/\(index).png")
    }
    let data = try DataSource(folder.path + "/pairs").load(.test, options: options(folder, nil))
    #expect(bytes(data, "images") == [10] && bytes(data, "target") == [20])
  }
}
