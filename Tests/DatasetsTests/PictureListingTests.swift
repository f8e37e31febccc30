import Datasets
import Files
import Foundation
import Testing

/// What of a folder is data: names of any bytes, links, files of other kinds, and what swift-gan wrote.
struct PictureListingTests {
  private func load(
    _ folder: TemporaryFolder, _ set: String = "set", classes: Bool = false, size: (Int, Int)? = nil
  ) throws -> Dataset {
    var options = folder.options
    options.classesFromFolders = classes
    options.size = size
    return try DataSource(folder.path + "/" + set).load(.train, options: options)
  }

  private func link(_ path: String, to target: String, in folder: TemporaryFolder) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(path)", withDestinationPath: target)
  }

  // MARK: Names

  @Test func `names are any bytes, in their order, and shown escaped`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "\\xE9t\\xE9/z\\xFC/1.png")
    try folder.copy("palette.png", to: "\\xE9t\\xE9/a/\\x1B[31m.png")
    try folder.copy("truncated.png", to: "\\xE9t\\xE9/a/\\xFF.png")
    // U+E000 begins with the byte 0xEE, which comes before 0xFC of the escaped name though its text comes after it.
    try folder.copy("rgb.png", to: "\\xE9t\\xE9/z\u{e000}/1.png")
    let data = try load(folder, "\\xE9t\\xE9", classes: true)
    #expect(data.count == 3 && data.classNames == ["a", "z\u{e000}", "z\\xFC"] && data.labels == [0, 1, 2])
    #expect(data.unreadable.map(\.path) == [folder.path + "/\\xE9t\\xE9/a/\\xFF.png"])
  }

  @Test func `class names that differ by Unicode normalisation alone are two`() throws {
    let folder = try TemporaryFolder()
    for name in ["e\u{301}", "\u{e9}"] { try folder.copy("rgb.png", to: "set/\(name)/1.png") }
    try folder.copy("rgb.png", to: "set/\u{e9}/2.png")
    let data = try load(folder, classes: true)
    #expect(
      data.labels == [0, 1, 1] && data.classNames?.map { Array($0.utf8) } == [Array("e\u{301}".utf8), [0xc3, 0xa9]])
  }

  // MARK: Links

  @Test func `links add nothing to what is there already`() throws {
    let folder = try TemporaryFolder()
    for name in ["real/1.png", "real/2.png"] { try folder.copy("rgb.png", to: "set/" + name) }
    try link("set/alias", to: "real", in: folder)
    try link("set/another", to: "alias", in: folder)
    try link("set/1.png", to: "real/1.png", in: folder)
    try link("set/real/up", to: "..", in: folder)
    let data = try load(folder, classes: true)
    #expect(data.count == 2 && data.classNames == ["real"])
    #expect(data.notices.contains { $0.contains("4 links to what is there already add nothing") })
  }

  @Test func `what links lead to from outside is taken once`() throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2"] { try folder.copy("rgb.png", to: "elsewhere/\(name).png") }
    try folder.copy("rgb.png", to: "set/own/1.png")
    try link("set/a", to: folder.path + "/elsewhere", in: folder)
    try link("set/b", to: folder.path + "/elsewhere", in: folder)
    try link("set/own/2.png", to: folder.path + "/elsewhere/2.png", in: folder)
    let data = try load(folder, classes: true)
    #expect(data.classNames == ["a", "own"] && data.labels == [0, 0, 1])
  }

  @Test func `hard links are files of their own`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/a/1.png")
    try FileManager.default.linkItem(atPath: folder.path + "/set/a/1.png", toPath: folder.path + "/set/a/2.png")
    #expect(try load(folder).count == 2)
  }

  // MARK: Other kinds

  @Test func `pictures of other kinds are named once, other files are not`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/1.png")
    for name in ["a.webp", "sub/b.WEBP", "c.webp", "d.bmp", "notes.txt", "e"] {
      try folder.write([1], to: "set/" + name)
    }
    for _ in ["decoded", "from the cache"] {
      let notices = try load(folder).notices.filter { $0.contains("ignored") }
      #expect(
        notices == [
          "\(folder.path)/set: 4 files of other kinds are ignored: 3 .webp, 1 .bmp; PNG and JPEG are read"
        ])
    }
  }

  @Test func `a folder of other kinds alone says which`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.tif", "b.tiff", "c.tif", "notes.txt"] { try folder.write([1], to: "set/" + name) }
    let message = try #require(sentence { _ = try load(folder) })
    #expect(message.contains("only 2 .tif, 1 .tiff, 1 .txt; convert the pictures to PNG or JPEG"))
  }

  // MARK: What swift-gan wrote

  @Test func `runs, previews and samples among pictures are no data`() throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    let before = try load(folder).fingerprint
    try folder.copy("large.png", to: "set/data.png", as: .sheet)
    try folder.copy("grey.png", to: "set/generated/000000.png", as: .sample)
    // Not even marked: the folder says it.
    try folder.copy("large.png", to: "set/runs/first/samples/step-000000500.png")
    for name in ["recipe.json", "log.jsonl"] { try folder.write([1], to: "set/runs/first/" + name) }
    for _ in ["searched", "from the cache"] {
      let data = try load(folder)
      #expect(data.count == 2 && data.fingerprint == before)
      #expect(
        data.notices.contains { $0.hasSuffix("1 run folder and 2 pictures that swift-gan wrote are ignored") })
    }
  }

  @Test func `generated samples are data where nothing else is, without sheets among them`() throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2"] { try folder.copy("rgb.png", to: "set/\(name).png", as: .sample) }
    #expect(try load(folder).count == 2)
    try folder.copy("large.png", to: "set/data.png", as: .sheet)
    // A damaged file is no picture of somebody's.
    try folder.copy("truncated.png", to: "set/3.png", as: .sample)
    try folder.write([1, 2, 3], to: "set/4.png")
    let data = try load(folder)
    #expect(data.count == 2 && data.unreadable.count == 2)
    for name in ["1", "2", "3", "4"] { FileSystem.remove("\(folder.path)/set/\(name).png") }
    #expect(try load(folder).shape == SampleShape(channels: 3, height: 47, width: 61))
  }

  @Test func `the folder of a run is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "run/samples.png", as: .sheet)
    for name in ["recipe.json", "log.jsonl"] { try folder.write([1], to: "run/" + name) }
    #expect(sentence { _ = try load(folder, "run") }?.contains("this is a run folder, not data") == true)
    #expect(sentence { _ = try load(folder, "") }?.contains("holds training runs but no pictures") == true)
  }
}
