import Datasets
import Files
import Foundation
import Metrics
import Testing
import Torch

@Suite struct ClassifierFileTests {
  private func classifier(in folder: String) throws -> Classifier {
    try ClassifierTraining(ToyPictures(folder: folder).load(.train), steps: 2)()
  }

  /// Writes the classifier again with other metadata and without, or with other, tensors.
  private func rewrite(
    _ path: String, metadata change: (inout [String: String]) -> Void = { _ in },
    tensors changeTensors: (inout [String: Tensor]) -> Void = { _ in }
  ) throws {
    let file = try SafetensorsFile(path)
    var (metadata, tensors) = (file.metadata, try file.tensors())
    change(&metadata)
    changeTensors(&tensors)
    try SafetensorsWriter.write(
      tensors.map { SafetensorsWriter.Item($0.key, $0.value) }, metadata: metadata, to: path)
  }

  @Test func everythingComesBack() throws {
    try withFolder { folder in
      let written = try classifier(in: folder)
      try written.write(to: folder + "/c.safetensors")
      let read = try Classifier(contentsOf: folder + "/c.safetensors")
      #expect(read.fingerprint == written.fingerprint && read.origin == written.origin)
      #expect(read.shape == written.shape && read.classCount == 3 && read.classNames == written.classNames)
      let pictures = waves([3, 1, 12, 12])
      #expect(try read(pictures).values.isIdentical(to: written(pictures).values))
    }
  }

  @Test(arguments: [
    ("network", nil, "lacks 'network'"), ("network", "vae", "holds the network 'vae'"),
    ("settings", nil, "lacks 'settings'"), ("settings", "[1]", "not an object of whole numbers"),
    ("settings", #"{"channels":1,"height":12,"width":12}"#, "lack 'classes'"),
    ("settings", #"{"channels":1,"height":12,"width":12,"classes":900000}"#, "has a different number"),
    ("settings", #"{"channels":4,"height":12,"width":12,"classes":3}"#, "'channels' is 4, not 1 to 3"),
    ("settings", #"{"channels":3,"height":12,"width":12,"classes":3}"#, "conv1.weight has shape"),
    ("settings", #"{"channels":1,"height":14,"width":12,"classes":3}"#, "their fingerprint differs"),
    ("class_names", #"["a"]"#, "there are 1 'class_names' for 3 classes"),
    ("origin", "{}", "'origin' is not what"), ("fingerprint", nil, "their fingerprint differs"),
  ])
  func wrongMetadataAreNamed(key: String, value: String?, sentence: String) throws {
    try withFolder { folder in
      let path = folder + "/c.safetensors"
      try classifier(in: folder).write(to: path)
      try rewrite(path, metadata: { $0[key] = value })
      let error = #expect(throws: FileError.self) { try Classifier(contentsOf: path) }
      #expect(error?.path == path && error?.reason.contains(sentence) == true, "\(String(describing: error))")
    }
  }

  @Test func wrongTensorsAreNamed() throws {
    try withFolder { folder in
      let path = folder + "/c.safetensors"
      let faults: [(sentence: String, bias: Tensor?)] = [
        ("missing: norm1.bias", nil), ("norm1.bias has shape [31]", .zeros([31])),
        ("their fingerprint differs", .ones([32])),
      ]
      for fault in faults {
        try classifier(in: folder).write(to: path)
        try rewrite(path, tensors: { $0["norm1.bias"] = fault.bias })
        let error = #expect(throws: FileError.self) { try Classifier(contentsOf: path) }
        #expect(error?.reason.contains(fault.sentence) == true, "\(String(describing: error))")
      }
    }
  }

  @Test func theCacheKeepsOneForEachSplit() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let (train, test) = (try toys.load(.train), try toys.load(.test))
      let cache = ExtractorCache(toys.options)
      #expect(cache.folder == folder + "/.cache/swift-gan/extractors")
      #expect(try cache.classifier(of: train) == nil)
      let classifier = try ClassifierTraining(train, steps: 2)()
      let path = try cache.store(classifier, for: train)
      #expect(try cache.classifier(of: train)?.fingerprint == classifier.fingerprint)
      #expect(try cache.classifier(of: test) == nil)
      try Data("damaged".utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileError.self) { try cache.classifier(of: train) }
      #expect(error?.reason.contains("remove the file") == true)
    }
  }
}
