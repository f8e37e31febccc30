import Datasets
import Files
import Testing

/// Which sub-folders are splits, and that both splits number and shape their samples alike.
struct FolderSplitTests {
  private func classes(_ folder: TemporaryFolder) -> LoadOptions {
    var options = folder.options
    options.classesFromFolders = true
    return options
  }

  @Test(arguments: [
    ("train", "test", false), ("Train", "Test", true), ("train", "val", true), ("TRAIN", "valid", true),
    ("training", "testing", true), ("train", "Validation", true),
  ])
  func `sub-folders of usual names are the splits`(train: String, test: String, isTold: Bool) throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2", "3"] { try folder.copy("rgb.png", to: "set/\(train)/x/\(name).png") }
    try folder.copy("rgb.png", to: "set/\(test)/x/1.png")
    let source = try DataSource(folder.path + "/set")
    for options in [folder.options, classes(folder)] {
      let data = try source.load(.train, options: options)
      let heldOut = try source.load(.test, options: options)
      #expect(data.count == 3 && heldOut.count == 1)
      #expect(
        data.notices.contains { $0.contains("'\(train)' is the training split and '\(test)' the test") } == isTold)
      #expect(data.notices.count == (isTold ? 1 : 0))
      if options.classesFromFolders { #expect(data.classNames == ["x"] && heldOut.classNames == ["x"]) }
    }
  }

  @Test func `a test split goes before a validation split, which is named`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1", "val/1", "val/2", "test/1"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    let heldOut = try DataSource(folder.path + "/set").load(.test, options: folder.options)
    #expect(heldOut.count == 1 && heldOut.notices.contains { $0.contains("'val' is not used") })
  }

  @Test func `two sub-folders of one split are a question`() throws {
    let folder = try TemporaryFolder()
    for name in ["Train/1", "train/1", "test/1"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    let message = sentence { _ = try DataSource(folder.path + "/set").load(.train, options: folder.options) }
    #expect(message?.contains("'Train' and 'train' could both be the training split") == true)
  }

  @Test func `sub-folders that differ by capitals alone are classes where there is no test split`() throws {
    let folder = try TemporaryFolder()
    for name in ["Train/1", "train/1", "car/1"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    let data = try DataSource(folder.path + "/set").load(.train, options: classes(folder))
    #expect(data.classNames == ["Train", "car", "train"])
  }

  @Test func `a training split alone is none, and a class with a word about it`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1", "car/1"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    let data = try DataSource(folder.path + "/set").load(.train, options: classes(folder))
    #expect(data.classNames == ["car", "train"])
    #expect(data.notices.contains { $0.contains("'train' counts as a class") })
  }

  @Test func `a run is no split`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/1", "test/samples"] { try folder.copy("rgb.png", to: "set/\(name).png") }
    for name in ["recipe.json", "log.jsonl"] { try folder.write([1], to: "set/test/" + name) }
    let data = try DataSource(folder.path + "/set").load(.test, options: folder.options)
    #expect(
      data.count == 1 && data.notices.contains { $0.contains("1 run folder that swift-gan wrote is ignored") })
  }

  @Test func `a class has one number in both splits`() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c", "d"] { try folder.copy("rgb.png", to: "set/train/\(name)/1.png") }
    for name in ["b", "c", "d"] { try folder.copy("rgb.png", to: "set/test/\(name)/1.png") }
    let source = try DataSource(folder.path + "/set")
    #expect(try source.load(.train, options: classes(folder)).labels == [0, 1, 2, 3])
    let heldOut = try source.load(.test, options: classes(folder))
    #expect(heldOut.labels == [1, 2, 3] && heldOut.classNames == ["a", "b", "c", "d"] && heldOut.classCount == 4)
  }

  @Test func `pictures of a class that the training split lacks are left out and told`() throws {
    let folder = try TemporaryFolder()
    for name in ["train/a/1", "train/c/1", "test/a/1", "test/b/1", "test/b/2", "test/c/1"] {
      try folder.copy("rgb.png", to: "set/\(name).png")
    }
    let source = try DataSource(folder.path + "/set")
    let heldOut = try source.load(.test, options: classes(folder))
    #expect(heldOut.labels == [0, 1])
    #expect(heldOut.notices.contains { $0.contains("2 pictures of 'b' are left out") })
    for name in ["a", "c"] { FileSystem.remove("\(folder.path)/set/test/\(name)/1.png") }
    let message = sentence { _ = try source.load(.test, options: classes(folder)) }
    #expect(message?.contains("the classes are 'b', but the training split has 'a', 'c'") == true)
  }

  @Test(arguments: [
    ("rgb.png", "grey.png"), ("grey.png", "rgb.png"), ("rgb.png", "large.png"), ("grey.png", "large.png"),
  ])
  func `a split is loaded in the shape of the other`(train: String, test: String) throws {
    let folder = try TemporaryFolder()
    try folder.copy(train, to: "set/train/1.png")
    for name in ["1", "2"] { try folder.copy(test, to: "set/test/\(name).png") }
    let source = try DataSource(folder.path + "/set")
    let data = try source.load(.train, options: folder.options)
    #expect(try source.load(.test, options: folder.options).shape != data.shape)
    let heldOut = try source.load(.test, like: data, options: folder.options)
    #expect(heldOut.shape == data.shape && heldOut.count == 2)
  }

  @Test func `what has no splits is the same in the shape of itself`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("rgb.png", to: "set/1.png")
    for name in [folder.path + "/set", "ring8"] {
      let source = try DataSource(name)
      let data = try source.load(.train, options: folder.options)
      #expect(try source.load(.test, like: data, options: folder.options).shape == data.shape)
    }
  }
}
