import Files

/// Where a picture or page goes if the user named no file.
enum UnnamedFile {
  /// `path`, as in `data.png`, if there is no such file; else the first of `data-2.png`, `data-3.png` and so on of which that
  /// holds: a file that nobody named is never replaced.
  static func path(_ path: String) -> String { firstFree(path) { _ in false } }

  /// A sheet in a folder that the user named: one that swift-gan wrote there before is replaced, any other file is
  /// not.
  static func sheet(_ path: String) -> String { firstFree(path) { PNGMark(path: $0) == .sheet } }

  private static func firstFree(_ path: String, isReplaced: (String) -> Bool) -> String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    var candidate = path
    var number = 1
    while FileSystem.isTaken(candidate) && !isReplaced(candidate) {
      number += 1
      candidate = "\(path[..<dot])-\(number)\(path[dot...])"
    }
    return candidate
  }
}
