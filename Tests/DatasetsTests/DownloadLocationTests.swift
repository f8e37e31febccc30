import Datasets
import Files
import Foundation
import Testing

/// Where named sets are looked for, and what is said when files are missing.
struct DownloadLocationTests {
  private let root = FileManager.default.temporaryDirectory.path + "/swift-gan-location-" + UUID().uuidString
  private let idx = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  /// Runs `body` with empty files at `paths` below a fresh folder.
  private func withFiles(_ paths: [String], _ body: () throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    for path in paths.map({ root + "/" + $0 }) {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: path))
    }
    try body()
  }

  private func locate(_ name: String, in directory: String? = nil, environment: [String: String] = [:]) throws -> String
  {
    try NamedSets.locate(name, directory: directory, environment: environment, cache: root + "/cache")
  }

  @Test(arguments: ["mnist", "fashion-mnist"], ["", ".gz"])
  func `a given folder is taken, gzipped or not`(name: String, suffix: String) throws {
    try withFiles(idx.map { "here/" + $0 + suffix }) {
      try #expect(locate(name, in: root + "/here") == root + "/here")
    }
  }

  @Test func `a folder that lacks files names them`() throws {
    try withFiles(["here/" + idx[0], "here/" + idx[2] + ".gz"]) {
      let error = try #require(throws: FileError.self) { try locate("mnist", in: root + "/here") }
      #expect(error.path == root + "/here")
      #expect(error.reason.hasSuffix("missing, plain or as .gz: \(idx[1]), \(idx[3])"))
    }
  }

  @Test func `a folder that is not there is said to be so`() throws {
    let error = try #require(throws: FileError.self) { try locate("mnist", in: root + "/nowhere") }
    #expect(error.description == root + "/nowhere: there is no such folder")
  }

  @Test func `GAN_DATA goes before the cache, the cache before a download`() throws {
    try withFiles(idx.flatMap { ["data/mnist/" + $0, "cache/data/mnist/" + $0] }) {
      try #expect(locate("mnist", environment: ["GAN_DATA": root + "/data"]) == root + "/data/mnist")
      try #expect(locate("mnist", environment: ["GAN_DATA": root + "/other"]) == root + "/cache/data/mnist")
      try #expect(locate("mnist") == root + "/cache/data/mnist")
    }
  }

  @Test func `CIFAR-10 is found as its archive unpacks, and as sheets`() throws {
    let batches = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    try withFiles(batches.map { "official/cifar-10-batches-bin/" + $0 } + batches.map { "flat/" + $0 }) {
      try #expect(locate("cifar10", in: root + "/official") == root + "/official/cifar-10-batches-bin")
      try #expect(locate("cifar10", in: root + "/flat") == root + "/flat")
    }
    try withFiles(["sheets/cifar10_labels-idx1-ubyte", "sheets/cifar10_batch_00.png"]) {
      try #expect(locate("cifar10", in: root + "/sheets") == root + "/sheets")
    }
  }

  @Test func `an archive that was not unpacked comes with the command`() throws {
    try withFiles(["here/cifar-10-binary.tar.gz"]) {
      let error = try #require(throws: FileError.self) { try locate("cifar10", in: root + "/here") }
      #expect(error.reason.hasSuffix("tar -xzf \(root)/here/cifar-10-binary.tar.gz -C \(root)/here"))
    }
  }

  @Test func `an unknown name comes with the known ones`() throws {
    let error = try #require(throws: (any Error).self) { try locate("emnist") }
    #expect("\(error)" == "there is no data set named 'emnist'; there are mnist, fashion-mnist, cifar10")
  }

  private static let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../shared/data"

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: shared + "/mnist"), "the copies in ../shared/data are not here"),
    arguments: ["mnist", "fashion-mnist"])
  func `sizes and checksums are those of the shared copies`(name: String) throws {
    for file in try #require(NamedSets.all.first { $0.name == name }).files {
      let copy = try MappedFile("\(Self.shared)/\(name)/\(file.name)")
      withExtendedLifetime(copy) {
        #expect(copy.bytes.count == file.byteCount)
        #expect(SHA256.digest(copy.bytes) == file.sha256)
      }
    }
  }

  @Test(arguments: NamedSets.all)
  func `every set is pinned and has several mirrors`(set: NamedSet) {
    #expect(set.mirrors.count >= 2)
    #expect(set.mirrors.allSatisfy { $0.hasPrefix("http") && $0.hasSuffix("/") })
    #expect(set.files.allSatisfy { $0.byteCount > 0 && $0.sha256.count == 64 && $0.sha256.allSatisfy(\.isHexDigit) })
    #expect(Set(set.files.map(\.sha256)).count == set.files.count)
  }
}
