import Datasets
import Foundation
import Pictures
import Testing

/// What a look at a source finds: single pictures, pairs or collections.
struct ArrangementTests {
  private func arrangement(_ folder: TemporaryFolder, _ source: String, layout: SideLayout = .auto) throws
    -> Arrangement
  {
    var options = folder.options
    options.sides = Sides(layout: layout)
    return try DataSource(source).arrangement(options)
  }

  /// Writes `count` pictures that `draw` makes to the folder "set".
  private func set(_ count: Int, _ draw: (UInt64) throws -> Picture) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<count { try folder.draw(draw(UInt64(index)), to: "set/\(100 + index).png") }
    return folder
  }

  @Test(arguments: [6, 20, 30]) func `halves that show the same scene in other greys are pairs`(count: Int) throws {
    let folder = try set(count) { index in
      let scene = DrawnScene(seed: index)
      return try DrawnScene.beside(scene.rows(greys: index + 100), scene.rows(greys: index + 200))
    }
    #expect(try arrangement(folder, folder.path + "/set") == .pairs(.halves))
    #expect(try arrangement(folder, folder.path + "/set", layout: .single) == .single)
    // The finding is kept.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.options.cacheFolder + "/decoded").contains {
        $0.hasSuffix(".halves")
      })
    #expect(try arrangement(folder, folder.path + "/set") == .pairs(.halves))
  }

  @Test func `pictures of 2 to 1 are no pairs if their halves show different scenes`() throws {
    let other = try set(20) { index in
      try DrawnScene.beside(
        DrawnScene(seed: index).rows(greys: index), DrawnScene(seed: index + 500).rows(greys: index))
    }
    #expect(try arrangement(other, other.path + "/set") == .single)
    #expect(try arrangement(other, other.path + "/set", layout: .halves) == .pairs(.halves))
    // One scene over the whole picture.
    let whole = try set(20) { try DrawnScene.picture(DrawnScene(seed: $0).rows(greys: $0, width: 64)) }
    #expect(try arrangement(whole, whole.path + "/set") == .single)
    // All halves are built alike, as two digits beside each other.
    let alike = try set(20) { index in
      let scene = DrawnScene(seed: 1)
      return try DrawnScene.beside(scene.rows(greys: 2 * index), scene.rows(greys: 2 * index + 1))
    }
    #expect(try arrangement(alike, alike.path + "/set") == .single)
    // Nothing to see.
    let flat = try set(20) { try Picture(width: 2, height: 1, channels: 1, pixels: [UInt8($0), 0]) }
    #expect(try arrangement(flat, flat.path + "/set") == .single)
    var options = flat.options
    options.sides = Sides()
    let message = sentence { _ = try DataSource(flat.path + "/set").load(.train, options: options) }
    #expect(message?.contains("all are 2:1, but left and right halves do not show the same scenes") == true)
  }

  @Test func `one picture of other proportions makes all of them single`() throws {
    let folder = try set(30) { index in
      let scene = DrawnScene(seed: index)
      let pair = try DrawnScene.beside(scene.rows(greys: index + 100), scene.rows(greys: index + 200))
      return index == 17 ? try DrawnScene.picture(scene.rows(greys: 1)) : pair
    }
    #expect(try arrangement(folder, folder.path + "/set") == .single)
    var options = folder.options
    options.sides = Sides()
    let message = sentence { _ = try DataSource(folder.path + "/set").load(.train, options: options) }
    #expect(
      message?.contains("/set/117.png is 32x32, and pairs of halves are 2:1. A translation needs two sides") == true)
  }

  @Test func `halves are looked for in the training split`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<8 {
      let scene = DrawnScene(seed: UInt64(index))
      let pair = try DrawnScene.beside(scene.rows(greys: UInt64(index + 100)), scene.rows(greys: UInt64(index + 200)))
      for split in ["train", "val"] { try folder.draw(pair, to: "set/\(split)/\(index).png") }
    }
    #expect(try arrangement(folder, folder.path + "/set") == .pairs(.halves))
    var options = folder.options
    options.sides = Sides()
    let data = try DataSource(folder.path + "/set").load(.train, options: options)
    #expect(
      data.count == 8 && data.notices.contains { $0.hasSuffix("16 pairs of halves, 32x32; 8 to train on, 8 held out") })
  }

  @Test func `a folder of which nothing can be read is an error that names a file`() throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2"] { try folder.copy("truncated.png", to: "set/\(name).png") }
    var options = folder.options
    options.sides = Sides(layout: .halves)
    let message = sentence { _ = try DataSource(folder.path + "/set").load(.train, options: options) }
    #expect(message?.contains("files cannot be read, more than half; the first is \(folder.path)/set/1.png") == true)
    for name in ["1", "2"] { try folder.write([0], to: "set/\(name).png") }
    options.sides = Sides()
    let other = sentence { _ = try DataSource(folder.path + "/set").load(.train, options: options) }
    #expect(other?.contains("no picture can be read; the first unreadable file is \(folder.path)/set/1.png") == true)
  }

  @Test func `what is no folder is single`() throws {
    let folder = try TemporaryFolder()
    #expect(try arrangement(folder, "digits") == .single)
    #expect(try arrangement(folder, "digits -> digits") == .collections)
  }
}
