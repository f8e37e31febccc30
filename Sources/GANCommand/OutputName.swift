import CommandLineKit
import Files

/// What the name of an output file means.
enum OutputName {
  /// The extension in lower case, without its dot; nil where there is none. A version such as the 2 of `run-v1.2` is none.
  static func fileExtension(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    let letters = name[name.index(after: dot)...]
    let isExtension = (1...5).contains(letters.count) && letters.allSatisfy { $0.isLetter || $0.isNumber }
    return isExtension && letters.first?.isLetter == true ? letters.lowercased() : nil
  }

  /// Refuses a name without the extension `suffix`, in either case, and a place where no file can be written.
  static func check(_ path: String, for option: String, suffix: String) throws {
    guard fileExtension(of: path) == suffix, !path.hasSuffix("/") else {
      throw ValidationError("\(option) needs a file name ending in .\(suffix), got '\(path)'")
    }
    try AtomicFile.check(path)
  }
}

/// Where `gan sample` writes, by the name that it was given.
enum SampleOutput {
  /// One picture of all samples.
  case grid(String)
  /// An `.npy` file.
  case array(String)
  /// A file each.
  case folder(SampleFolder)

  init(_ path: String) throws(ValidationError) {
    let suffix = path.hasSuffix("/") || FileSystem.isFolder(path) ? nil : OutputName.fileExtension(of: path)
    switch suffix {
    case nil: self = .folder(SampleFolder(path))
    case "png": self = .grid(path)
    case "npy": self = .array(path)
    case let other?:
      throw ValidationError(
        "--out \(path): cannot write samples as .\(other); name a .png file (one grid), an .npy file (an array) or a folder "
          + "of PNG files (no extension, or a / at the end)")
    }
  }

  /// As messages show it.
  var path: String {
    switch self {
    case .grid(let path), .array(let path): path
    case .folder(let folder): folder.path
    }
  }
}
