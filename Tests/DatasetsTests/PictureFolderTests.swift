import Datasets
import Foundation
import Testing

/// Folders of pictures: which files count, classes, splits, sizes, bad files.
struct PictureFolderTests {
  @Test func `pictures of all levels count, in the order of their paths, others and hidden ones do not`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "a/deep/2.PNG")
    try folder.copy("palette.png", to: "a/1.png")
    try folder.copy("grey.png", to: "b/3.png")
    try folder.copy("grey.png", to: "b/.hidden.png")
    try folder.write([1, 2, 3], to: "b/readme.txt")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/b/round", withDestinationPath: folder.path)
    let dataset = try DataSource(folder.path).load(.test, options: folder.options)
    #expect(dataset.count == 3)
    #expect(dataset.shape == SampleShape(channels: 3, height: 16, width: 24))
    #expect(dataset.labels == nil)
    let second = Array(dataset.allBytes[dataset.bytesPerSample..<(2 * dataset.bytesPerSample)])
    let expected = try DataSource(TemporaryFolder.fixture("Expected/rgb.png.npy")).load(.train, options: folder.options)
    #expect(second == expected.allBytes)
  }

  @Test func `sub-folders are classes when asked`() throws {
    let folder = try TemporaryFolder()
    for name in ["dogs/x/1.png", "cats/2.png", "dogs/3.png"] { try folder.copy("rgb.png", to: "all/" + name) }
    var options = folder.options
    options.classesFromFolders = true
    let source = try DataSource(folder.path + "/all")
    let dataset = try source.load(.train, options: options)
    #expect(dataset.classNames == ["cats", "dogs"])
    #expect(dataset.labels == [0, 1, 1])
    #expect(dataset.classCount == 2)
    try folder.copy("rgb.png", to: "all/stray.png")
    let message = try #require(sentence { _ = try source.load(.train, options: options) })
    #expect(message.hasSuffix("all/stray.png: subfolders are classes, but this picture is in none of them"))
  }

  @Test func `sub-folders train and test are the splits`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/train/1.png")
    try folder.copy("rgb.png", to: "set/train/2.png")
    try folder.copy("rgb.png", to: "set/test/3.png")
    let source = try DataSource(folder.path + "/set")
    #expect(try source.load(.train, options: folder.options).count == 2)
    let test = try source.load(.test, options: folder.options)
    #expect(test.count == 1)
    #expect(test.notices.isEmpty)
  }

  @Test func `different sizes need a size`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/1.png")
    try folder.copy("large.png", to: "set/2.png")
    let source = try DataSource(folder.path + "/set")
    let message = try #require(sentence { _ = try source.load(.train, options: folder.options) })
    #expect(message.contains("set/1.png is 24x16"))
    #expect(message.contains("set/2.png is 61x47"))
    #expect(message.contains("--size"))
    var options = folder.options
    options.size = (10, 14)
    #expect(try source.load(.train, options: options).shape == SampleShape(channels: 3, height: 14, width: 10))
  }

  @Test func `a few bad files are left out and told, their labels with them`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/a/1.png")
    try folder.copy("truncated.png", to: "set/a/2.png")
    try folder.copy("rgb.png", to: "set/b/3.png")
    try folder.write([], to: "set/b/4.jpg")
    try folder.copy("rgb.png", to: "set/b/5.png")
    var options = folder.options
    options.classesFromFolders = true
    for _ in ["decoded", "from the cache"] {
      let dataset = try DataSource(folder.path + "/set").load(.train, options: options)
      #expect(dataset.count == 3)
      #expect(dataset.labels == [0, 1, 1])
      #expect(dataset.unreadable.map(\.path).sorted() == ["/set/a/2.png", "/set/b/4.jpg"].map { folder.path + $0 })
      #expect(Set(dataset.allBytes.chunks(of: dataset.bytesPerSample)).count == 1)
    }
  }

  @Test func `more than half bad files are an error`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/1.png")
    try folder.copy("truncated.png", to: "set/2.png")
    try folder.copy("truncated.jpg", to: "set/3.jpg")
    var options = folder.options
    options.size = (8, 8)
    let message = try #require(sentence { _ = try DataSource(folder.path + "/set").load(.train, options: options) })
    #expect(message.contains("2 of 3 files cannot be read, more than half"))
  }

  @Test func `a folder without pictures is an error`() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "set/readme.txt")
    let message = try #require(
      sentence { _ = try DataSource(folder.path + "/set").load(.train, options: folder.options) })
    #expect(message.contains("the folder holds no readable pictures"))
  }
}

extension [UInt8] {
  fileprivate func chunks(of size: Int) -> [[UInt8]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<($0 + size)]) }
  }
}
