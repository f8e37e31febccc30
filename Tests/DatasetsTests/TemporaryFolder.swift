import Datasets
import Files
import Foundation
import Pictures

/// A fresh folder that is removed with this object.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.path + "/swift-gan-data-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  /// Options whose cache lies in this folder.
  var options: LoadOptions {
    var options = LoadOptions(environment: ["HOME": path])
    options.threads = 2
    return options
  }

  /// Writes `bytes` to `name`, whose folders are made, and returns the path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Copies the fixture `picture` to `name`, any path as `String(pathBytes:)` has it, with the mark of swift-gan if one is given.
  func copy(_ picture: String, to name: String, as mark: PNGMark? = nil) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.fixture("Pictures/" + picture))))
    let whole = path + "/" + name
    let folder = whole.lastIndex(of: "/").map { String(whole[..<$0]) } ?? path
    try FileSystem.createFolder(folder)
    try AtomicFile.write(mark.map { Self.marked(bytes, as: $0) } ?? bytes, to: whole)
  }

  /// Writes `picture` to `name` as another program would: without the mark of swift-gan, by which it would be no data.
  @discardableResult
  func draw(_ picture: Picture, to name: String) throws -> String {
    let path = try write([], to: name)
    try picture.write(to: path)
    var png = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    if let mark = png.firstRange(of: Array("Software".utf8)) { png[mark.lowerBound] = UInt8(ascii: "s") }
    return try write(png, to: name)
  }

  /// The bytes of a PNG file with a text chunk after its header; nobody checks such a chunk's checksum.
  private static func marked(_ png: [UInt8], as mark: PNGMark) -> [UInt8] {
    let body = Array("tEXtSoftware\0\(mark.software)".utf8)
    var bytes = png
    bytes.insert(contentsOf: [0, 0, 0, UInt8(body.count - 4)] + body + [0, 0, 0, 0], at: 33)
    return bytes
  }

  static func fixture(_ name: String) -> String { Bundle.module.bundlePath + "/Fixtures/" + name }

  deinit {
    do {
      try Self.remove(path)
    } catch {
      print("\(path) was not removed: \(error)")
    }
  }

  /// Foundation does not remove files whose names are no UTF-8.
  private static func remove(_ path: String) throws {
    guard try FileStatus(path, followingLinks: false).kind == .folder else {
      FileSystem.remove(path)
      return
    }
    for name in try FileSystem.names(in: path) { try remove(path + "/" + name) }
    FileSystem.removeFolder(path)
  }
}

extension Dataset {
  /// All samples.
  var allBytes: [UInt8] { withUnsafeBytes { Array($0) } }
}

/// The sentence of the error that `body` throws; nil when it throws none.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// An IDX file of unsigned bytes.
func idx(_ dimensions: [Int], _ numbers: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(dimensions.count)]
    + dimensions.flatMap { dimension in (0..<4).map { UInt8(truncatingIfNeeded: dimension >> (24 - 8 * $0)) } }
    + numbers
}
