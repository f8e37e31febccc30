import Files

/// Where a picture goes for which nobody named a file.
enum UnnamedFile {
  /// `path`, as in `data.png`, if there is no such file, or one that swift-gan wrote; else the first of `data-2.png`,
  /// `data-3.png` and so on of which that holds. What somebody else put there is never replaced.
  static func path(_ path: String) -> String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    var candidate = path
    var number = 1
    while FileSystem.exists(candidate) && PNGMark(path: candidate) != .sheet {
      number += 1
      candidate = "\(path[..<dot])-\(number)\(path[dot...])"
    }
    return candidate
  }
}
