import CommandLineKit
import Files
import GAN

/// Which pictures `gan apply` makes of which: all is checked before the first is made.
struct ApplyPlan {
  /// A picture and the file of what is made of it.
  struct Task {
    let input: String
    let output: String
  }

  let tasks: [Task]
  /// What is in the folders and cannot be read.
  let unreadable: [UnreadableFile]
  /// The folder to write to that is not there yet.
  private let newFolder: String?

  /// Finds the pictures, and where each result goes, and makes the folder that is to hold them.
  ///
  /// - Parameters:
  ///   - inputs: files, and folders with pictures in them.
  ///   - out: a file that ends in .png, or a folder.
  ///   - replacing: whether pictures that are there may be replaced.
  ///   - tell: called with what was passed over in a folder.
  /// - Throws: `ValidationError` for names that do not go together, `FileError` for files that cannot be read or written.
  init(_ inputs: [String], out: String, replacing: Bool, tell: (String) -> Void) throws {
    let found = try inputs.map { try Self.pictures(in: $0, tell: tell) }
    let pictures = found.flatMap { $0.paths }
    unreadable = found.flatMap { $0.unreadable }
    let isFolder = out.hasSuffix("/") || FileSystem.isFolder(out)
    switch isFolder ? nil : OutputName.fileExtension(of: out) {
    case "png":
      guard let only = pictures.first, pictures.count == 1 else {
        throw ValidationError(
          "--out \(out): there are \(pictures.count) pictures, and a .png file holds one; name a folder")
      }
      (tasks, newFolder) = ([Task(input: only, output: out)], nil)
    case nil:
      let folder = out == "/" || !out.hasSuffix("/") ? out : String(out.dropLast())
      tasks = try Self.tasks(pictures, in: folder)
      newFolder = FileSystem.exists(folder) ? nil : folder
    case let other?:
      throw ValidationError(
        "--out \(out): cannot write .\(other) files; name a .png file for one picture, or a folder (no extension, or a / "
          + "at the end)")
    }
    try check(replacing: replacing)
    if let newFolder { try FileSystem.createFolder(newFolder) }
    do {
      for task in tasks { try AtomicFile.check(task.output) }
    } catch {
      end()
      throw error
    }
  }

  /// Removes the folder that was made if no picture came into it.
  func end() { if let newFolder { FileSystem.removeFolder(newFolder) } }

  private static func pictures(in input: String, tell: (String) -> Void) throws -> (
    paths: [String], unreadable: [UnreadableFile]
  ) {
    guard FileSystem.exists(input) else { throw FileError(input, "there is no such picture or folder") }
    guard FileSystem.isFolder(input) else { return ([input], []) }
    let folder = try PictureFolder(input.last == "/" ? String(input.dropLast()) : input, options: LoadOptions())
    for notice in folder.notices { tell(notice) }
    return (folder.paths, folder.unreadable)
  }

  /// A file in `folder` for each picture.
  private static func tasks(_ pictures: [String], in folder: String) throws -> [Task] {
    var sources: [String: String] = [:]
    return try pictures.map { picture in
      let name = baseName(of: picture)
      if let other = sources.updateValue(picture, forKey: name) {
        throw ValidationError(
          "\(other) and \(picture) would both become \(folder)/\(name).png; apply the model to them one by one, or rename one"
        )
      }
      return Task(input: picture, output: "\(folder)/\(name).png")
    }
  }

  /// The last part of a path without its extension.
  private static func baseName(of path: String) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.utf8.startIndex else { return name }
    return String(name[..<dot])
  }

  private func check(replacing: Bool) throws {
    let sources = Set(tasks.compactMap { FileStatus.at($0.input)?.identity })
    var taken: [String] = []
    for task in tasks {
      guard let status = FileStatus.at(task.output) else { continue }
      if sources.contains(status.identity) {
        throw FileError(task.output, "this is one of the pictures to apply the model to; name another folder or file")
      }
      taken.append(task.output)
    }
    if let first = taken.first, !replacing {
      let others = taken.count == 1 ? "this picture is there already" : "\(taken.count) pictures are there already"
      throw FileError(first, "\(others); choose another place, or replace with --force")
    }
  }
}
