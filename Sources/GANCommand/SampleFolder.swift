import Files
import GAN

/// A folder of pictures, `000000.png`, `000001.png`, ..., which are those of one call: never some of this one beside some of
/// an earlier one.
struct SampleFolder {
  let path: String

  init(_ path: String) { self.path = path }

  /// Finds out before long work whether ``write(_:)`` would fail.
  ///
  /// - Parameter replacing: whether pictures that an earlier call left are to go.
  /// - Throws: `FileError` when the folder holds anything, or with `replacing` anything but such pictures.
  func check(replacing: Bool) throws(FileError) {
    switch FileStatus.at(path)?.kind {
    case .file, .link, .other: throw FileError(path, "this is a file where a folder is needed")
    case .folder, nil: break
    }
    guard FileSystem.exists(path) else { return }
    let names = try contents()
    guard let first = names.first else { return }
    // By its mark too: the user's own pictures may have such names.
    if let other = names.first(where: { !Self.isPicture($0) || PNGMark(path: path + "/" + $0) != .sample }) {
      throw FileError(
        path, "this folder holds files that 'gan sample' did not write, such as \(other); name a new folder")
    }
    guard replacing else {
      let count = names.count == 1 ? "a picture" : "\(names.count) pictures"
      throw FileError(
        path, "this folder already holds \(count), such as \(first); name a new folder, or replace them with --force")
    }
  }

  /// Writes the pictures, in place of those that are there. They are written whole into a hidden folder first, so that what was
  /// there stays when the disk is full.
  func write(_ pictures: PictureBatch) throws {
    let isNew = !FileSystem.exists(path)
    try FileSystem.createFolder(path)
    let stage = path + "/" + Self.stagePrefix + "new"
    Self.remove(stage)
    do {
      try FileSystem.createFolder(stage)
      for index in 0..<pictures.count { try pictures[index].write(to: stage + "/" + Self.name(index), as: .sample) }
      for name in try contents() where Self.isPicture(name) && !FileSystem.remove(path + "/" + name) {
        throw FileError.system(path + "/" + name, "remove the old picture")
      }
      for index in 0..<pictures.count {
        let name = Self.name(index)
        guard FileSystem.rename(stage + "/" + name, to: path + "/" + name) else {
          throw FileError.system(path + "/" + name, "rename the finished file into place")
        }
      }
    } catch {
      Self.remove(stage)
      if isNew { FileSystem.removeFolder(path) }
      throw error
    }
    Self.remove(stage)
  }

  /// What is there besides what a call that was killed left.
  private func contents() throws(FileError) -> [String] {
    try FileSystem.names(in: path).filter { !$0.hasPrefix(Self.stagePrefix) }
  }

  private static let stagePrefix = ".gan-sample-"

  private static func remove(_ stage: String) {
    for name in (try? FileSystem.names(in: stage)) ?? [] { FileSystem.remove(stage + "/" + name) }
    FileSystem.removeFolder(stage)
  }

  private static func name(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(6 - digits.count, 0)) + digits + ".png"
  }

  private static func isPicture(_ name: String) -> Bool {
    guard name.hasSuffix(".png"), let index = Int(name.dropLast(4)) else { return false }
    return index >= 0 && name == Self.name(index)
  }
}
