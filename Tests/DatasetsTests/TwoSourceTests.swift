import Datasets
import Files
import Foundation
import Pictures
import Testing

/// Two sources, "FROM -> TO", whose pictures are no pairs.
struct TwoSourceTests {
  private func options(_ folder: TemporaryFolder, _ direction: SideDirection = .aToB) -> LoadOptions {
    var options = folder.options
    options.sides = Sides(direction)
    return options
  }

  /// Folders "photos" of five grey pictures and "paintings" of ten, 2x2 and `size`.
  private func folders(painted channels: Int = 1, size: Int = 2) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<15 {
      let (side, count) = index < 5 ? (2, 1) : (size, channels)
      let pixels = [UInt8](repeating: UInt8(10 * index), count: side * side * count)
      try folder.draw(
        Picture(width: side, height: side, channels: count, pixels: pixels),
        to: "\(index < 5 ? "photos" : "paintings")/\(10 + index).png")
    }
    return folder
  }

  private func firsts(_ data: Dataset?) -> [Int] {
    guard let data else { return [] }
    return stride(from: 0, to: data.allBytes.count, by: data.bytesPerSample).map { Int(data.allBytes[$0]) }
  }

  @Test func `both collections are loaded larger, too, for crops out of them`() throws {
    let folder = try folders(painted: 3, size: 4)
    let source = try DataSource(from: folder.path + "/photos", to: folder.path + "/paintings")
    var options = options(folder)
    (options.size, options.sides) = ((8, 8), Sides(enlargement: 1.5))
    let train = try source.load(.train, options: options)
    let shape = SampleShape(channels: 3, height: 12, width: 12)
    #expect(train.enlarged?.shape == shape && train.counterpart?.enlarged?.shape == shape)
    #expect(train.enlarged?.count == train.count && train.counterpart?.enlarged?.count == train.counterpart?.count)
    let test = try source.load(.test, like: train, options: options)
    #expect(test.enlarged == nil && test.counterpart?.enlarged == nil)
  }

  @Test func `two folders are collections, and their text means the same again`() throws {
    let folder = try folders()
    let (photos, paintings) = (folder.path + "/photos", folder.path + "/paintings")
    let source = try DataSource(from: photos, to: paintings)
    #expect(source.description == "\(photos) -> \(paintings)" && source.absolute == source.description)
    for source in [source, try DataSource(source.absolute)] {
      let (train, test) = (
        try source.load(.train, options: options(folder)), try source.load(.test, options: options(folder))
      )
      #expect(firsts(train) == [0, 10, 20, 30] && firsts(train.counterpart) == (5..<13).map { 10 * $0 })
      #expect(firsts(test) == [40] && firsts(test.counterpart) == [130, 140])
      #expect(train.name == source.description && train.source?.absolute == source.absolute)
      let turned = try source.load(.train, options: options(folder, .bToA))
      #expect(firsts(turned) == firsts(train.counterpart) && firsts(turned.counterpart) == firsts(train))
      #expect(turned.fingerprint != train.fingerprint)
      #expect(try source.arrangement(folder.options) == .collections)
    }
  }

  @Test func `a relative path becomes absolute on both sides, and an arrow in a file's name is none`() throws {
    let source = try DataSource(from: ".", to: "digits")
    #expect(source.absolute == FileSystem.absolute(".") + " -> digits")
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "a -> b/1.png")
    #expect(try DataSource(folder.path + "/a -> b").load(.train, options: folder.options).count == 1)
  }

  @Test func `named sets and arrays can be a side`() throws {
    let folder = try TemporaryFolder()
    let array = try folder.write(
      npy([10, 28, 28], (0..<10).flatMap { [UInt8](repeating: $0, count: 784) }), to: "a.npy")
    for text in ["digits -> \(array)", "\(array) -> digits"] {
      let source = try DataSource(text)
      let train = try source.load(.train, options: options(folder))
      let test = try source.load(.test, like: train, options: options(folder))
      let isFirst = text.hasPrefix("digits")
      #expect([train.count, try #require(train.counterpart).count] == (isFirst ? [60000, 8] : [8, 60000]))
      #expect([test.count, try #require(test.counterpart).count] == (isFirst ? [10000, 2] : [2, 10000]))
      #expect(firsts(isFirst ? test.counterpart : test) == [8, 9] && train.labels == nil)
      #expect(test.notices.contains { $0.contains("(the last fifth)") })
      #expect(try source.load(.train, options: options(folder)).fingerprint == train.fingerprint)
    }
  }

  private func npy(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let text = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(text)), }"
    header += String(repeating: " ", count: 127 - 10 - header.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
  }

  @Test func `grey becomes colour if the other side has colour`() throws {
    let folder = try folders(painted: 3)
    let source = try DataSource(from: folder.path + "/photos", to: folder.path + "/paintings")
    let train = try source.load(.train, options: options(folder))
    #expect(train.shape.channels == 3 && train.counterpart?.shape.channels == 3)
    #expect(train.allBytes == [0, 10, 20, 30].flatMap { [UInt8](repeating: $0, count: 12) })
    #expect(train.notices.contains { $0.contains("one side are grey; they become colour") })
    let test = try source.load(.test, like: train, options: options(folder))
    #expect(test.shape == train.shape && test.counterpart?.shape == train.shape)
  }

  @Test(arguments: ["grey16.png", "rgba.png", "rgb.png"])
  func `all kinds of pictures are decoded as pictures are`(name: String) throws {
    let folder = try TemporaryFolder()
    for place in ["a/1", "a/2", "b/1", "b/2", "b/3"] { try folder.copy(name, to: place + ".png") }
    let train = try DataSource(from: folder.path + "/a", to: folder.path + "/b").load(.train, options: options(folder))
    let expected = try DataSource(TemporaryFolder.fixture("Expected/\(name).npy")).load(.train, options: folder.options)
    #expect(train.allBytes == expected.allBytes && train.counterpart?.allBytes == expected.allBytes + expected.allBytes)
  }

  @Test func `sizes that differ need one, and pictures of one pixel are pictures`() throws {
    let folder = try folders(size: 1)
    let source = try DataSource(from: folder.path + "/photos", to: folder.path + "/paintings")
    let message = sentence { _ = try source.load(.train, options: options(folder)) }
    #expect(message?.contains("/photos has 2x2, \(folder.path)/paintings 1x1; choose one, as in --size 64x64") == true)
    var sized = options(folder)
    sized.size = (4, 4)
    let train = try source.load(.train, options: sized)
    #expect(train.shape.width == 4 && firsts(train.counterpart) == (5..<13).map { 10 * $0 })
  }

  @Test func `what cannot be a side is refused`() throws {
    let folder = try folders()
    let photos = folder.path + "/photos"
    #expect(sentence { _ = try DataSource(from: photos, to: "ring8") }?.contains("ring8: these are points") == true)
    #expect(sentence { _ = try DataSource("digits -> digits -> digits") }?.contains("has two sides itself") == true)
    #expect(
      sentence { _ = try DataSource("\(photos) -> nowhere/b") }?.contains("nowhere/b: there is no such file") == true)
    let source = try DataSource("digits -> \(photos)")
    #expect(sentence { _ = try source.load(.train, options: folder.options) }?.contains("two collections") == true)
    let points = try folder.write(
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: photos + "/10.png"))), to: "one/1.png")
    let one = try DataSource("digits -> " + points.dropLast(6))
    #expect(
      sentence { _ = try one.load(.train, options: options(folder)) }?.contains("one picture cannot be split") == true)
  }
}
